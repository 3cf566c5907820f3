import { and, getTableName, type SQL, sql } from 'drizzle-orm'
import type { ListDefinition } from './list-definition.ts'
import { bareName, type ListParts, type ListPlace, listParts, MOST_CANDIDATES } from './list-parts.ts'
import type { Plan } from './list-plan.ts'
import type { ListQuery } from './list-query.ts'

/**
 * A list in an order of several keys, of which an index has the first: as many rows of the index as the page may need,
 * and `MOST_CANDIDATES` more, sorted by all of the keys. That is right where the page ends before the window does, in the
 * first key: its rows are then all there. `reach` is how many rows come before the end of the page.
 */
export function windowParts(
  list: ListDefinition,
  plan: Extract<Plan, { kind: 'window' }>,
  query: ListQuery,
  reach: number,
  after?: ListPlace,
): ListParts {
  const parts = listParts(list, { kind: 'walk', source: plan.source }, query, after)
  const [first] = query.sort
  const column = first && list.sorts[first.field]
  if (!column) throw new Error(`The list ${list.name} has no window of this order`)
  const key = { column, direction: first.direction }
  const size = reach + MOST_CANDIDATES
  const start = after && sql`${bareName(column)} ${sql.raw(key.direction === 'desc' ? '<=' : '>=')} ${after.values[0]}`
  const rowsOf = (what: SQL) =>
    sql`(select ${what} from ${parts.from} where ${and(sql`true`, parts.where, start)}
      order by ${bareName(column)} ${sql.raw(key.direction)} limit ${sql.raw(String(size))})`
  const table = sql.identifier(getTableName(list.table))
  const place = bareName(list.place)
  return {
    ...parts,
    from: sql`${rowsOf(sql`${place} as place`)} as found cross join ${table} on ${table}.${place} = found.place`,
    window: { edges: rowsOf(sql`${bareName(column)} as edge`), size, key },
  }
}
