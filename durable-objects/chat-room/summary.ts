import type { ServiceContext } from '../../src/context.ts'
import { previewOf } from '../../src/features/chat/domain/preview.ts'
import { isLargeRoom, MOST_NOTIFIED, MOST_UNREAD } from '../../src/features/chat/domain/room-rules.ts'
import {
  MessagesUnseen,
  type MessagesUnseenPayload,
  RoomSeen,
  RoomSummarised,
  type RoomSummarisedPayload,
} from '../../src/features/chat/events.ts'
import { raiseNewMessages } from '../../src/features/notifications/index.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { limitTime, systemTiming } from '../../src/platform/resilience/time-limit.ts'
import { makeEvent, type ObjectOutbox } from '../shared/outbox.ts'
import type { Member } from './members.ts'
import type { MessageRow } from './messages.ts'
import type { RoomParts } from './parts.ts'

/** The databases hear of a room at most this often; the first message after a rest is told at once. */
const SUMMARY_EVERY_MS = 2 * SECOND_MS
/** So many members and deletions go into one summary; the rest waits for the next. */
const MOST_TOLD = 200
const PATIENCE_MS = 5 * SECOND_MS
/** Leaves no timer behind: one that is set keeps the object awake. */
const PATIENCE = {
  ms: PATIENCE_MS,
  late: () => new Error(`no answer within ${PATIENCE_MS} ms`),
  sleep: systemTiming.sleep,
}

/** What a summary has found, beside what it has put into the outbox. */
export interface Summary {
  /** For whoever can be told at once. */
  unseen: EventEnvelope<MessagesUnseenPayload>[]
  /** Whose watermark has moved, and to where. */
  reads: { userId: string; seq: number }[]
}

/** Who has the room before them. */
export interface Here {
  readerIds(): ReadonlySet<string>
  isReader(userId: string): boolean
}

/** When the next summary is due; undefined where there is nothing to tell. */
export function summaryDue({ room, log, members }: RoomParts): number | undefined {
  const row = room.find()
  if (!row) return undefined
  const hasNews = log.lastSeq > row.summarised_seq || row.told_deletions_seq < row.summarised_seq || members.hasUntold()
  return hasNews ? row.summarised_at + SUMMARY_EVERY_MS : undefined
}

/**
 * Puts into the outbox what has come since the last time: the room's newest state for its rows in D1, with the
 * reading of those whose it has changed, and for each member who is elsewhere what they have not seen. Call it in a
 * transaction. Receivers compare by version, so a repeat is harmless.
 */
export function summarise(parts: RoomParts, here: Here): Summary {
  const { room, members, log, outbox } = parts
  const row = room.find()
  if (!row || summaryDue(parts) === undefined) return { unseen: [], reads: [] }
  const upTo = log.lastSeq
  // In a crowd, who is here is told to have read when they leave or say so.
  if (!isLargeRoom(row.member_count)) members.see([...here.readerIds()], upTo)
  seeAuthors(parts)
  const unseen = unseenByAbsent(parts, here)
  for (const event of unseen) outbox.add(event)
  members.markNotified(
    unseen.map(({ payload }) => payload.userId),
    upTo,
  )
  const told = members.takeUntold(MOST_TOLD)
  const deleted = parts.tallies.deletedAfter(row.told_deletions_seq, MOST_TOLD)
  const version = row.summary_no + 1
  outbox.add(
    makeEvent(RoomSummarised, {
      aggregateId: row.id,
      sequence: version,
      payload: summaryOf(parts, version, told, deleted),
    }),
  )
  room.update({
    summarised_seq: upTo,
    summarised_at: Date.now(),
    summary_no: version,
    told_deletions_seq: deleted.length === MOST_TOLD ? (deleted.at(-1)?.change_seq ?? upTo) : upTo,
  })
  return { unseen, reads: told.map(({ user_id, seen_seq }) => ({ userId: user_id, seq: seen_seq })) }
}

/** Who writes has read what was there before. Noted by the summary, or before that for whom somebody asks. */
export function seeAuthors(parts: RoomParts, onlyUserId?: string): void {
  for (const { author_id, seq } of parts.tallies.authorsAfter(parts.room.get().summarised_seq)) {
    const author = onlyUserId === undefined || author_id === onlyUserId ? parts.members.find(author_id) : undefined
    if (author) tellSeen(parts, author, seq)
  }
}

function summaryOf(
  { room, log, messages, tallies }: RoomParts,
  version: number,
  told: readonly Member[],
  deleted: readonly { ordinal: number }[],
): RoomSummarisedPayload {
  const row = room.get()
  const newest = messages.newest()
  return {
    roomId: row.id,
    version,
    seq: log.lastSeq,
    at: messages.newestAt() ?? row.created_at,
    messageCount: log.messageCount,
    isLarge: isLargeRoom(row.member_count),
    message: newest
      ? {
          id: newest.id,
          seq: newest.seq,
          preview: previewOf(newest.content),
          senderId: newest.author_id,
          at: newest.created_at,
        }
      : null,
    deleted: deleted.map(({ ordinal }) => ordinal),
    members: told.map(({ user_id, seen_seq }) => ({
      userId: user_id,
      seenCount: tallies.ordinalAt(seen_seq),
      mentionCount: tallies.countMentionsAfter(user_id, seen_seq, MOST_UNREAD),
    })),
  }
}

/**
 * Tells people who are elsewhere at once: stores their notifications, then pushes them. The events do the same later
 * for whom that failed.
 */
export async function tellAbsent(
  unseen: readonly EventEnvelope<MessagesUnseenPayload>[],
  ctx: ServiceContext,
  outbox: ObjectOutbox,
): Promise<void> {
  if (unseen.length === 0) return
  const payloads = unseen.map(({ payload }) => payload)
  try {
    const failed = await limitTime(PATIENCE, () => raiseNewMessages(ctx, payloads))
    outbox.remove(unseen.flatMap(({ id, payload: { userId } }) => (failed.has(userId) ? [] : [id])))
    for (const [userId, error] of failed) ctx.log.warn('Notification Delayed', { userId, error })
  } catch (error) {
    ctx.log.warn('Notifications Delayed', { roomId: payloads[0]?.roomId, error })
  }
}

/** A person has read up to `seq`. Where they had been told of something unseen, an event takes that back. */
export function tellSeen({ room, members, outbox }: RoomParts, member: Member, seq: number): void {
  const { user_id: userId, seen_seq, notified_seq } = member
  if (members.see([userId], seq).length === 0 || notified_seq <= seen_seq) return
  const { id: roomId } = room.get()
  outbox.add(
    makeEvent(RoomSeen, { aggregateId: roomId, sequence: seq, payload: { userId, roomId, seq, at: Date.now() } }),
  )
}

/**
 * In a crowd a new message is only the business of those whom it mentions, or has mentioned: they are marked as untold,
 * and whoever does not fit into this summary stays so for the next.
 */
function unseenByAbsent(parts: RoomParts, here: Here): EventEnvelope<MessagesUnseenPayload>[] {
  const { room, members, tallies, log } = parts
  const { member_count, summarised_seq } = room.get()
  const isCrowd = member_count > MOST_NOTIFIED
  if (!isCrowd && log.lastSeq <= summarised_seq) return []
  const concerned = isCrowd ? members.untold(MOST_TOLD) : members.page(undefined, MOST_NOTIFIED)
  const hasTouched = tallies.newestTouchedAfter(summarised_seq) > 0
  return concerned
    .filter(({ notified_seq }) => notified_seq < log.lastSeq)
    .flatMap((member) => unseenBy(parts, member, { isCrowd, hasTouched, here }) ?? [])
}

/**
 * What a member is told, or undefined. Where a message of which they were told was edited or deleted since, they are told
 * anew; where nothing is left of it, an event takes back what they were told.
 */
function unseenBy(
  parts: RoomParts,
  member: Member,
  { isCrowd, hasTouched, here }: { isCrowd: boolean; hasTouched: boolean; here: Here },
): EventEnvelope<MessagesUnseenPayload> | undefined {
  const { room, messages, tallies } = parts
  const { user_id: userId, notify, seen_seq, notified_seq } = member
  const mentionsOnly = isCrowd || notify === 'mentions'
  const newest = messages.newestAfter(seen_seq, mentionsOnly ? userId : undefined)
  const isStale = hasTouched && tallies.isTouched(room.get().summarised_seq, { after: seen_seq, upTo: notified_seq })
  if ((!newest && !isStale) || here.isReader(userId)) return undefined
  if (isStale && (!newest || notify === 'none')) takeBack(parts, userId)
  if (!newest || notify === 'none' || (newest.seq <= notified_seq && !isStale)) return undefined
  return unseenEvent(parts, member, newest)
}

function takeBack({ room, log, outbox }: RoomParts, userId: string): void {
  const { id: roomId } = room.get()
  const payload = { userId, roomId, seq: log.lastSeq, at: Date.now() }
  outbox.add(makeEvent(RoomSeen, { aggregateId: roomId, sequence: log.lastSeq, payload }))
}

function unseenEvent(
  { room, log, tallies }: RoomParts,
  { user_id: userId, seen_seq, notification_id }: Member,
  newest: MessageRow,
): EventEnvelope<MessagesUnseenPayload> {
  const row = room.get()
  return makeEvent(MessagesUnseen, {
    aggregateId: row.id,
    sequence: log.lastSeq,
    payload: {
      userId,
      notificationId: notification_id,
      roomId: row.id,
      roomType: row.type,
      roomName: row.name,
      count: tallies.countAfter(seen_seq, MOST_UNREAD),
      mentions: tallies.countMentionsAfter(userId, seen_seq, MOST_UNREAD),
      seq: log.lastSeq,
      messageId: newest.id,
      preview: previewOf(newest.content),
      senderName: newest.username,
      at: newest.created_at,
    },
  })
}
