import type { Entry, Ops } from './ops.ts'

export type Size = 'small' | 'large'

/** Gathers what was measured at two sizes into entries. */
export class Collection {
  readonly #entries = new Map<string, Pick<Entry, 'name' | 'kind'> & Partial<Record<Size, Ops>>>()
  /** Of each type of event, what was measured by whom, in the order in which they were measured. */
  readonly #events = new Map<string, Map<string, Partial<Record<Size, Ops>>>>()

  note(kind: Entry['kind'], name: string, size: Size, ops: Ops): void {
    this.#entries.set(name, { ...(this.#entries.get(name) ?? { name, kind }), [size]: ops })
  }

  /** What one event has caused that this call has led to. */
  noteEvents(by: string, size: Size, events: ReadonlyMap<string, Ops>): void {
    for (const [type, ops] of events) {
      const measured = this.#events.get(type) ?? new Map<string, Partial<Record<Size, Ops>>>()
      this.#events.set(type, measured.set(by, { ...measured.get(by), [size]: ops }))
    }
  }

  /** Entries that were measured at both sizes, by kind. An event is told of as its first cause at both sizes has it. */
  get entries(): Entry[] {
    const events = [...this.#events].map(([type, measured]) => {
      const [by, ops] = [...measured].find(([, { small, large }]) => small && large) ?? ['', {}]
      return { name: `event ${type}`, kind: 'event' as const, after: by, ...ops }
    })
    const all = [...this.#entries.values(), ...events.toSorted((a, b) => (a.name < b.name ? -1 : 1))]
    return all.flatMap(({ small, large, ...entry }) => (small && large ? [{ ...entry, small, large }] : []))
  }
}
