import { and, getTableName, type SQL, sql } from 'drizzle-orm'
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { ListDefinition } from './list-definition.ts'
import { decidingKeys, type Plan, type Source } from './list-plan.ts'
import type { Condition, ListQuery, Operator, SortKey } from './list-query.ts'

/** More rows than these are not sorted for one page. */
export const MOST_CANDIDATES = 1_000
/** Above every place that a row may have: in the text, as FTS5 takes a number that is bound for none. */
const NOWHERE = sql.raw(String(Number.MAX_SAFE_INTEGER))

const SIGNS: Record<Operator, SQL> = {
  eq: sql.raw('='),
  ne: sql.raw('<>'),
  gt: sql.raw('>'),
  gte: sql.raw('>='),
  lt: sql.raw('<'),
  lte: sql.raw('<='),
}

/** Where the last page ended: the row's values of the keys (the time's in milliseconds), and its id. */
export interface ListPlace {
  values: readonly (string | number)[]
  /** Unknown where a client says a time only: then what is of the same millisecond is passed over. */
  id: string | undefined
}

/** What a page's statement is made of. Columns of the list's table need no table name in it. */
export interface ListParts {
  from: SQL
  /** All that is asked; without where the last page ended. */
  where: SQL | undefined
  after: SQL | undefined
  orderBy: SQL[]
  /** What the index alone is asked. */
  matching: SQL | undefined
  /** A table of what that has found, cut off after one row more than `MOST_CANDIDATES`: by words the newest ones. */
  found: SQL
  /** Of a plan with a window: `windowParts` makes it. */
  window?: Window
}

export interface Window {
  /** The first key of the rows in the window, as `edge`. */
  edges: SQL
  /** How many rows a window has that does not hold all that there is. */
  size: number
  key: { column: SQLiteColumn; direction: SortKey['direction'] }
}

/** The SQL of a plan. Names come from the definition alone; all that a client has said is bound as a value. */
export function listParts(
  list: ListDefinition,
  plan: Extract<Plan, { kind: 'walk' | 'candidates' }>,
  query: ListQuery,
  after?: ListPlace,
): ListParts {
  const table = sql.identifier(getTableName(list.table))
  const isWords = 'table' in plan.source
  const isNested = isWords || plan.kind === 'candidates'
  const place = isNested ? sql.raw('found.place') : bareName(list.place)
  const own = isWords ? sql.raw('rowid') : bareName(list.place)
  const within = plan.kind === 'candidates' ? plan.within : isWords ? [] : plain(list, query)
  const bounds = [...within, ...timed(list, query)].map((one) => compare(list, one, own))
  const inner = (where: SQL | undefined, limit: SQL) =>
    sql`(select ${own} as place from ${tableOf(plan.source, table)}${where ? sql` where ${where}` : sql``}${limit})`
  const matching = and(matches(plan.source), ...bounds)
  // The order of a match of words costs nothing; that of an index would be a sort of all that it has found.
  const newest = isWords ? ' order by rowid desc' : ''
  const found = inner(matching, sql.raw(`${newest} limit ${MOST_CANDIDATES + 1}`))
  // Without a limit of its own it is one query for SQLite, which then leaves the order to the index.
  const matched = plan.kind === 'candidates' ? found : inner(matches(plan.source), sql``)
  const from = isNested
    ? sql`${matched} as found cross join ${table} on ${table}.${bareName(list.place)} = found.place`
    : tableOf(plan.source, table)
  const keys = orderOf(list, query.sort)
  return {
    from,
    where: and(...query.conditions.map((one) => compare(list, one, place))),
    after: after && isAfter(list, keys, place, after),
    orderBy: keys.map(({ column, direction }) => sql`${column ? bareName(column) : place} ${sql.raw(direction)}`),
    matching,
    found,
  }
}

/** Without the table's name: one column of that name is all that there is. */
export function bareName(column: SQLiteColumn): SQL {
  return sql`${sql.identifier(column.name)}`
}

function tableOf(source: Source, table: SQL | { value: string }): SQL {
  if ('table' in source) return sql`${sql.identifier(source.table)}`
  return source.index === undefined ? sql`${table}` : sql`${table} indexed by ${sql.identifier(source.index)}`
}

function matches(source: Source): SQL | undefined {
  return 'table' in source ? sql`${sql.identifier(source.table)} match ${source.match}` : undefined
}

function plain(list: ListDefinition, { conditions }: ListQuery): Condition[] {
  return conditions.filter(({ field }) => field !== list.time.field)
}

function timed(list: ListDefinition, { conditions }: ListQuery): Condition[] {
  return conditions.filter(({ field }) => field === list.time.field)
}

function compare(list: ListDefinition, condition: Condition, place: SQL): SQL {
  if (condition.field === list.time.field) return isTimed(list, condition, place)
  const comparison = list.fields[condition.field]
  if (comparison === undefined) throw new Error(`The list ${list.name} has no field ${condition.field}`)
  if (typeof comparison === 'function') return comparison(condition)
  if (condition.op === 'in') {
    return sql`${bareName(comparison)} in (select value from json_each(${JSON.stringify(condition.value)}))`
  }
  return sql`${bareName(comparison)} ${SIGNS[condition.op]} ${condition.value}`
}

/** A bound of the time is one of the place, which all indexes know. */
function isTimed(list: ListDefinition, { op, value }: Condition, place: SQL): SQL {
  if (op === 'gt' || op === 'gte') return sql`${place} >= coalesce(${firstSince(list, op, value)}, ${NOWHERE})`
  if (op === 'lt' || op === 'lte') {
    const beyond = firstSince(list, op === 'lt' ? 'gte' : 'gt', value)
    return sql`${place} < coalesce(${beyond}, ${NOWHERE})`
  }
  throw new Error(`A time is bounded by gt, gte, lt and lte, not by ${op}`)
}

/** The first place from a time on. */
function firstSince(list: ListDefinition, op: 'gt' | 'gte', time: unknown): SQL {
  const at = bareName(list.time.column)
  return sql`(select ${bareName(list.place)} from ${sql.identifier(getTableName(list.table))} where ${at} ${SIGNS[op]} ${time} order by ${at}, ${bareName(list.place)} limit 1)`
}

export interface OrderKey {
  /** Undefined for the place. */
  column: SQLiteColumn | undefined
  direction: SortKey['direction']
}

/** The keys, ended by what no two rows share: the place, or the id in the last key's direction. */
export function orderOf(list: ListDefinition, sort: readonly SortKey[]): OrderKey[] {
  const keys = decidingKeys(list.time.field, sort).map(({ field, direction }): OrderKey => {
    if (field === list.time.field) return { column: undefined, direction }
    const column = list.sorts[field]
    if (!column) throw new Error(`The list ${list.name} is not sorted by ${field}`)
    return { column, direction }
  })
  const last = keys.at(-1)
  return last?.column ? [...keys, { column: list.id, direction: last.direction }] : keys
}

function isAfter(list: ListDefinition, keys: readonly OrderKey[], place: SQL, after: ListPlace): SQL {
  const left = keys.map(({ column }) => (column ? bareName(column) : place))
  const right = keys.map(({ column, direction }, i) => {
    if (column === undefined) return placeOf(list, direction, Number(after.values[i]), after.id)
    return column === list.id ? sql`${after.id}` : sql`${after.values[i]}`
  })
  const isUniform = keys.every(({ direction }) => direction === keys[0]?.direction)
  const sign = (direction?: SortKey['direction']) => sql.raw(direction === 'asc' ? '>' : '<')
  if (isUniform) {
    const [one] = left
    if (left.length === 1 && one) return sql`${one} ${sign(keys[0]?.direction)} ${right[0]}`
    return sql`(${sql.join(left, sql`, `)}) ${sign(keys[0]?.direction)} (${sql.join(right, sql`, `)})`
  }
  const steps = keys.map(({ direction }, i) => {
    const equal = left.slice(0, i).map((one, j) => sql`${one} = ${right[j]}`)
    return and(...equal, sql`${left[i]} ${sign(direction)} ${right[i]}`)
  })
  return sql`(${sql.join(steps, sql` or `)})`
}

/**
 * The place of the row that ended the page; where it is gone, or is of another time, the one at which the millisecond
 * begins or ends.
 */
function placeOf(list: ListDefinition, direction: SortKey['direction'], time: number, id: string | undefined): SQL {
  const byTime = sql`coalesce(${firstSince(list, direction === 'desc' ? 'gte' : 'gt', time)}, ${NOWHERE})`
  const bound = direction === 'desc' ? byTime : sql`${byTime} - 1`
  if (id === undefined) return bound
  const table = sql.identifier(getTableName(list.table))
  const isIt = sql`${bareName(list.id)} = ${id} and ${bareName(list.time.column)} = ${time}`
  return sql`coalesce((select ${bareName(list.place)} from ${table} where ${isIt}), ${bound})`
}
