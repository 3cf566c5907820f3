import type { MeteredSql } from '../shared/metered-sql.ts'

export interface Member {
  user_id: string
  username: string
  avatar: string | null
  role: 'owner' | 'moderator' | 'member'
  joined_at: number
  seen_seq: number
  notified_seq: number
  notification_id: string
}

export type NewMember = Pick<Member, 'user_id' | 'username' | 'avatar' | 'role' | 'notification_id'>

/** Who belongs to the room, and how far each has seen it. */
export class RoomMembers {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  add(members: readonly NewMember[], joinedAt: number): void {
    this.#sql.all(
      `insert into members (user_id, username, avatar, role, joined_at, notification_id)
       select value ->> 'user_id', value ->> 'username', value ->> 'avatar', value ->> 'role', ?,
         value ->> 'notification_id'
       from json_each(?)`,
      joinedAt,
      JSON.stringify(members),
    )
  }

  find(userId: string): Member | undefined {
    return this.#sql.first<Member>('select * from members where user_id = ?', userId)
  }

  count(): number {
    return this.#sql.first<{ n: number }>('select count(*) as n from members')?.n ?? 0
  }

  list(limit: number): Member[] {
    return this.#sql.all<Member>('select * from members order by joined_at, user_id limit ?', limit)
  }

  /** The newest name that a person has shown us. */
  rename(userId: string, username: string, avatar: string | null): void {
    this.#sql.all(
      'update members set username = ?1, avatar = ?2 where user_id = ?3 and (username <> ?1 or avatar is not ?2)',
      username,
      avatar,
      userId,
    )
  }

  see(userIds: readonly string[], seq: number): void {
    if (userIds.length === 0) return
    this.#sql.all(
      `update members set seen_seq = ?1
       where seen_seq < ?1 and user_id in (select value from json_each(?2))`,
      seq,
      JSON.stringify(userIds),
    )
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
}
