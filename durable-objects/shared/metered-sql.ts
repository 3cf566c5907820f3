import { AsyncLocalStorage } from 'node:async_hooks'
import { type Call, inCall } from '../../src/platform/call.ts'
import { Refusal } from '../../src/platform/errors.ts'
import type { Spending } from '../../src/platform/observability/meter.ts'
import type { Outcome, Spent } from '../../src/platform/result.ts'

type Value = string | number | null

/** What the call under way has spent. Work that nobody waits for, an alarm's for one, is on nobody's account. */
const account = new AsyncLocalStorage<Spent>()

type ObjectSpending = Pick<Spending, 'objectRowsRead' | 'objectRowsWritten'>

/** The object's database, counting the rows that it touches so that a caller can be told. */
export class MeteredSql {
  readonly #sql: SqlStorage
  readonly #isolate: ObjectSpending | undefined
  /** Of this instance, whoever asked for it. */
  readonly total: Spent = { rowsRead: 0, rowsWritten: 0 }

  /** `isolate` is added to as well: what all objects of an isolate spend. */
  constructor(sql: SqlStorage, isolate?: ObjectSpending) {
    this.#sql = sql
    this.#isolate = isolate
  }

  all<T extends object>(query: string, ...values: Value[]): T[] {
    const cursor = this.#sql.exec(query, ...values)
    const rows = cursor.toArray() as unknown as T[]
    for (const spent of [this.total, account.getStore()]) {
      if (!spent) continue
      spent.rowsRead += cursor.rowsRead
      spent.rowsWritten += cursor.rowsWritten
    }
    if (this.#isolate) {
      this.#isolate.objectRowsRead += cursor.rowsRead
      this.#isolate.objectRowsWritten += cursor.rowsWritten
    }
    return rows
  }

  first<T extends object>(query: string, ...values: Value[]): T | undefined {
    return this.all<T>(query, ...values)[0]
  }
}

/**
 * Runs a command in its caller's scope, and answers with its value or its refusal and with what it spent. What one tick
 * does for several is on the account of the first of them. A refusal crosses as a value: thrown, it would lose its class
 * on the way.
 */
export function outcome<T>(call: Call, command: () => T | Promise<T>): Promise<Outcome<T>> {
  const spent: Spent = { rowsRead: 0, rowsWritten: 0 }
  const run = async (): Promise<Outcome<T>> => {
    try {
      const value = await command()
      return { ok: true, value, spent }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { code, message, retryAfterSeconds } = error
      return { ok: false, code, message, retryAfterSeconds, spent }
    }
  }
  return inCall(call, () => account.run(spent, run))
}
