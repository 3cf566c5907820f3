import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import { notFound } from '../../platform/errors.ts'
import { users } from '../identity/index.ts'
import { person } from '../people/index.ts'
import { roomMembers, rooms } from './tables.ts'

/** A room as its list shows it, with the other person of a private one. */
const listed = {
  id: sql<string>`${rooms.id}`.as('room_id'),
  objectName: rooms.objectName,
  type: rooms.type,
  name: sql<string>`${rooms.name}`.as('room_name'),
  createdBy: rooms.createdBy,
  createdAt: sql<number>`${rooms.createdAt}`.as('room_created_at'),
  updatedAt: roomMembers.activeAt,
  lastSeq: rooms.lastSeq,
  lastMessageId: rooms.lastMessageId,
  lastMessageSeq: rooms.lastMessageSeq,
  lastMessagePreview: rooms.lastMessagePreview,
  lastMessageSenderId: rooms.lastMessageSenderId,
  lastMessageAt: rooms.lastMessageAt,
  peerId: sql<string | null>`${users.id}`.as('peer_id'),
  peerUsername: sql<string | null>`${users.username}`.as('peer_username'),
  peerFirstName: sql<string | null>`${users.firstName}`.as('peer_first_name'),
  peerLastName: sql<string | null>`${users.lastName}`.as('peer_last_name'),
  peerAvatar: sql<string | null>`${users.avatar}`.as('peer_avatar'),
}

export type ListedRoom = Awaited<ReturnType<typeof listRooms>>[number]

function selectRooms(db: Db, userId: string, where: SQL | undefined) {
  return db
    .select(listed)
    .from(roomMembers)
    .innerJoin(rooms, eq(rooms.id, roomMembers.roomId))
    .leftJoin(users, eq(users.id, roomMembers.peerId))
    .where(and(eq(roomMembers.userId, userId), where))
}

/** The caller's rooms, newest activity first: one query, whose rows do not grow with the number of rooms. */
export function listRooms(db: Db, userId: string, after: TimePlace | undefined, limit: number) {
  const place = after && sql`(${roomMembers.activeAt}, ${roomMembers.roomId}) < (${after[0]}, ${after[1]})`
  return selectRooms(db, userId, place).orderBy(desc(roomMembers.activeAt), desc(roomMembers.roomId)).limit(limit)
}

/** One of the caller's rooms. @throws Refusal where there is none, or the caller is not a member */
export async function fetchRoom(db: Db, userId: string, roomId: string): Promise<ListedRoom> {
  const [row] = await selectRooms(db, userId, eq(rooms.id, roomId))
  if (!row) throw notFound('Room')
  return row
}

/** The people who are asked for, and the room of this object, in one trip. */
export async function findPeopleAndRoom(db: Db, userId: string, ids: readonly string[], objectName: string) {
  const [people, found] = await db.batch([
    db
      .select(person)
      .from(users)
      .where(and(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`, eq(users.isActive, true))),
    selectRooms(db, userId, eq(rooms.objectName, objectName)),
  ])
  return { people, room: found[0] }
}

/** Whether the room's object may be addressed: it exists, and the caller was a member when last told. */
export async function fetchObjectName(db: Db, userId: string, roomId: string): Promise<string> {
  const [row] = await db
    .select({ objectName: rooms.objectName })
    .from(rooms)
    .innerJoin(roomMembers, and(eq(roomMembers.roomId, rooms.id), eq(roomMembers.userId, userId)))
    .where(eq(rooms.id, roomId))
  if (!row) throw notFound('Room')
  return row.objectName
}

/** Where the objects of a person's most recently active rooms are, at most `limit`: one walk along an index. */
export function listActiveRooms(db: Db, userId: string, limit: number) {
  return db
    .select({ roomId: sql<string>`${rooms.id}`.as('active_room_id'), objectName: rooms.objectName })
    .from(roomMembers)
    .innerJoin(rooms, eq(rooms.id, roomMembers.roomId))
    .where(eq(roomMembers.userId, userId))
    .orderBy(desc(roomMembers.activeAt), desc(roomMembers.roomId))
    .limit(limit)
}
