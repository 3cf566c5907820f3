import type { Answer } from '../api.ts'
import type { Known } from './arbitraries.ts'
import type { Call, Who } from './calls.ts'
import type { Operation, Schema } from './document.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const MAX_LENGTH = 2_000
/** The newest are kept, of each name in the answers of one operation. */
const MAX_REMEMBERED = 20

interface Seen {
  value: string
  /** The template of the path that answered it. */
  path: string
  /** Whom it was answered. */
  who: Who
  /** Whether it stands in an object inside what was answered. */
  isInner: boolean
}

interface Source {
  name: string
  path: string
  who: Who
  isAnswer: boolean
}

/**
 * Remembers the texts of answers by the names that they stood under, and the bodies that were accepted, so
 * that later calls speak of things that exist. It knows nothing of what they mean.
 */
export class Harvest {
  /** By name, then by operation and caller. */
  readonly #texts = new Map<string, Map<string, Seen[]>>()
  readonly #bodies = new Map<string, object[]>()
  readonly #callers: () => string[]

  /** `callers` are the ids of those who call: they are worth addressing, as they look at what becomes of it. */
  constructor(callers: () => string[]) {
    this.#callers = callers
  }

  learn({ operation, who, path, json }: Call, { status, body }: Answer): void {
    if (status < 200 || status > 299) return
    const answered: Source = { name: operation.name, path: operation.path, who, isAnswer: true }
    this.#learnValue(answered, [], '', body?.data ?? body)
    this.#learnValue(answered, [], '', body?.meta)
    // What an operation took from a client it may take again.
    const taken: Source = { ...answered, name: `${operation.name} took`, isAnswer: false }
    this.#learnValue(taken, [], '', path)
    this.#learnValue(taken, [], '', json)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
      this.#bodies.set(operation.name, newest([...(this.#bodies.get(operation.name) ?? []), json]))
    }
  }

  /** Values for a parameter or field of this name, where somebody calls an operation: the likelier, the heavier. */
  known(operation: Operation, who: Who, name: string, schema: Schema): Known[] {
    if (schema.type !== 'string' || name === '') return []
    // `roomIds` holds what is a `roomId`, and `nextCursor` may be a `cursor`.
    const one = singular(name)
    const suffix = one.charAt(0).toUpperCase() + one.slice(1)
    const named = [...this.#texts]
      .filter(([key]) => key === name || key === one || key.endsWith(suffix))
      .flatMap(([, bySource]) => [...bySource.values()].flat())
    const group = (weight: number, belongs: (seen: Seen) => boolean): Known => {
      const values = newest(named.filter(belongs)).map(({ value }) => value)
      return { weight, values: [...new Set(values)] }
    }
    // The `id` of `/things/{id}` is one that `/things` has answered.
    const collection = operation.path.split(`/{${name}}`)[0]
    const own = group(3, (seen) => seen.path === operation.path && seen.who === who)
    // What a rule in words is about, only the operation itself can know.
    if ('x-rule' in schema && schema.format === undefined) return [own]
    return [
      own,
      group(6, (seen) => seen.path === collection && seen.who === who && !seen.isInner),
      group(2, (seen) => seen.path === collection),
      group(2, (seen) => !seen.isInner),
      group(1, () => true),
      { weight: 2, values: schema.format === 'uuid' ? this.#callers() : [] },
      { weight: 1, values: schema.format === 'uuid' ? this.#anyIds() : [] },
    ]
  }

  /** Bodies that other operations took: their fields belong together, as a name and its password do. */
  bodies(operation: Operation): object[] {
    return [...this.#bodies].filter(([name]) => name !== operation.name).flatMap(([, bodies]) => bodies)
  }

  /** One of every kind. */
  #anyIds(): string[] {
    const latest = [...this.#texts.values()].flatMap((bySource) => [...bySource.values()].map((all) => all.at(-1)))
    return [...new Set(latest.flatMap((seen) => (seen && UUID.test(seen.value) ? [seen.value] : [])))]
  }

  /** `parents` are the keys that lead to the object in which a key stands. */
  #learnValue(source: Source, parents: string[], key: string, value: unknown): void {
    if (typeof value === 'string') {
      if (key === '' || value === '' || value.length > MAX_LENGTH) return
      const isInner = parents.length > 0
      this.#learnText(source, key, { value, isInner })
      // The `id` of a `user` is a `userId`, and that of an item of `/users` too.
      const owner = parents.at(-1) ?? source.path.split('/').findLast((part) => !part.startsWith('{'))
      if (key === 'id' && owner && source.isAnswer) this.#learnText(source, `${singular(owner)}Id`, { value, isInner })
    } else if (Array.isArray(value)) {
      for (const item of value.slice(0, MAX_REMEMBERED)) this.#learnValue(source, parents, key, item)
    } else if (typeof value === 'object' && value !== null) {
      const inside = key === '' ? parents : [...parents, key]
      for (const [name, inner] of Object.entries(value)) this.#learnValue(source, inside, name, inner)
    }
  }

  #learnText({ name, path, who }: Source, key: string, seen: Pick<Seen, 'value' | 'isInner'>): void {
    const bySource = this.#texts.get(key) ?? new Map<string, Seen[]>()
    const from = `${name} ${who}`
    bySource.set(from, newest([...(bySource.get(from) ?? []), { ...seen, path, who }]))
    this.#texts.set(key, bySource)
  }
}

function singular(name: string): string {
  return name.replace(/(?<=\w\w)s$/, '')
}

function newest<T>(values: T[]): T[] {
  return values.slice(-MAX_REMEMBERED)
}
