import { is, type SQL, sql } from 'drizzle-orm'
import { SQLiteColumn } from 'drizzle-orm/sqlite-core'

/**
 * The columns without the name of their table, read as drizzle reads them: for a query whose tables are SQL, of which
 * drizzle does not know that the table is among them.
 */
export function bareColumns(columns: Record<string, SQLiteColumn | SQL.Aliased>): Record<string, SQL.Aliased> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      is(column, SQLiteColumn) ? sql`${sql.identifier(column.name)}`.mapWith(column).as(column.name) : column,
    ]),
  )
}
