import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import type { RoomActivePayload, RoomCreatedPayload } from './events.ts'
import { roomMembers, rooms } from './tables.ts'

/**
 * Copies a new room into D1. The request that makes it does so at once, with what it keeps for its repeats; the
 * room's event is the safety net.
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
          createdBy: room.createdBy,
          createdAt: room.createdAt,
          lastSeq: room.seq,
        })
        .onConflictDoNothing(),
      sql`
        insert into ${roomMembers} (room_id, user_id, role, joined_at, peer_id, active_at)
        select ${room.roomId}, value ->> 'userId', value ->> 'role', value ->> 'joinedAt', value ->> 'peerId',
          value ->> 'joinedAt'
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

/** The room's newest message, unless a newer one is there already: events come late and twice. */
export async function projectActivity(ctx: ServiceContext, active: RoomActivePayload): Promise<void> {
  const { message } = active
  await ctx.core.commit(
    [
      ctx.core.db
        .update(rooms)
        .set({
          lastSeq: active.seq,
          lastMessageId: message.id,
          lastMessageSeq: message.seq,
          lastMessagePreview: message.preview,
          lastMessageSenderId: message.senderId,
          lastMessageAt: message.at,
        })
        .where(sql`${rooms.id} = ${active.roomId} and ${rooms.lastSeq} < ${active.seq}`),
      ctx.core.db
        .update(roomMembers)
        .set({ activeAt: active.at })
        .where(sql`${roomMembers.roomId} = ${active.roomId} and ${roomMembers.activeAt} < ${active.at}`),
    ],
    { repeatable: true },
  )
}
