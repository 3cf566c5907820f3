import type { RoomActor } from '../../../src/features/chat/commands.ts'
import { isLargeRoom } from '../../../src/features/chat/domain/room-rules.ts'
import { MembersChanged, type MembersChangedPayload } from '../../../src/features/chat/events.ts'
import type { RoomMember } from '../../../src/features/chat/schemas.ts'
import { makeEvent } from '../../shared/outbox.ts'
import { type Member, toRoomMember } from '../members.ts'
import type { RoomParts } from '../parts.ts'

/** What has become of one member, as other parts of the system are told. */
export type ChangedMember = MembersChangedPayload['members'][number]

export function changedOf(
  { user_id, role, joined_at }: Member,
  seq: number,
  change: ChangedMember['change'],
): ChangedMember {
  return { userId: user_id, seq, change, role, joinedAt: joined_at }
}

/** Puts it into the outbox who has come, gone or got another role, and by whom. Call it after the log has it. */
export function tellChange(
  { room, log, outbox }: RoomParts,
  by: RoomActor,
  changed: ChangedMember[],
): MembersChangedPayload {
  const row = room.get()
  const payload: MembersChangedPayload = {
    roomId: row.id,
    objectName: row.object_name,
    roomName: row.name,
    actorId: by.userId,
    actorName: by.username,
    at: Date.now(),
    seq: log.lastSeq,
    memberCount: row.member_count,
    isLarge: isLargeRoom(row.member_count),
    messageCount: log.messageCount,
    version: row.summary_no,
    members: changed,
  }
  outbox.add(makeEvent(MembersChanged, { aggregateId: row.id, sequence: log.lastSeq, payload }))
  return payload
}

/** What a line `room:member-updated` says. */
export function memberUpdated({ room }: RoomParts, member: Member): { roomId: string; member: RoomMember } {
  return { roomId: room.get().id, member: toRoomMember(member) }
}
