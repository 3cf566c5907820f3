import { and, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Db } from '../db/store.ts'
import { Refusal } from '../errors.ts'
import { COUNT_UP_TO, type Total, totalOf } from '../paging.ts'
import { bareColumns } from './columns.ts'
import { columnOf, columnsOfPlace, cursorAt, placeOfCursor } from './list-cursor.ts'
import type { ListDefinition } from './list-definition.ts'
import { type ListParts, type ListPlace, listParts, MOST_CANDIDATES, type Window } from './list-parts.ts'
import { planList } from './list-plan.ts'
import type { ListQuery } from './list-query.ts'
import { windowParts } from './list-window.ts'

/** Which page: by number, counted, or what comes after something. */
export type PageOf = { limit: number } & (
  | { page: number }
  | { cursor: string }
  /** Milliseconds, and the id of the row of that time which ended the page before, where it is known. */
  | { after: number; afterId?: string | undefined }
)

export interface FoundPage<R> {
  rows: R[]
  hasMore: boolean
  /** Null where there is nothing more. */
  nextCursor: string | null
  /** Null where the page was not asked for by number. */
  total: Total | null
}

const NOTHING = sql`(select 1 limit 0)`

/**
 * One page of a list, in one trip. `columns` are those that are wanted of the list's table, and others under names of
 * their own; what the order needs is read besides. `R` is what a row of them is.
 * @throws Refusal VALIDATION_FAILED for a cursor of another query, UNPROCESSABLE where more rows would have to be sorted
 * than `MOST_CANDIDATES`, or where `after` does not go with the order
 */
export async function findPage<R extends object>(
  db: Db,
  list: ListDefinition,
  columns: Record<string, SQLiteColumn | SQL.Aliased>,
  query: ListQuery,
  paging: PageOf,
  /** Where it is known already how many there are, nobody counts them again. */
  known: { total?: Total } = {},
): Promise<FoundPage<R>> {
  const after = await placeBefore(list, query, paging)
  const plan = planList(list, query)
  const isCounted = 'page' in paging && known.total === undefined
  if (plan.kind === 'nothing') {
    return { rows: [], hasMore: false, nextCursor: null, total: 'page' in paging ? totalOf(0) : null }
  }
  const offset = 'page' in paging ? (paging.page - 1) * paging.limit : 0
  const reach = offset + paging.limit + 1
  const parts =
    plan.kind === 'window' ? windowParts(list, plan, query, reach, after) : listParts(list, plan, query, after)
  const { window } = parts
  const isCandidates = plan.kind === 'candidates'
  const [rows, [found], [kept], [edge]] = await db.batch([
    db
      .select(bareColumns({ ...columnsOfPlace(list, query), ...columns }))
      .from(parts.from)
      .where(and(parts.where, parts.after))
      .orderBy(...parts.orderBy)
      .limit(paging.limit + 1)
      .offset(offset),
    countOf(db, isCandidates || isCounted ? parts.found : NOTHING),
    countOf(db, isCandidates && isCounted ? keptOf(parts) : NOTHING),
    edgeOf(db, window),
  ])
  if (isCandidates && (found?.count ?? 0) > MOST_CANDIDATES) throw tooMany(query)
  if (window && edge && edge.count === window.size && !endsBefore(list, rows[paging.limit], window, edge.edge)) {
    throw tooMany(query)
  }
  const items = rows.slice(0, paging.limit) as R[]
  const last = items.at(-1)
  const hasMore = rows.length > paging.limit && last !== undefined
  return {
    rows: items,
    hasMore,
    nextCursor: hasMore ? await cursorAt(list, query, last) : null,
    total: isCounted ? totalAmong(found?.count ?? 0, isCandidates ? kept?.count : undefined) : (known.total ?? null),
  }
}

/**
 * How many there are, by what an index has `found`, which is cut off beyond 1,000, and how many of those were `kept`
 * when their rows were compared, where that was necessary.
 */
export function totalAmong(found: number, kept: number = found): Total {
  const { isExact } = totalOf(found)
  return { total: totalOf(kept).total, isExact }
}

async function placeBefore(list: ListDefinition, query: ListQuery, paging: PageOf): Promise<ListPlace | undefined> {
  if ('page' in paging) return undefined
  if ('cursor' in paging) return placeOfCursor(list, query, paging.cursor)
  const [key, ...others] = query.sort
  if (key?.field !== list.time.field || others.length > 0) {
    throw meaningless('after', `Goes with the order by ${list.time.field}: use cursor`)
  }
  return { values: [paging.after], id: paging.afterId }
}

/** Which is the last first key of a window, and how many rows it has. */
function edgeOf(db: Db, window: Window | undefined) {
  const last = sql.raw(window?.key.direction === 'desc' ? 'min(edge)' : 'max(edge)')
  return db
    .select({ count: sql<number>`count(*)`.as('count'), edge: sql<unknown>`${last}`.as('edge') })
    .from(window?.edges ?? sql`(select 1 as edge limit 0)`)
}

/** Whether the row after the page is of another first key than the last row of the window. */
function endsBefore(list: ListDefinition, row: object | undefined, { key }: Window, edge: unknown): boolean {
  return row !== undefined && columnOf(list, row, key.column) !== edge
}

function keptOf({ from, where }: ListParts): SQL {
  return sql`(select 1 from ${from}${where ? sql` where ${where}` : sql``} limit ${COUNT_UP_TO})`
}

function countOf(db: Db, table: SQL) {
  return db.select({ count: sql<number>`count(*)`.as('count') }).from(table)
}

function tooMany({ sort }: ListQuery): Refusal {
  const order = sort.map(({ field }) => field).join(', ')
  const message = `More than ${MOST_CANDIDATES.toLocaleString('en')} match, which is too many to sort by ${order}`
  return meaningless('sort', `${message}: narrow them by another filter, or sort by createdAt`)
}

/** Well formed, and yet nothing that can be answered. */
export function meaningless(field: string, message: string): Refusal {
  return new Refusal('UNPROCESSABLE', message, { fields: [{ field, message }] })
}
