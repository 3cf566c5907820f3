import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import { startsWith } from '../../platform/db/prefix.ts'
import type { Db } from '../../platform/db/store.ts'
import { notFound } from '../../platform/errors.ts'
import { users } from '../identity/index.ts'
import { person } from '../people/index.ts'
import { roomMembers, rooms } from './tables.ts'

/** A room as its list shows it, with the other person of a private one. */
export interface ListedRoom {
  id: string
  objectName: string
  type: 'private' | 'group'
  name: string
  topic: string
  joinPolicy: 'open' | 'invite'
  createdBy: string
  createdAt: number
  updatedAt: number
  memberCount: number
  lastSeq: number
  lastMessageId: string | null
  lastMessageSeq: number | null
  lastMessagePreview: string | null
  lastMessageSenderId: string | null
  lastMessageAt: number | null
  unread: number
  mentions: number
  peerId: string | null
  peerUsername: string | null
  peerFirstName: string | null
  peerLastName: string | null
  peerAvatar: string | null
}

/** Unread ones are shown up to 99 and more: so many deletions are the most that can matter to that. */
const MOST_UNREAD = 100
const MOST_DELETED = 1_100

const LISTED = sql`
  r.id, r.object_name as objectName, r.type, r.name, r.topic, r.join_policy as joinPolicy,
  r.created_by as createdBy, r.created_at as createdAt, r.member_count as memberCount, r.last_seq as lastSeq,
  r.last_message_id as lastMessageId, r.last_message_seq as lastMessageSeq,
  r.last_message_preview as lastMessagePreview, r.last_message_sender_id as lastMessageSenderId,
  r.last_message_at as lastMessageAt,
  max(0, min(${MOST_UNREAD}, r.message_count - m.seen_count - (
    select count(*) from (
      select 1 from deleted_messages d where d.room_id = r.id and d.ordinal > m.seen_count limit ${MOST_DELETED})
  ))) as unread,
  m.mention_count as mentions,
  u.id as peerId, u.username as peerUsername, u.first_name as peerFirstName, u.last_name as peerLastName,
  u.avatar as peerAvatar`

/**
 * The caller's rooms, newest activity first, in one query. Rooms of up to a hundred members keep their time in the
 * membership, whose index brings a page of them; larger ones are few for each person, and all of theirs are looked at.
 */
export function listRooms(db: Db, userId: string, after: TimePlace | undefined, limit: number): Promise<ListedRoom[]> {
  const place = (time: SQL, id: SQL) => (after ? sql`and (${time}, ${id}) < (${after[0]}, ${after[1]})` : sql``)
  return db.all<ListedRoom>(sql`
    select m.active_at as updatedAt, ${LISTED}
    from (
      select * from (
        select room_id, peer_id, seen_count, mention_count, active_at from room_members
        where user_id = ${userId} and left_at is null and is_large = 0
          ${place(sql`active_at`, sql`room_id`)}
        order by active_at desc, room_id desc limit ${limit})
      union all
      select g.room_id, g.peer_id, g.seen_count, g.mention_count, max(g.active_at, r.active_at)
      from room_members g join rooms r on r.id = g.room_id
      where g.user_id = ${userId} and g.left_at is null and g.is_large = 1
        ${place(sql`max(g.active_at, r.active_at)`, sql`r.id`)}
      order by 5 desc, 1 desc limit ${limit}
    ) m join rooms r on r.id = m.room_id left join users u on u.id = m.peer_id
    order by m.active_at desc, m.room_id desc
  `)
}

function selectOwn(userId: string, where: SQL): SQL {
  return sql`
    select max(m.active_at, case m.is_large when 1 then r.active_at else 0 end) as updatedAt, ${LISTED}
    from rooms r join room_members m on m.room_id = r.id and m.user_id = ${userId} and m.left_at is null
      left join users u on u.id = m.peer_id
    where ${where}`
}

/** One of the caller's rooms. @throws Refusal where there is none, or the caller is not a member */
export async function fetchRoom(db: Db, userId: string, roomId: string): Promise<ListedRoom> {
  const [row] = await db.all<ListedRoom>(selectOwn(userId, sql`r.id = ${roomId}`))
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
    db
      .select({ id: rooms.id })
      .from(rooms)
      .innerJoin(roomMembers, and(eq(roomMembers.roomId, rooms.id), eq(roomMembers.userId, userId)))
      .where(eq(rooms.objectName, objectName)),
  ])
  return { people, roomId: found[0]?.id }
}

/** A room as far as addressing its object goes. */
export async function findAddress(
  db: Db,
  userId: string,
  roomId: string,
): Promise<{ objectName: string; type: 'private' | 'group'; isMember: boolean; wasMember: boolean } | undefined> {
  const [row] = await db
    .select({
      objectName: rooms.objectName,
      type: rooms.type,
      isMember: sql<number>`${roomMembers.userId} is not null and ${roomMembers.leftAt} is null`.as('is_member'),
      wasMember: sql<number>`${roomMembers.leftAt} is not null`.as('was_member'),
    })
    .from(rooms)
    .leftJoin(roomMembers, and(eq(roomMembers.roomId, rooms.id), eq(roomMembers.userId, userId)))
    .where(eq(rooms.id, roomId))
  return row && { ...row, isMember: row.isMember === 1, wasMember: row.wasMember === 1 }
}

/** Whether the room's object may be addressed: it exists, and the caller was a member when last told. */
export async function fetchObjectName(db: Db, userId: string, roomId: string): Promise<string> {
  const address = await findAddress(db, userId, roomId)
  if (!address?.isMember) throw notFound('Room')
  return address.objectName
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
