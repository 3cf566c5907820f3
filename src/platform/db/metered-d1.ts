import { LOG, type Logger } from '../observability/log.ts'
import type { Meter } from '../observability/meter.ts'
import type { Spent } from '../result.ts'

const SLOW_QUERY_MS = 1_000

/** What a D1 database and a D1 session have in common, and all that drizzle uses of them. */
export type D1Client = Pick<D1Database, 'prepare' | 'batch'>

/**
 * A D1 client that counts trips, queries and rows on a request's meter and logs each statement
 * (without its parameters). It answers `raw()` from `all()`, because only `all()` carries the count
 * of rows; `assertDistinctColumns` makes that sound.
 */
export class MeteredD1 implements D1Client {
  readonly #client: D1Client
  readonly #meter: Meter
  readonly #log: Logger

  constructor(client: D1Client, meter: Meter, log: Logger) {
    this.#client = client
    this.#meter = meter
    this.#log = log
  }

  prepare(sql: string): D1PreparedStatement {
    return new MeteredStatement(this, sql, this.#client.prepare(sql)) as unknown as D1PreparedStatement
  }

  async batch<T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> {
    const metered = statements.map(asMetered)
    const results = await this.trip(
      metered.map((statement) => statement.sql),
      () => this.#client.batch<T>(metered.map((statement) => statement.inner)),
      (answers) => answers,
    )
    for (const [i, { sql }] of metered.entries()) assertDistinctColumns(sql, results[i]?.results ?? [])
    return results
  }

  async trip<T>(sql: string[], send: () => Promise<T>, results: (answer: T) => D1Result[]): Promise<T> {
    const started = Date.now()
    try {
      const answer = await this.#meter.d1Trip(sql.length, send, (given) => sumRows(results(given)))
      const { rowsRead, rowsWritten } = sumRows(results(answer))
      const executionTime = Date.now() - started
      const fields = { sql, executionTime, rowsRead, rowsWritten }
      if (executionTime > SLOW_QUERY_MS) this.#log.warn(LOG.slowQuery, fields)
      else this.#log.debug(LOG.query, fields)
      return answer
    } catch (error) {
      // A refused constraint or guard is an answer, which the verb turns into a refusal of its own.
      const level = String(error).includes('SQLITE_CONSTRAINT') ? 'debug' : 'error'
      this.#log[level](LOG.queryError, { sql, error })
      throw error
    }
  }
}

class MeteredStatement {
  readonly owner: MeteredD1
  readonly sql: string
  readonly inner: D1PreparedStatement

  constructor(owner: MeteredD1, sql: string, inner: D1PreparedStatement) {
    this.owner = owner
    this.sql = sql
    this.inner = inner
  }

  bind(...values: unknown[]): MeteredStatement {
    return new MeteredStatement(this.owner, this.sql, this.inner.bind(...values))
  }

  async all<T = Record<string, unknown>>(): Promise<D1Result<T>> {
    const result = await this.owner.trip(
      [this.sql],
      () => this.inner.all<T>(),
      (answer) => [answer],
    )
    assertDistinctColumns(this.sql, result.results)
    return result
  }

  run<T = Record<string, unknown>>(): Promise<D1Result<T>> {
    return this.all<T>()
  }

  async raw(): Promise<unknown[][]> {
    const { results } = await this.all()
    return results.map((row) => Object.values(row))
  }

  async first(): Promise<Record<string, unknown> | null> {
    return (await this.all()).results[0] ?? null
  }
}

/** Every statement that reaches `MeteredD1.batch` was made by `MeteredD1.prepare`. */
function asMetered(statement: D1PreparedStatement): MeteredStatement {
  return statement as unknown as MeteredStatement
}

function sumRows(results: D1Result[]): Spent {
  return {
    rowsRead: results.reduce((sum, { meta }) => sum + (meta.rows_read ?? 0), 0),
    rowsWritten: results.reduce((sum, { meta }) => sum + (meta.rows_written ?? 0), 0),
  }
}

/** Statement text to the number of columns that it selects; texts are few, so it stays small. */
const selectedColumns = new Map<string, number | undefined>()

/**
 * D1 answers rows as objects, so two columns of one name would silently become one. A query that
 * joins must give each column a name of its own; this says so at its first row.
 */
function assertDistinctColumns(sql: string, rows: unknown[]): void {
  const row = rows[0]
  if (row === undefined || row === null) return
  if (!selectedColumns.has(sql)) selectedColumns.set(sql, countSelectedColumns(sql))
  const expected = selectedColumns.get(sql)
  const names = Object.keys(row)
  if (expected !== undefined && names.length !== expected) {
    throw new Error(`Two selected columns share a name; give each an alias: ${sql}`)
  }
  // An object puts names that are whole numbers before all others, whatever their order in the query.
  if (names.length > 1 && names.some((name) => /^\d+$/.test(name))) {
    throw new Error(`A selected column is named by a number; give it an alias: ${sql}`)
  }
}

/** The items between the first `select` and its `from`; undefined where the text is of another form. */
function countSelectedColumns(sql: string): number | undefined {
  if (!/^select\s/i.test(sql) || /^select\s+(distinct\s+)?\*/i.test(sql)) return undefined
  let depth = 0
  let columns = 1
  for (const [token] of sql.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[(),]|\bfrom\b/gi)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (depth === 0 && token === ',') columns += 1
    else if (depth === 0 && token.toLowerCase() === 'from') return columns
  }
  return columns
}
