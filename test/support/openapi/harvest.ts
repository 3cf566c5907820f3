import type { Answer } from '../api.ts'
import type { Call } from './calls.ts'
import type { Operation, Schema } from './document.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
const MAX_LENGTH = 2_000
/** Of one name in the answers of one operation: the newest are kept. */
const MAX_REMEMBERED = 30

interface Seen {
  value: string
  /** `id` */
  key: string
  /** The template of the path that answered it. */
  path: string
}

/**
 * Remembers the texts of answers by the names that they stood under, and the bodies that were accepted, so
 * that later calls speak of things that exist. It knows nothing of what they mean.
 */
export class Harvest {
  readonly #seen = new Map<string, Seen[]>()
  readonly #bodies = new Map<string, Record<string, unknown>[]>()

  learn({ operation, json }: Call, { status, body }: Answer): void {
    if (status < 200 || status > 299) return
    this.#learnValue(operation, '', body?.data ?? body)
    this.#learnValue(operation, '', body?.meta)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
      remember(this.#bodies, operation.name, json as Record<string, unknown>)
    }
  }

  /** Values for a parameter or field of this name in calls of an operation: the likeliest first. */
  known(operation: Operation, name: string, schema: Schema): string[] {
    if (schema.type !== 'string' || name === '') return []
    const all = [...this.#seen.values()].flat().reverse()
    const named = all.filter(({ key }) => key === name || key.endsWith(name.charAt(0).toUpperCase() + name.slice(1)))
    // The `id` of `/things/{id}` is one that `/things` has answered.
    const collection = operation.path.split(`/{${name}}`)[0]
    const near = named.filter(({ path }) => path === collection || path.startsWith(`${collection}/`))
    const alike = schema.format === 'uuid' ? all.filter(({ value }) => UUID.test(value)) : []
    return [...near, ...near, ...named.slice(0, MAX_REMEMBERED), ...alike.slice(0, MAX_REMEMBERED)].map(
      ({ value }) => value,
    )
  }

  /** Bodies that other operations took: their fields belong together, as a name and its password do. */
  bodies(operation: Operation): Record<string, unknown>[] {
    return [...this.#bodies].filter(([name]) => name !== operation.name).flatMap(([, bodies]) => bodies)
  }

  #learnValue(operation: Operation, key: string, value: unknown): void {
    if (typeof value === 'string') {
      if (value === '' || value.length > MAX_LENGTH || key === '') return
      remember(this.#seen, `${operation.name} ${key}`, { value, key, path: operation.path })
    } else if (Array.isArray(value)) {
      for (const item of value.slice(0, MAX_REMEMBERED)) this.#learnValue(operation, key, item)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) this.#learnValue(operation, name, inner)
    }
  }
}

function remember<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value].slice(-MAX_REMEMBERED))
}
