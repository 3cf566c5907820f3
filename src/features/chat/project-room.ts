import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { searchKey } from '../identity/index.ts'
import type { Reading } from './commands.ts'
import type { MembersChangedPayload, RoomCreatedPayload, RoomSummarisedPayload, RoomUpdatedPayload } from './events.ts'
import { deletedMessages, roomMembers, rooms } from './tables.ts'

/**
 * Copies what a room says of itself into D1. The request that changes a room does so at once, with what it keeps for
 * its repeats; the room's event is the safety net. Each compares versions, so events may come late, twice and in any
 * order.
 */
export async function projectRoom(ctx: ServiceContext, room: RoomCreatedPayload, besides: Step[] = []): Promise<void> {
  const { db } = ctx.core
  await ctx.core.commit(
    [
      ...besides,
      db
        .insert(rooms)
        .values({
          id: room.roomId,
          objectName: room.objectName,
          type: room.type,
          name: room.name,
          nameKey: searchKey(room.name),
          topic: room.topic,
          joinPolicy: room.joinPolicy,
          createdBy: room.createdBy,
          createdAt: room.createdAt,
          activeAt: room.createdAt,
          memberCount: room.memberCount,
          isLarge: room.isLarge,
          lastSeq: room.seq,
        })
        .onConflictDoNothing(),
      sql`
        insert into ${roomMembers} (room_id, user_id, role, joined_at, peer_id, active_at, is_large)
        select ${room.roomId}, value ->> 'userId', value ->> 'role', value ->> 'joinedAt', value ->> 'peerId',
          value ->> 'joinedAt', ${room.isLarge ? 1 : 0}
        from json_each(${JSON.stringify(membersOf(room))}) where true
        on conflict do nothing
      `,
    ],
    { repeatable: true },
  )
}

function membersOf({ type, members }: RoomCreatedPayload) {
  return members.map((member) => ({
    ...member,
    peerId: type === 'private' ? members.find(({ userId }) => userId !== member.userId)?.userId : undefined,
  }))
}

/** People who have come, gone or got another role. Who comes has nothing unread. */
export async function projectMembers(
  ctx: ServiceContext,
  change: MembersChangedPayload,
  besides: Step[] = [],
): Promise<void> {
  const { roomId, at, isLarge, messageCount } = change
  const members = change.members.map(({ change: kind, ...member }) => ({
    ...member,
    seenCount: kind === 'joined' ? messageCount : 0,
    leftAt: kind === 'joined' || kind === 'role' ? null : at,
  }))
  await ctx.core.commit(
    [
      ...besides,
      ...(isLarge ? [becomeLarge(roomId)] : []),
      ctx.core.db
        .update(rooms)
        .set({
          memberCount: change.memberCount,
          membersSeq: change.seq,
          isLarge: sql`max(is_large, ${isLarge ? 1 : 0})`,
        })
        .where(sql`${rooms.id} = ${roomId} and ${rooms.membersSeq} < ${change.seq}`),
      sql`
        insert into ${roomMembers}
          (room_id, user_id, role, joined_at, active_at, is_large, seen_count, member_seq, left_at)
        select ${roomId}, value ->> 'userId', value ->> 'role', value ->> 'joinedAt', ${at}, ${isLarge ? 1 : 0},
          value ->> 'seenCount', value ->> 'seq', value ->> 'leftAt'
        from json_each(${JSON.stringify(members)}) where true
        on conflict (room_id, user_id) do update set
          role = excluded.role, joined_at = excluded.joined_at, member_seq = excluded.member_seq,
          left_at = excluded.left_at, active_at = max(active_at, excluded.active_at),
          is_large = max(is_large, excluded.is_large), seen_count = max(seen_count, excluded.seen_count)
        where excluded.member_seq > room_members.member_seq
      `,
    ],
    { repeatable: true },
  )
}

/** Once, when the room grows: after that no row of it is looked at. It stands before what says so in `rooms`. */
function becomeLarge(roomId: string): Step {
  return sql`
    update ${roomMembers} set is_large = 1
    where room_id = (select id from rooms where id = ${roomId} and is_large = 0)
  `
}

export async function projectSettings(
  ctx: ServiceContext,
  updated: RoomUpdatedPayload,
  besides: Step[] = [],
): Promise<void> {
  const { name, topic, joinPolicy, seq } = updated
  await ctx.core.commit(
    [
      ...besides,
      ctx.core.db
        .update(rooms)
        .set({ name, nameKey: searchKey(name), topic, joinPolicy, settingsSeq: seq })
        .where(sql`${rooms.id} = ${updated.roomId} and ${rooms.settingsSeq} < ${seq}`),
    ],
    { repeatable: true },
  )
}

/** The room's newest message, and how far those have read whose reading has changed. */
export async function projectSummary(ctx: ServiceContext, summary: RoomSummarisedPayload): Promise<void> {
  const { roomId, at, version, message, isLarge, members } = summary
  await ctx.core.commit(
    [
      // Before the others are raised: whoever is told of here is written once for both.
      ...(members.length === 0 ? [] : [readingStep(roomId, version, members, isLarge ? undefined : at)]),
      isLarge ? becomeLarge(roomId) : raiseMembers(ctx, roomId, at),
      ctx.core.db
        .update(rooms)
        .set({
          summaryNo: version,
          lastSeq: summary.seq,
          messageCount: summary.messageCount,
          activeAt: at,
          isLarge: sql`max(is_large, ${isLarge ? 1 : 0})`,
          lastMessageId: message?.id ?? null,
          lastMessageSeq: message?.seq ?? null,
          lastMessagePreview: message?.preview ?? null,
          lastMessageSenderId: message?.senderId ?? null,
          lastMessageAt: message?.at ?? null,
        })
        .where(sql`${rooms.id} = ${roomId} and ${rooms.summaryNo} < ${version}`),
      ...(summary.deleted.length === 0 ? [] : [deletionStep(roomId, summary.deleted)]),
    ],
    { repeatable: true },
  )
}

function raiseMembers(ctx: ServiceContext, roomId: string, at: number): Step {
  return ctx.core.db
    .update(roomMembers)
    .set({ activeAt: at })
    .where(sql`${roomMembers.roomId} = ${roomId} and ${roomMembers.activeAt} < ${at}`)
}

function deletionStep(roomId: string, ordinals: readonly number[]): Step {
  return sql`
    insert or ignore into ${deletedMessages} (room_id, ordinal)
    select ${roomId}, value from json_each(${JSON.stringify(ordinals)})
  `
}

/** A person's own reading, before the room's next summary says the same. */
export async function projectReading(
  ctx: ServiceContext,
  userId: string,
  { roomId, version, seenCount, position }: Reading,
  besides: Step[] = [],
): Promise<void> {
  const own = { userId, seenCount, mentionCount: position.mentionCount }
  await ctx.core.commit([...besides, readingStep(roomId, version, [own])], { repeatable: true })
}

/**
 * Each names the room, so that the planner begins with them: from the room it would go through all of its members.
 * `activeAt` raises the room in their lists.
 */
function readingStep(
  roomId: string,
  version: number,
  members: { userId: string; seenCount: number; mentionCount: number }[],
  activeAt?: number,
): Step {
  const readings = members.map((member) => ({ roomId, ...member }))
  return sql`
    update ${roomMembers} set
      seen_count = max(seen_count, told.seen), mention_count = told.mentions, summary_no = ${version}
      ${activeAt === undefined ? sql`` : sql`, active_at = max(active_at, ${activeAt})`}
    from (
      select value ->> 'roomId' as room, value ->> 'userId' as id, value ->> 'seenCount' as seen,
        value ->> 'mentionCount' as mentions
      from json_each(${JSON.stringify(readings)})) told
    where room_id = told.room and user_id = told.id and summary_no < ${version}
  `
}
