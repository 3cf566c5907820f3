import type { ServiceContext } from '../../src/context.ts'
import { previewOf } from '../../src/features/chat/domain/preview.ts'
import {
  MessagesUnseen,
  type MessagesUnseenPayload,
  RoomActive,
  type RoomActivePayload,
  RoomSeen,
} from '../../src/features/chat/events.ts'
import { raiseNewMessage } from '../../src/features/notifications/index.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { makeEvent, type ObjectOutbox } from '../shared/outbox.ts'
import type { RoomLog } from './log.ts'
import type { Member, RoomMembers } from './members.ts'
import type { RoomRecord, RoomRow } from './room.ts'

/** The databases hear of a room at most this often; the first message after a rest is told at once. */
export const SUMMARY_EVERY_MS = 2 * SECOND_MS
/** In larger rooms a new message is not everybody's business. */
const MAX_NOTIFIED_MEMBERS = 50
/** Counts above this are shown as `99+`. */
const MOST_COUNTED = 100
const PATIENCE_MS = 5 * SECOND_MS

export interface SummaryParts {
  room: RoomRecord
  members: RoomMembers
  log: RoomLog
  outbox: ObjectOutbox
}

/**
 * Puts into the outbox what has come since the last time: the room's newest state for its row in D1, and
 * for each member who is elsewhere what they have not seen. Call it in a transaction. Answers the latter,
 * for whoever can be told at once. Receivers compare by seq, so a repeat is harmless.
 */
export function summarise(
  { room, members, log, outbox }: SummaryParts,
  presentUserIds: readonly string[],
): EventEnvelope<MessagesUnseenPayload>[] {
  const row = room.find()
  if (!row || log.lastSeq <= row.summarised_seq) return []
  const upTo = log.lastSeq
  members.see(presentUserIds, upTo)
  const active = roomActive(row, log)
  if (active) outbox.add(active)
  const unseen = members.count() > MAX_NOTIFIED_MEMBERS ? [] : unseenByAbsent(row, members, log, presentUserIds)
  for (const event of unseen) outbox.add(event)
  members.markNotified(
    unseen.map(({ payload }) => payload.userId),
    upTo,
  )
  room.markSummarised(upTo, Date.now())
  return unseen
}

/**
 * Tells people who are elsewhere at once: stores their notification, then pushes it. The event does the same later
 * for whom that failed.
 */
export async function tellAbsent(
  unseen: readonly EventEnvelope<MessagesUnseenPayload>[],
  ctx: ServiceContext,
  outbox: ObjectOutbox,
): Promise<void> {
  const told = await Promise.all(
    unseen.map(async ({ id, payload }) => {
      try {
        await Promise.race([raiseNewMessage(ctx, payload), tooLate()])
        return [id]
      } catch (error) {
        ctx.log.warn('Notification Delayed', { roomId: payload.roomId, error })
        return []
      }
    }),
  )
  outbox.remove(told.flat())
}

async function tooLate(): Promise<never> {
  await scheduler.wait(PATIENCE_MS)
  throw new Error(`no answer within ${PATIENCE_MS} ms`)
}

/** A person has all of the room before them. True where an event now says so, because they had been told otherwise. */
export function markSeen({ room, members, log, outbox }: SummaryParts, userId: string): boolean {
  const member = members.find(userId)
  if (!member) return false
  const seq = log.lastSeq
  members.see([userId], seq)
  if (member.notified_seq <= member.seen_seq) return false
  const { id: roomId } = room.get()
  outbox.add(
    makeEvent(RoomSeen, { aggregateId: roomId, sequence: seq, payload: { userId, roomId, seq, at: Date.now() } }),
  )
  return true
}

function roomActive(room: RoomRow, log: RoomLog): EventEnvelope<RoomActivePayload> | undefined {
  const newest = log.newest()
  if (!newest) return undefined
  const at = Date.parse(newest.createdAt)
  const message = { id: newest.id, seq: newest.seq, preview: previewOf(newest.content), senderId: newest.sender.id, at }
  const payload = { roomId: room.id, seq: log.lastSeq, at, message }
  return makeEvent(RoomActive, { aggregateId: room.id, sequence: newest.seq, payload })
}

function unseenByAbsent(
  room: RoomRow,
  members: RoomMembers,
  log: RoomLog,
  presentUserIds: readonly string[],
): EventEnvelope<MessagesUnseenPayload>[] {
  const present = new Set(presentUserIds)
  return members
    .list(MAX_NOTIFIED_MEMBERS)
    .filter((member) => !present.has(member.user_id) && member.notified_seq < log.lastSeq)
    .flatMap((member) => unseenBy(room, log, member) ?? [])
}

function unseenBy(room: RoomRow, log: RoomLog, member: Member): EventEnvelope<MessagesUnseenPayload> | undefined {
  const unseen = log.unseenBy(member.user_id, member.seen_seq, MOST_COUNTED)
  if (!unseen || unseen.newest.seq <= member.notified_seq) return undefined
  const { count, newest } = unseen
  return makeEvent(MessagesUnseen, {
    aggregateId: room.id,
    sequence: newest.seq,
    payload: {
      userId: member.user_id,
      notificationId: member.notification_id,
      roomId: room.id,
      roomType: room.type,
      roomName: room.name,
      count,
      seq: newest.seq,
      messageId: newest.id,
      preview: previewOf(newest.content),
      senderName: newest.sender.username,
      at: Date.parse(newest.createdAt),
    },
  })
}
