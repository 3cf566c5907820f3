import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { searchKey } from '../../platform/text.ts'
import type { MembersChangedPayload, RoomCreatedPayload, RoomUpdatedPayload } from './events.ts'
import { roomMembers, rooms } from './tables.ts'

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

/**
 * People who have come, gone or got another role. Who comes has nothing unread. Each column keeps what is newest of it,
 * as what somebody has read, or that they have joined, may be told after what came of it.
 */
export async function projectMembers(
  ctx: ServiceContext,
  change: MembersChangedPayload,
  besides: Step[] = [],
): Promise<void> {
  const { roomId, at, seq, memberCount } = change
  const members = change.members.map(({ change: kind, ...member }) => {
    const joined = { activeAt: at, seenCount: change.messageCount, version: change.version }
    const told = kind === 'joined' ? joined : { activeAt: 0, seenCount: 0, version: 0 }
    return { ...member, ...told, leftAt: kind === 'joined' || kind === 'role' ? null : at }
  })
  // Whom all have left takes nobody in: it is found no more.
  const isOver = memberCount === 0 ? { joinPolicy: 'invite' as const, settingsSeq: seq } : {}
  await ctx.core.commit(
    [
      ...besides,
      ctx.core.db
        .update(rooms)
        .set({ memberCount, membersSeq: seq, ...isOver })
        .where(sql`${rooms.id} = ${roomId} and ${rooms.membersSeq} < ${seq}`),
      sql`
        insert into ${roomMembers}
          (room_id, user_id, role, joined_at, active_at, is_large, seen_count, summary_no, member_seq, left_at)
        select ${roomId}, value ->> 'userId', value ->> 'role', value ->> 'joinedAt',
          max(value ->> 'activeAt', (select active_at from rooms where id = ${roomId})),
          (select is_large from rooms where id = ${roomId}),
          value ->> 'seenCount', value ->> 'version', value ->> 'seq', value ->> 'leftAt'
        from json_each(${JSON.stringify(members)}) where true
        on conflict (room_id, user_id) do update set
          role = iif(excluded.member_seq > member_seq, excluded.role, role),
          joined_at = iif(excluded.member_seq > member_seq, excluded.joined_at, joined_at),
          left_at = iif(excluded.member_seq > member_seq, excluded.left_at, left_at),
          mention_count = iif(excluded.summary_no > summary_no, 0, mention_count),
          member_seq = max(member_seq, excluded.member_seq), summary_no = max(summary_no, excluded.summary_no),
          seen_count = max(seen_count, excluded.seen_count), active_at = max(active_at, excluded.active_at),
          is_large = max(is_large, excluded.is_large)
        where excluded.member_seq > room_members.member_seq or excluded.summary_no > room_members.summary_no
          or excluded.seen_count > room_members.seen_count or excluded.active_at > room_members.active_at
      `,
    ],
    { repeatable: true },
  )
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
