import { type Call, inCall } from '../../src/platform/call.ts'
import { Refusal } from '../../src/platform/errors.ts'
import type { Outcome, Spent } from '../../src/platform/result.ts'

type Value = string | number | null

/** The object's database, counting the rows that it touches so that a caller can be told. */
export class MeteredSql {
  readonly #sql: SqlStorage
  readonly spent: Spent = { rowsRead: 0, rowsWritten: 0 }
  /** With what was done aside. */
  readonly total: Spent = { rowsRead: 0, rowsWritten: 0 }

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  all<T extends object>(query: string, ...values: Value[]): T[] {
    const cursor = this.#sql.exec(query, ...values)
    const rows = cursor.toArray() as unknown as T[]
    this.spent.rowsRead += cursor.rowsRead
    this.spent.rowsWritten += cursor.rowsWritten
    this.total.rowsRead += cursor.rowsRead
    this.total.rowsWritten += cursor.rowsWritten
    return rows
  }

  /** What an object does of its own accord, while calls wait, is nobody's cost. `work` may not wait. */
  aside<T>(work: () => T): T {
    const { rowsRead, rowsWritten } = this.spent
    try {
      return work()
    } finally {
      Object.assign(this.spent, { rowsRead, rowsWritten })
    }
  }

  first<T extends object>(query: string, ...values: Value[]): T | undefined {
    return this.all<T>(query, ...values)[0]
  }
}

/**
 * Runs a command in its caller's scope, and answers with its value or its refusal and with what it spent.
 * A refusal crosses as a value: thrown, it would lose its class on the way.
 */
export function outcome<T>(call: Call, sql: MeteredSql, command: () => T | Promise<T>): Promise<Outcome<T>> {
  const before = { ...sql.spent }
  const spent = (): Spent => ({
    rowsRead: sql.spent.rowsRead - before.rowsRead,
    rowsWritten: sql.spent.rowsWritten - before.rowsWritten,
  })
  return inCall(call, async (): Promise<Outcome<T>> => {
    try {
      const value = await command()
      return { ok: true, value, spent: spent() }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, message, retryAfterSeconds } = error
      return { ok: false, code, message, retryAfterSeconds, spent: spent() }
    }
  })
}
