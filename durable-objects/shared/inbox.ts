import { DAY_MS } from '../../src/platform/clock.ts'
import type { MeteredSql } from './metered-sql.ts'

/** As long as a database keeps its marks. */
const REMEMBER_MS = 3 * DAY_MS

/** The events that an object has handled, by id. */
export class ObjectInbox {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  has(eventId: string): boolean {
    return this.#sql.first('select 1 as found from inbox where event_id = ?', eventId) !== undefined
  }

  mark(eventId: string): void {
    const now = Date.now()
    this.#sql.all('delete from inbox where handled_at < ?', now - REMEMBER_MS)
    this.#sql.all('insert or ignore into inbox values (?, ?)', eventId, now)
  }
}
