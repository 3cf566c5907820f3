import { isLargeRoom } from '../../src/features/chat/domain/room-rules.ts'
import { RoomCreated, type RoomCreatedPayload } from '../../src/features/chat/events.ts'
import type { RoomSettings } from '../../src/features/chat/schemas.ts'
import { notFound } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import { makeEvent, type ObjectOutbox } from '../shared/outbox.ts'
import type { Member, RoomMembers } from './members.ts'

export interface RoomRow {
  id: string
  object_name: string
  type: 'private' | 'group'
  name: string
  created_by: string
  created_at: number
  topic: string
  join_policy: RoomSettings['joinPolicy']
  who_invites: RoomSettings['whoInvites']
  who_posts: RoomSettings['whoPosts']
  slow_mode_seconds: number
  member_count: number
  summarised_seq: number
  summarised_at: number
  summary_no: number
  told_deletions_seq: number
  deleted_count: number
  indexed_seq: number
}

/** What the Worker gives to make a room; members have been checked to exist. */
export interface OpenRoom {
  id: string
  objectName: string
  type: 'private' | 'group'
  name: string
  createdBy: string
  settings: RoomSettings
  members: { userId: string; username: string; avatar: string | null; role: 'owner' | 'member' }[]
}

/** What opening answers, also to repeats. */
export interface OpenedRoom {
  created: boolean
  room: RoomCreatedPayload
}

/** The one row that says what this room is. */
export class RoomRecord {
  readonly #sql: MeteredSql
  #row: RoomRow | undefined

  constructor(sql: MeteredSql) {
    this.#sql = sql
    this.#row = this.#read()
  }

  /** After a transaction that was undone the row in memory may be ahead of the database. */
  recover(): void {
    this.#row = this.#read()
  }

  find(): RoomRow | undefined {
    return this.#row
  }

  /** @throws Refusal where nobody has made this room */
  get(): RoomRow {
    if (!this.#row) throw notFound('Room')
    return this.#row
  }

  create(input: OpenRoom, now: number): RoomRow {
    this.#sql.all(
      'insert into room (id, object_name, type, name, created_by, created_at) values (?, ?, ?, ?, ?, ?)',
      input.id,
      input.objectName,
      input.type,
      input.name,
      input.createdBy,
      now,
    )
    this.#row = this.#read()
    this.update(columnsOf(input.settings))
    return this.get()
  }

  update(columns: Partial<RoomRow>): void {
    const names = Object.keys(columns)
    if (names.length === 0) return
    this.#sql.all(
      `update room set ${names.map((name) => `${name} = ?`).join(', ')}`,
      ...names.map((name) => columns[name as keyof RoomRow] ?? null),
    )
    this.#row = { ...this.get(), ...columns }
  }

  #read(): RoomRow | undefined {
    return this.#sql.first<RoomRow>('select * from room')
  }
}

export function columnsOf(settings: Partial<RoomSettings>): Partial<RoomRow> {
  const columns: Partial<RoomRow> = {}
  if (settings.topic !== undefined) columns.topic = settings.topic
  if (settings.joinPolicy !== undefined) columns.join_policy = settings.joinPolicy
  if (settings.whoInvites !== undefined) columns.who_invites = settings.whoInvites
  if (settings.whoPosts !== undefined) columns.who_posts = settings.whoPosts
  if (settings.slowModeSeconds !== undefined) columns.slow_mode_seconds = settings.slowModeSeconds
  return columns
}

export function settingsOf(row: RoomRow): RoomSettings {
  return {
    topic: row.topic,
    joinPolicy: row.join_policy,
    whoInvites: row.who_invites,
    whoPosts: row.who_posts,
    slowModeSeconds: row.slow_mode_seconds,
  }
}

/** Of a room's members so many stand in answers and events. */
export const MEMBERS_LISTED = 101

/** Makes the room with its members and the event that tells of it, unless it is there. Call it in a transaction. */
export function openRoom(
  { room, members, outbox }: { room: RoomRecord; members: RoomMembers; outbox: ObjectOutbox },
  input: OpenRoom,
): OpenedRoom {
  const created = room.find() === undefined
  if (created) {
    const now = Date.now()
    room.create(input, now)
    for (const { userId, username, avatar, role } of input.members) {
      members.add({ user_id: userId, username, avatar, role, notification_id: newId() }, now, 0)
    }
    room.update({ member_count: input.members.length })
  }
  const payload = roomCreatedPayload(room.get(), members.page(undefined, MEMBERS_LISTED))
  if (created) outbox.add(makeEvent(RoomCreated, { aggregateId: input.id, sequence: 0, payload }))
  return { created, room: payload }
}

function roomCreatedPayload(row: RoomRow, members: readonly Member[]): RoomCreatedPayload {
  return {
    roomId: row.id,
    objectName: row.object_name,
    type: row.type,
    name: row.name,
    topic: row.topic,
    joinPolicy: row.join_policy,
    createdBy: row.created_by,
    createdAt: row.created_at,
    seq: 0,
    memberCount: row.member_count,
    isLarge: isLargeRoom(row.member_count),
    members: members.map(({ user_id, role, joined_at }) => ({ userId: user_id, role, joinedAt: joined_at })),
  }
}
