import { RoomCreated, type RoomCreatedPayload } from '../../src/features/chat/events.ts'
import type { RoomMember } from '../../src/features/chat/schemas.ts'
import { isoTime } from '../../src/platform/clock.ts'
import { notFound } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import { makeEvent, type ObjectOutbox } from '../shared/outbox.ts'
import type { Member, NewMember, RoomMembers } from './members.ts'

export interface RoomRow {
  id: string
  object_name: string
  type: 'private' | 'group'
  name: string
  created_by: string
  created_at: number
  summarised_seq: number
  summarised_at: number
}

/** What the Worker gives to make a room; members have been checked to exist. */
export interface OpenRoom {
  id: string
  objectName: string
  type: 'private' | 'group'
  name: string
  createdBy: string
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
    return this.get()
  }

  markSummarised(seq: number, at: number): void {
    this.#sql.all('update room set summarised_seq = ?, summarised_at = ?', seq, at)
    this.#row = { ...this.get(), summarised_seq: seq, summarised_at: at }
  }

  #read(): RoomRow | undefined {
    return this.#sql.first<RoomRow>('select * from room')
  }
}

/** Of a room's members so many stand in answers and events. */
export const MEMBERS_LISTED = 200

/** Makes the room with its members and the event that tells of it, unless it is there. Call it in a transaction. */
export function openRoom(
  { room, members, outbox }: { room: RoomRecord; members: RoomMembers; outbox: ObjectOutbox },
  input: OpenRoom,
): OpenedRoom {
  const created = room.find() === undefined
  if (created) {
    const now = Date.now()
    room.create(input, now)
    members.add(input.members.map(toNewMember), now)
  }
  const payload = roomCreatedPayload(room.get(), members.list(MEMBERS_LISTED))
  if (created) outbox.add(makeEvent(RoomCreated, { aggregateId: input.id, sequence: 0, payload }))
  return { created, room: payload }
}

function roomCreatedPayload(room: RoomRow, members: readonly Member[]): RoomCreatedPayload {
  return {
    roomId: room.id,
    objectName: room.object_name,
    type: room.type,
    name: room.name,
    createdBy: room.created_by,
    createdAt: room.created_at,
    seq: 0,
    members: members.map(({ user_id, role, joined_at }) => ({ userId: user_id, role, joinedAt: joined_at })),
  }
}

function toNewMember({ userId, ...rest }: OpenRoom['members'][number]): NewMember {
  return { user_id: userId, ...rest, notification_id: newId() }
}

export function toRoomMember(member: Member): RoomMember {
  return {
    id: member.user_id,
    username: member.username,
    avatar: member.avatar,
    role: member.role,
    joinedAt: isoTime(member.joined_at),
  }
}
