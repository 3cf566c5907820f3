import { sha256Hex } from '../security/encoding.ts'

export const OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'] as const
export type Operator = (typeof OPERATORS)[number]

/** What a field must be: compared with one value, or one of several texts. Numbers are whole; times milliseconds. */
export type Condition =
  | { field: string; op: Operator; value: string | number | boolean }
  | { field: string; op: 'in'; value: readonly string[] }

export interface SortKey {
  field: string
  direction: 'asc' | 'desc'
}

/** What a list is asked for, whichever page of it. */
export interface ListQuery {
  conditions: readonly Condition[]
  /** What the texts must contain. */
  search?: string | undefined
  /** At least one key; whatever they leave open is decided by the list's own last key. */
  sort: readonly SortKey[]
}

/**
 * One text for all ways to ask for the same: conditions in an order of their own, without repeats. What is remembered
 * of a list is kept under it, and its cursors are bound to it.
 */
export function canonicalQuery(list: string, { conditions, search, sort }: ListQuery): string {
  const wanted = conditions.map(({ field, op, value }) =>
    JSON.stringify([field, op, typeof value === 'object' ? [...new Set(value)].toSorted() : value]),
  )
  return JSON.stringify([
    list,
    [...new Set(wanted)].toSorted(),
    search ?? null,
    sort.map(({ field, direction }) => [field, direction]),
  ])
}

const MARK_LENGTH = 16

/** What a cursor carries of the query it was made for: another query has another mark. */
export async function markOf(list: string, query: ListQuery): Promise<string> {
  return (await sha256Hex(canonicalQuery(list, query))).slice(0, MARK_LENGTH)
}
