import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { RoomActivePayload, RoomCreatedPayload } from './events.ts'
import { roomMembers, rooms } from './tables.ts'

/** Copies a new room into D1. The request that makes it does so at once; the room's event is the safety net. */
export async function projectRoom(ctx: ServiceContext, room: RoomCreatedPayload): Promise<void> {
  const { db } = ctx.core
  await ctx.core.commit(
    [
      db
        .insert(rooms)
        .values({
          id: room.roomId,
          objectName: room.objectName,
          type: room.type,
          name: room.name,
          createdBy: room.createdBy,
          createdAt: room.createdAt,
          updatedAt: room.createdAt,
          lastSeq: room.seq,
        })
        .onConflictDoNothing(),
      sql`
        insert into ${roomMembers} (room_id, user_id, role, joined_at)
        select ${room.roomId}, value ->> 'userId', value ->> 'role', value ->> 'joinedAt'
        from json_each(${JSON.stringify(room.members)}) where true
        on conflict do nothing
      `,
    ],
    { repeatable: true },
  )
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
          updatedAt: active.at,
        })
        .where(sql`${rooms.id} = ${active.roomId} and ${rooms.lastSeq} < ${active.seq}`),
    ],
    { repeatable: true },
  )
}
