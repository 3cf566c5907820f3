/** What something causes in the end, in the platform's units: docs/cost.md says what each is. Zeros are left out. */
export interface Ops {
  worker?: number
  d1?: Record<string, { queries?: number; read?: number; written?: number }>
  objects?: Record<string, { requests?: number; frames?: number; read?: number; written?: number; alarms?: number }>
  queue?: { writes?: number; deliveries?: number }
  kv?: { reads?: number; writes?: number; deletes?: number; lists?: number }
  limiter?: number
  mail?: number
  workflow?: { instances?: number; steps?: number }
}

/** Figures by their place in `Ops`: `d1.core.read`. */
export type Tally = ReadonlyMap<string, number>

export interface Entry {
  name: string
  kind: 'route' | 'event' | 'socket' | 'cron'
  /** Of an event: what has led to the one that was measured. */
  after?: string
  small: Ops
  large: Ops
}

export interface Ledger {
  /** By which command. */
  measured: string
  entries: Entry[]
}

/** Its members are in the order of the alphabet, so that the same figures are the same text. */
export function opsOf(tally: Tally): Ops {
  const ops: Record<string, unknown> = {}
  for (const [place, count] of [...tally].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (count !== 0) setAt(ops, place.split('.'), count)
  }
  return ops
}

function setAt(into: Record<string, unknown>, [first = '', ...rest]: string[], count: number): void {
  if (rest.length === 0) {
    into[first] = count
    return
  }
  into[first] ??= {}
  setAt(into[first] as Record<string, unknown>, rest, count)
}

export function tallyOf(ops: object, before = ''): Map<string, number> {
  return new Map(
    Object.entries(ops).flatMap(([name, value]: [string, unknown]) => {
      const place = before === '' ? name : `${before}.${name}`
      if (typeof value === 'number') return [[place, value] as const]
      return typeof value === 'object' && value !== null ? [...tallyOf(value, place)] : []
    }),
  )
}

/** What was counted between two moments. */
export function since(before: Tally, after: Tally): Map<string, number> {
  return new Map([...after].map(([place, count]) => [place, count - (before.get(place) ?? 0)]))
}
