import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'

const HIGHEST = '\u{10ffff}'

/** Prefix search that an index can serve: `LIKE` would fold case and scan. */
export function startsWith(column: SQLWrapper, prefix: string): SQL {
  return sql`${column} >= ${prefix} and ${column} < ${`${prefix}${HIGHEST}`}`
}
