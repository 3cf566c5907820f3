import * as z from 'zod'

/** A value as a tier keeps it. Times are milliseconds by the clocks of isolates. */
export const CacheEntry = z.strictObject({
  /** The value in the form of its space: JSON, or nearly. */
  text: z.string(),
  freshUntil: z.number(),
  /** From then on it is not answered at all. */
  goneAt: z.number(),
  /** When the outermost tier, or the database, has last said so. */
  checkedAt: z.number(),
  /** The stamps of its tags in this tier, from before it was loaded. */
  stamps: z.array(z.string()),
})
export type CacheEntry = z.output<typeof CacheEntry>

export interface Look {
  /** Only where each of its tags has the stamp that it had before the value was loaded. */
  entry: CacheEntry | undefined
  /** Of each tag, in their order: made where the tier had none. */
  stamps: string[]
}

/**
 * A place where values are kept. A tag has a stamp in it that is like no other, ever: whoever raises the tag replaces
 * it, and a stamp that got lost is replaced as well. So a value of before is never found again, whatever was forgotten,
 * and no clock decides about that. Throws where it is down.
 */
export interface CacheTier {
  readonly name: string
  /** Whether a call leaves the isolate. */
  readonly isRemote: boolean
  look(key: string, tags: readonly string[]): Promise<Look>
  /** `keepMs` from now on. */
  keep(key: string, entry: CacheEntry, keepMs: number): Promise<void>
  raise(tags: readonly string[]): Promise<void>
}

export const newStamp = (): string => crypto.randomUUID()

/** The entry of this text, where it is one whose stamps are these. */
export function standing(text: string | null | undefined, stamps: readonly string[]): CacheEntry | undefined {
  if (text === null || text === undefined) return undefined
  const entry = CacheEntry.safeParse(jsonOf(text)).data
  return entry && isStamped(entry, stamps) ? entry : undefined
}

export function isStamped(entry: CacheEntry, stamps: readonly string[]): boolean {
  return entry.stamps.length === stamps.length && entry.stamps.every((stamp, i) => stamp === stamps[i])
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
