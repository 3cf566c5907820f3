import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import { startsWith } from '../../platform/db/prefix.ts'
import type { Db } from '../../platform/db/store.ts'
import { notFound } from '../../platform/errors.ts'
import { DELETED_NAME } from '../identity/index.ts'
import { findPeopleFor } from '../people/index.ts'
import { MOST_DELETED, MOST_UNREAD } from './domain/room-rules.ts'
import { roomMembers, rooms } from './tables.ts'

/** A room `r` as the list of its member `m` shows it, with `u`, the other person of a private one. */
const LISTED = {
  id: sql<string>`r.id`.as('id'),
  objectName: sql<string>`r.object_name`.as('object_name'),
  type: sql<'private' | 'group'>`r.type`.as('type'),
  name: sql<string>`r.name`.as('name'),
  topic: sql<string>`r.topic`.as('topic'),
  joinPolicy: sql<'open' | 'invite'>`r.join_policy`.as('join_policy'),
  createdBy: sql<string>`r.created_by`.as('created_by'),
  createdAt: sql<number>`r.created_at`.as('created_at'),
  memberCount: sql<number>`r.member_count`.as('member_count'),
  lastSeq: sql<number>`r.last_seq`.as('last_seq'),
  lastMessageId: sql<string | null>`r.last_message_id`.as('last_message_id'),
  lastMessageSeq: sql<number | null>`r.last_message_seq`.as('last_message_seq'),
  lastMessagePreview: sql<string | null>`r.last_message_preview`.as('last_message_preview'),
  lastMessageSenderId: sql<string | null>`r.last_message_sender_id`.as('last_message_sender_id'),
  lastMessageAt: sql<number | null>`r.last_message_at`.as('last_message_at'),
  // Deleted ones are only looked for where they can matter, and are no more than there are unread ones.
  unread: sql<number>`
    case when r.message_count <= m.seen_count then 0
    when r.message_count - m.seen_count >= ${MOST_UNREAD + MOST_DELETED} then ${MOST_UNREAD}
    else max(0, min(${MOST_UNREAD}, r.message_count - m.seen_count - (
      select count(*) from deleted_messages d where d.room_id = r.id and d.ordinal > m.seen_count
    ))) end`.as('unread'),
  mentions: sql<number>`m.mention_count`.as('mentions'),
  peerId: sql<string | null>`u.id`.as('peer_id'),
  peerUsername: sql<string | null>`iif(u.deleted_at is null, u.username, ${DELETED_NAME})`.as('peer_username'),
  peerFirstName: sql<string | null>`u.first_name`.as('peer_first_name'),
  peerLastName: sql<string | null>`u.last_name`.as('peer_last_name'),
  peerAvatar: sql<string | null>`u.avatar`.as('peer_avatar'),
}

export type ListedRoom = Awaited<ReturnType<typeof listRooms>>[number]

/**
 * The caller's rooms, newest activity first, in one query. Rooms of up to a hundred members keep their time in the
 * membership, whose index brings them in this order, so that only a page is read: both parts are merged, and a limit of
 * its own would have the first one sorted again. Larger ones are few for each person, and all of theirs are looked at.
 */
export function listRooms(db: Db, userId: string, after: TimePlace | undefined, limit: number) {
  const place = (time: SQL, id: SQL) => (after ? sql`and (${time}, ${id}) < (${after[0]}, ${after[1]})` : sql``)
  return db
    .select({ ...LISTED, updatedAt: sql<number>`m.active_at`.as('updated_at') })
    .from(sql`(
      select room_id, peer_id, seen_count, mention_count, active_at from room_members
      where user_id = ${userId} and left_at is null and is_large = 0
        ${place(sql`active_at`, sql`room_id`)}
      union all
      select g.room_id, g.peer_id, g.seen_count, g.mention_count, max(g.active_at, r.active_at)
      from room_members g join rooms r on r.id = g.room_id
      where g.user_id = ${userId} and g.left_at is null and g.is_large = 1
        ${place(sql`max(g.active_at, r.active_at)`, sql`r.id`)}
      order by 5 desc, 1 desc limit ${limit}
    ) m join rooms r on r.id = m.room_id left join users u on u.id = m.peer_id`)
    .orderBy(sql`m.active_at desc, m.room_id desc`)
}

function selectOwn(db: Db, userId: string, where: SQL) {
  const activeAt = sql<number>`max(m.active_at, case m.is_large when 1 then r.active_at else 0 end)`
  return db
    .select({ ...LISTED, updatedAt: activeAt.as('updated_at') })
    .from(sql`rooms r join room_members m on m.room_id = r.id and m.user_id = ${userId} and m.left_at is null
      left join users u on u.id = m.peer_id`)
    .where(where)
}

/** One of the caller's rooms. @throws Refusal where there is none, or the caller is not a member */
export async function fetchRoom(db: Db, userId: string, roomId: string): Promise<ListedRoom> {
  const [row] = await selectOwn(db, userId, sql`r.id = ${roomId}`)
  if (!row) throw notFound('Room')
  return row
}

/** The people who are asked for, and the caller's room that this object is, in one trip. */
export async function findPeopleAndRoom(db: Db, userId: string, ids: readonly string[], objectName: string) {
  const [people, found] = await db.batch([
    findPeopleFor(db, userId, ids),
    selectOwn(db, userId, sql`r.object_name = ${objectName}`),
  ])
  return { people, room: found[0] }
}

/** The people who are asked for, and the object of a room to which the caller belongs, in one trip. */
export async function fetchObjectNameAndPeople(db: Db, userId: string, roomId: string, ids: readonly string[]) {
  const [found, people] = await db.batch([selectAddress(db, userId, roomId), findPeopleFor(db, userId, ids)])
  return { objectName: memberAddress(found[0]).objectName, people }
}

/** A room as far as addressing its object goes. */
export interface RoomAddress {
  objectName: string
  type: 'private' | 'group'
  /** When D1 was last told. */
  isMember: boolean
  wasMember: boolean
}

export async function findAddress(db: Db, userId: string, roomId: string): Promise<RoomAddress | undefined> {
  const [row] = await selectAddress(db, userId, roomId)
  return row
}

/** Whether the room's object may be addressed: it exists, and the caller was a member when last told. */
export async function fetchObjectName(db: Db, userId: string, roomId: string): Promise<string> {
  return memberAddress(await findAddress(db, userId, roomId)).objectName
}

function memberAddress(address: RoomAddress | undefined): RoomAddress {
  if (!address?.isMember) throw notFound('Room')
  return address
}

function selectAddress(db: Db, userId: string, roomId: string) {
  const isMember = sql`${roomMembers.userId} is not null and ${roomMembers.leftAt} is null`.mapWith(Boolean)
  return db
    .select({
      objectName: rooms.objectName,
      type: rooms.type,
      isMember: isMember.as('is_member'),
      wasMember: sql`${roomMembers.leftAt} is not null`.mapWith(Boolean).as('was_member'),
    })
    .from(rooms)
    .leftJoin(roomMembers, and(eq(roomMembers.roomId, rooms.id), eq(roomMembers.userId, userId)))
    .where(eq(rooms.id, roomId))
}

/** Groups that anybody may join, by the beginning of their name. */
export function listOpenRooms(db: Db, key: string, after: [string, string] | undefined, limit: number) {
  return db
    .select({
      id: rooms.id,
      name: rooms.name,
      nameKey: rooms.nameKey,
      topic: rooms.topic,
      memberCount: rooms.memberCount,
      createdAt: rooms.createdAt,
    })
    .from(rooms)
    .where(
      and(
        sql`join_policy = 'open'`,
        key === '' ? undefined : startsWith(sql`name_key`, key),
        after && sql`(name_key, id) > (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(rooms.nameKey, rooms.id)
    .limit(limit)
}

/** Where the objects of a person's most recently active rooms are, at most `limit`: along the same indexes as the list. */
export async function listActiveRooms(
  db: Db,
  userId: string,
  limit: number,
): Promise<{ roomId: string; objectName: string }[]> {
  const rows = await db.all<{ roomId: string; objectName: string; activeAt: number }>(sql`
    select * from (
      select r.id as roomId, r.object_name as objectName, m.active_at as activeAt
      from room_members m cross join rooms r on r.id = m.room_id
      where m.user_id = ${userId} and m.left_at is null and m.is_large = 0
      order by m.active_at desc, m.room_id desc limit ${limit})
    union all
    select r.id, r.object_name, r.active_at
    from room_members m cross join rooms r on r.id = m.room_id
    where m.user_id = ${userId} and m.left_at is null and m.is_large = 1
  `)
  return rows.toSorted((a, b) => b.activeAt - a.activeAt).slice(0, limit)
}
