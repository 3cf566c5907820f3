import { getTableColumns } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import { decodeCursor, encodeCursor, notOurs } from '../cursor.ts'
import type { ListDefinition } from './list-definition.ts'
import { type ListPlace, orderOf } from './list-parts.ts'
import { type ListQuery, markOf } from './list-query.ts'

const Carried = z.tuple([z.string(), z.string().max(100), z.array(z.union([z.int(), z.string().max(1_000)])).max(10)])

/** Where a page ended that this row closes, as a cursor of this list asked this way. */
export async function cursorAt(list: ListDefinition, query: ListQuery, row: object): Promise<string> {
  return encodeCursor([await markOf(list.name, query), columnOf(list, row, list.id), keyValues(list, query, row)])
}

/** @throws Refusal for a cursor that this list has not answered to this very query */
export async function placeOfCursor(list: ListDefinition, query: ListQuery, cursor: string): Promise<ListPlace> {
  const [mark, id, values] = decodeCursor(cursor, Carried) ?? ['', '', []]
  const columns = keyColumns(list, query)
  const isOfTypes = columns.every(
    (column, i) => typeof values[i] === (column.dataType === 'string' ? 'string' : 'number'),
  )
  if (mark !== (await markOf(list.name, query)) || values.length !== columns.length || !isOfTypes) throw notOurs()
  return { id, values }
}

/** What a row must have so that a page can end with it, under the names that its columns have in the table. */
export function columnsOfPlace(list: ListDefinition, query: ListQuery): Record<string, SQLiteColumn> {
  const needed = [list.id, ...keyColumns(list, query)]
  return Object.fromEntries(Object.entries(getTableColumns(list.table)).filter(([, one]) => needed.includes(one)))
}

/** The columns whose values a cursor carries: the keys, without the id at their end. */
function keyColumns(list: ListDefinition, query: ListQuery): SQLiteColumn[] {
  return orderOf(list, query.sort)
    .map(({ column }) => column ?? list.time.column)
    .filter((column) => column !== list.id)
}

function keyValues(list: ListDefinition, query: ListQuery, row: object): unknown[] {
  return keyColumns(list, query).map((column) => columnOf(list, row, column))
}

/** The row's value of this column. */
export function columnOf(list: ListDefinition, row: object, column: SQLiteColumn): unknown {
  const [property = ''] = Object.entries(getTableColumns(list.table)).find(([, one]) => one === column) ?? []
  return (row as Record<string, unknown>)[property]
}
