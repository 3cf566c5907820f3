import type { Notify, RoomMember, RoomRole } from '../../src/features/chat/schemas.ts'
import { isoTime } from '../../src/platform/clock.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

export interface Member {
  user_id: string
  username: string
  avatar: string | null
  role: RoomRole
  joined_at: number
  seen_seq: number
  notified_seq: number
  notification_id: string
  left_at: number | null
  banned_at: number | null
  banned_by: string | null
  ban_reason: string | null
  muted_until: number
  notify: Notify
  last_sent_at: number
}

export type NewMember = Pick<Member, 'user_id' | 'username' | 'avatar' | 'role' | 'notification_id'>

/** Where a page of members ended. */
export interface MemberPlace {
  joinedAt: number
  userId: string
}

/** Who belongs to the room, and who has. How far each has read: `watermarks.ts`. */
export class RoomMembers {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  /** Also of somebody who comes back, whose notification keeps its id. They have nothing unread at first. */
  add(member: NewMember, joinedAt: number, seq: number): void {
    this.#sql.all(
      `insert into members (user_id, username, avatar, role, joined_at, notification_id, seen_seq, notified_seq)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
       on conflict (user_id) do update set username = ?2, avatar = ?3, role = ?4, joined_at = ?5, left_at = null,
         seen_seq = max(seen_seq, ?7), notified_seq = max(notified_seq, ?7)`,
      member.user_id,
      member.username,
      member.avatar,
      member.role,
      joinedAt,
      member.notification_id,
      seq,
    )
  }

  /** Somebody who writes without belonging: a service. */
  addAuthor(author: Pick<NewMember, 'user_id' | 'username' | 'avatar'>, notificationId: string, at: number): void {
    this.#sql.all(
      `insert or ignore into members (user_id, username, avatar, role, joined_at, left_at, notification_id)
       values (?1, ?2, ?3, 'member', ?4, ?4, ?5)`,
      author.user_id,
      author.username,
      author.avatar,
      at,
      notificationId,
    )
  }

  /** A member now. */
  find(userId: string): Member | undefined {
    const row = this.findRow(userId)
    return row?.left_at === null ? row : undefined
  }

  /** Those of them who are members now, with one statement. */
  findAll(userIds: readonly string[]): Member[] {
    const [userId, another] = userIds
    if (userId === undefined) return []
    if (another === undefined) return [this.find(userId)].filter((member) => member !== undefined)
    return this.#sql.all<Member>(
      'select * from members where left_at is null and user_id in (select value from json_each(?))',
      JSON.stringify(userIds),
    )
  }

  /** Somebody who is a member, has been one, or may never become one. */
  findRow(userId: string): Member | undefined {
    return this.#sql.first<Member>('select * from members where user_id = ?', userId)
  }

  /** In the order in which they joined. */
  page(after: MemberPlace | undefined, limit: number): Member[] {
    return this.#sql.all<Member>(
      `select * from members where left_at is null and (joined_at, user_id) > (?, ?)
       order by joined_at, user_id limit ?`,
      after?.joinedAt ?? -1,
      after?.userId ?? '',
      limit,
    )
  }

  banned(after: MemberPlace | undefined, limit: number): Member[] {
    return this.#sql.all<Member>(
      `select * from members where banned_at is not null and (banned_at, user_id) > (?, ?)
       order by banned_at, user_id limit ?`,
      after?.joinedAt ?? -1,
      after?.userId ?? '',
      limit,
    )
  }

  /** Whether anybody else could look after the room. */
  hasOtherOwner(userId: string): boolean {
    return (
      this.#sql.first(
        `select 1 from members where left_at is null and role <> 'member' and role = 'owner' and user_id <> ? limit 1`,
        userId,
      ) !== undefined
    )
  }

  /** Members by the names that a text calls. */
  findByNames(usernames: readonly string[]): { id: string; username: string }[] {
    if (usernames.length === 0) return []
    return this.#sql.all(
      `select user_id as id, username from members
       where left_at is null and username in (select value from json_each(?))`,
      JSON.stringify(usernames),
    )
  }

  update(userId: string, columns: Partial<Member>): void {
    const names = Object.keys(columns)
    this.#sql.all(
      `update members set ${names.map((name) => `${name} = ?`).join(', ')} where user_id = ?`,
      ...names.map((name) => columns[name as keyof Member] ?? null),
      userId,
    )
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

  /** Who owns the room after this person: the moderator who has been here longest, else the member who has. */
  findHeir(userId: string): Member | undefined {
    const moderator = this.#sql.first<Member>(
      `select * from members where left_at is null and role <> 'member' and role = 'moderator' and user_id <> ?
       order by joined_at limit 1`,
      userId,
    )
    return (
      moderator ??
      this.#sql.first<Member>(
        'select * from members where left_at is null and user_id <> ? order by joined_at, user_id limit 1',
        userId,
      )
    )
  }

  /** Puts another name where messages mention this person and where the log says who came and went: in a part of it. */
  eraseName(userId: string, name: string, { after, upTo }: { after: number; upTo: number }): void {
    this.#sql.all(
      `update messages set mentions = (
         select json_group_array(json(iif(value ->> 'id' = ?1, json_set(value, '$.username', ?2), value)))
         from json_each(messages.mentions))
       where seq in (select message_seq from mentions where user_id = ?1 and message_seq > ?3 and message_seq <= ?4)`,
      userId,
      name,
      after,
      upTo,
    )
    this.#sql.all(
      `update changes set data = iif(event = 'room:member-updated',
         json_set(data, '$.member.username', ?2, '$.member.avatar', null), json_set(data, '$.username', ?2))
       where seq > ?3 and seq <= ?4 and message_seq is null
         and event in ('room:user-joined', 'room:user-left', 'room:member-updated')
         and coalesce(data ->> 'userId', data -> 'member' ->> 'id') = ?1`,
      userId,
      name,
      after,
      upTo,
    )
  }
}

export function toRoomMember(member: Member): RoomMember {
  return {
    id: member.user_id,
    username: member.username,
    avatar: member.avatar,
    role: member.role,
    joinedAt: isoTime(member.joined_at),
    mutedUntil: mutedUntil(member),
    readSeq: member.seen_seq,
  }
}

export function mutedUntil({ muted_until }: Member): string | null {
  return muted_until > Date.now() ? isoTime(muted_until) : null
}
