import * as z from 'zod'
import { Refusal } from './errors.ts'
import { fromBase64Url, toBase64Url, utf8 } from './security/encoding.ts'

/** Where a page ended, as opaque text. */
export function encodeCursor(place: unknown): string {
  return toBase64Url(utf8(JSON.stringify(place)))
}

/** @throws Refusal for a cursor that we did not make for such a list */
export function decodeCursor<T>(cursor: string | undefined, place: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined
  try {
    const bytes = fromBase64Url(cursor)
    if (bytes) return place.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)))
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  throw notOurs()
}

/** For a cursor that was made for something else. */
export function notOurs(): Refusal {
  return new Refusal('VALIDATION_FAILED', 'The query is not valid', {
    fields: [{ field: 'cursor', message: 'Not a cursor of this list' }],
  })
}

/** The place in a list ordered by time, then id. */
export const TimePlace = z.tuple([z.int(), z.uuid()])
export type TimePlace = z.output<typeof TimePlace>

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** Makes a page of `limit` from rows that were asked for with one more than that. */
export function toPage<T>(rows: T[], limit: number, placeOf: (row: T) => unknown): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null }
}
