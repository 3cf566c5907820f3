import type * as z from 'zod'

/** What a key is made of: whatever the value depends on, the view of the caller among it. */
export type KeyPart = string | number | boolean | null | undefined | readonly KeyPart[] | { [name: string]: KeyPart }

/** Values of one kind, with all that there is to know of how they are remembered. Times are milliseconds. */
export interface CacheSpace<V, K extends KeyPart> {
  /** Part of every key: never that of another space, and another one where the meaning of its values changes. */
  name: string
  /** Of plain JSON. What comes from outside the isolate and does not fit is no hit. */
  schema: z.ZodType<V>
  form: Form<V>
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

/** How a value stands in the text that is kept. */
interface Form<V> {
  write(value: V): string
  /** Throws where the text is none of this form. */
  read(text: string): V
}

/** As JSON, but for the member that is a text: that stands behind it as it is, and costs the same however long it is. */
function formOf<V>(member: string | undefined): Form<V> {
  if (member === undefined) return { write: (value) => JSON.stringify(value), read: (text) => JSON.parse(text) as V }
  return {
    write: (value) => {
      const { [member]: text, ...others } = value as Record<string, unknown>
      return `${JSON.stringify(others)}\n${text}`
    },
    read: (kept) => {
      const end = kept.indexOf('\n')
      if (end < 0) throw new Error(`There is no ${member}`)
      return { ...JSON.parse(kept.slice(0, end)), [member]: kept.slice(end + 1) } as V
    },
  }
}

interface Definition<V, K> {
  name: string
  schema: z.ZodType<V>
  /** A long text among its members, which most who read the value hand on as it is. */
  text?: { [M in keyof V]: V[M] extends string ? M : never }[keyof V] & string
  ttlMs: number
  staleMs?: number
  negativeMs?: number
  jitter?: number
  /** What a write raises so that values of before are never answered again. */
  tags?: readonly string[] | ((key: K) => readonly string[])
}

export function defineCache<V, K extends KeyPart = KeyPart>(given: Definition<V, K>): CacheSpace<V, K> {
  const { name, schema, text, ttlMs, staleMs = 0, negativeMs = 0, jitter = 0.1, tags = [] } = given
  if (!/^[a-z][a-z0-9.-]{0,60}$/.test(name)) throw new Error(`Not a name of a cache: ${name}`)
  if (ttlMs <= 0 || jitter < 0 || jitter > 1) throw new Error(`The cache ${name} remembers nothing`)
  const tagsOf = typeof tags === 'function' ? tags : () => tags
  return { name, schema, form: formOf(text), ttlMs, staleMs, negativeMs, jitter, tagsOf }
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
