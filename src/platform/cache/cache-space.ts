import type * as z from 'zod'

/** What a key is made of: whatever the value depends on, the view of the caller among it. */
export type KeyPart = string | number | boolean | null | undefined | readonly KeyPart[] | { [name: string]: KeyPart }

/** Values of one kind, with all that there is to know of how they are remembered. Times are milliseconds. */
export interface CacheSpace<V, K extends KeyPart> {
  /** Part of every key: never that of another space, and another one where the meaning of its values changes. */
  name: string
  /** Of plain JSON. What comes from outside the isolate and does not fit is no hit. */
  schema: z.ZodType<V>
  /** So long a value is answered without a question. */
  ttlMs: number
  /** So long after that it is still answered, while it is loaded anew; nothing where that fails. */
  staleMs: number
  /** So long `null` is remembered: that there is no such thing. With 0 it is loaded each time. */
  negativeMs: number
  /** The part of `ttlMs` (0 to 1) by which a value may end sooner, so that not all of them end at once. */
  jitter: number
  tagsOf: (key: K) => readonly string[]
}

interface Definition<V, K> {
  name: string
  schema: z.ZodType<V>
  ttlMs: number
  staleMs?: number
  negativeMs?: number
  jitter?: number
  /** What a write raises so that values of before are never answered again. */
  tags?: readonly string[] | ((key: K) => readonly string[])
}

export function defineCache<V, K extends KeyPart = KeyPart>(given: Definition<V, K>): CacheSpace<V, K> {
  const { name, schema, ttlMs, staleMs = 0, negativeMs = 0, jitter = 0.1, tags = [] } = given
  if (!/^[a-z][a-z0-9.-]{0,60}$/.test(name)) throw new Error(`Not a name of a cache: ${name}`)
  if (ttlMs <= 0 || jitter < 0 || jitter > 1) throw new Error(`The cache ${name} remembers nothing`)
  return { name, schema, ttlMs, staleMs, negativeMs, jitter, tagsOf: typeof tags === 'function' ? tags : () => tags }
}

/** One text for a key, in whatever order its members were written; what is undefined is not there. */
export function keyText(space: string, key: KeyPart): string {
  return `${space}:${JSON.stringify(ordered(key))}`
}

function ordered(part: KeyPart): unknown {
  if (Array.isArray(part)) return part.map(ordered)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, ordered(value)]),
  )
}
