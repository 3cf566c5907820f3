import type { SQL } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Condition, ListQuery } from './list-query.ts'

/** An index that is walked in its order: these fields equal, then by one more. */
export interface TreeIndex {
  name: string
  equal: readonly string[]
  sort: string
}

/** A full-text index, whose matches come in the order in which the rows were made. */
export interface WordIndex {
  table: string
  /** Whether this one answers the query: by what it searches for, for one. */
  fits(query: ListQuery): boolean
  /** The fields whose conditions its match keeps, to the letter, as it is counted by; the others are compared in the rows. */
  covers: readonly string[]
  /** What FTS5 is asked; undefined where nothing is, null where nothing can match. */
  match(query: ListQuery): string | undefined | null
}

/** How a field is compared: a column, or a condition of its own. */
export type Comparison = SQLiteColumn | ((condition: Condition) => SQL)

/**
 * A list as data: what it may be asked, and by which indexes it is found. The table has an integer primary key in the
 * order in which rows are made, a time that never falls as that rises, and an id.
 */
export interface ListDefinition {
  /** Stands in cursors: those of another list are not taken. */
  name: string
  table: SQLiteTable
  place: SQLiteColumn
  id: SQLiteColumn
  /** The field of the time of making, which is sorted and bounded by `place`. */
  time: { field: string; column: SQLiteColumn }
  fields: Readonly<Record<string, Comparison>>
  /** Besides the time. */
  sorts: Readonly<Record<string, SQLiteColumn>>
  trees: readonly TreeIndex[]
  words: readonly WordIndex[]
}
