import type { Page } from './cursor.ts'

/** What a list is asked for: a page by its number (the first where nothing is said), or what comes after a cursor. */
export interface Paging {
  page?: number | undefined
  cursor?: string | undefined
  limit: number
}

/** How many items a list has. */
export interface Total {
  total: number
  /** False where there are more than were counted. */
  isExact: boolean
}

export interface CountedPage<T> extends Page<T> {
  /** Null where the page was asked for by cursor: it would cost rows that nobody asked for. */
  total: Total | null
}

const MOST_COUNTED = 1_000
/** What a query that counts may stop at: one more than is told says that there are more. */
export const COUNT_UP_TO = MOST_COUNTED + 1

/** Page x limit goes up to so many: passing over items costs as much as reading them. */
export const MAX_PLACE = 10_000

/** From what was counted up to `COUNT_UP_TO`. A list that knows its number says `{ total, isExact: true }` itself. */
export function totalOf(counted: number): Total {
  return { total: Math.min(counted, MOST_COUNTED), isExact: counted <= MOST_COUNTED }
}

/** How many items come before the page; 0 for a cursor, which says by itself where it begins. */
export function offsetOf({ page = 1, cursor, limit }: Paging): number {
  return cursor === undefined ? (page - 1) * limit : 0
}
