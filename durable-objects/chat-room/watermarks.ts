import type { MeteredSql } from '../shared/metered-sql.ts'
import type { Member } from './members.ts'

/** How far each member has read and was told, and of whom the databases do not know it yet: they are `untold`. */
export class Watermarks {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  /** Raises watermarks; whose has moved is to be told to the databases. Answers who they are. */
  see(userIds: readonly string[], seq: number): string[] {
    if (userIds.length === 0) return []
    const moved = this.#sql
      .all<{ user_id: string }>(
        `update members set seen_seq = ?1
         where seen_seq < ?1 and user_id in (select value from json_each(?2)) returning user_id`,
        seq,
        JSON.stringify(userIds),
      )
      .map(({ user_id }) => user_id)
    this.markUntold(moved)
    return moved
  }

  markNotified(userIds: readonly string[], seq: number): void {
    if (userIds.length === 0) return
    this.#sql.all(
      `update members set notified_seq = ?1
       where notified_seq < ?1 and user_id in (select value from json_each(?2))`,
      seq,
      JSON.stringify(userIds),
    )
  }

  markUntold(userIds: readonly string[]): void {
    if (userIds.length === 0) return
    this.#sql.all('insert or ignore into untold select value from json_each(?)', JSON.stringify(userIds))
  }

  hasUntold(): boolean {
    return this.#sql.first('select 1 from untold limit 1') !== undefined
  }

  /** Those whom `takeUntold` would take, and who are members. */
  untold(limit: number): Member[] {
    return this.#sql.all<Member>(
      // The order of the tables is said, because an index of all members looks cheaper than it is.
      `select m.* from (select user_id from untold limit ?) u cross join members m
       where m.user_id = u.user_id and m.left_at is null`,
      limit,
    )
  }

  /** Takes so many whose state the databases lack. */
  takeUntold(limit: number): Member[] {
    const ids = this.#sql.all<{ user_id: string }>(
      'delete from untold where user_id in (select user_id from untold limit ?) returning user_id',
      limit,
    )
    if (ids.length === 0) return []
    return this.#sql.all<Member>(
      'select * from members where user_id in (select value from json_each(?)) and left_at is null',
      JSON.stringify(ids.map(({ user_id }) => user_id)),
    )
  }
}
