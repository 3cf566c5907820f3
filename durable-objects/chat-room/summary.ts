import { previewOf } from '../../src/features/chat/domain/preview.ts'
import { isLargeRoom, MOST_UNREAD } from '../../src/features/chat/domain/room-rules.ts'
import { RoomSummarised, type RoomSummarisedPayload } from '../../src/features/chat/events.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { makeEvent } from '../shared/outbox.ts'
import type { Member } from './members.ts'
import type { RoomParts } from './parts.ts'
import { type Here, tellSeen, unseenByAbsent, unseenEvents } from './unseen.ts'

/** The databases hear of a room at most this often; the first message after a rest is told at once. */
const SUMMARY_EVERY_MS = 2 * SECOND_MS
/** So many members and deletions go into one summary; the rest waits for the next. */
const MOST_TOLD = 200
/** Whose watermark a summary has moved, and to where. */
export type Reads = { userId: string; seq: number }[]

/** When the next summary is due; undefined where there is nothing to tell. */
export function summaryDue({ room, log, watermarks }: RoomParts): number | undefined {
  const row = room.find()
  if (!row) return undefined
  const hasNews =
    log.lastSeq > row.summarised_seq || row.told_deletions_seq < row.summarised_seq || watermarks.hasUntold()
  return hasNews ? row.summarised_at + SUMMARY_EVERY_MS : undefined
}

/**
 * Puts into the outbox what has come since the last time: the room's newest state for its rows in D1, with the
 * reading of those whose it has changed, and for each member who is elsewhere what they have not seen. Call it in a
 * transaction. Receivers compare by version, so a repeat is harmless.
 */
export function summarise(parts: RoomParts, here: Here): Reads {
  const { room, watermarks, log, outbox } = parts
  const row = room.find()
  if (!row || summaryDue(parts) === undefined) return []
  const upTo = log.lastSeq
  // In a crowd, who is here is told to have read when they leave or say so.
  if (!isLargeRoom(row.member_count)) watermarks.see([...here.readerIds()], upTo)
  seeAuthors(parts)
  const unseen = unseenByAbsent(parts, here, MOST_TOLD)
  for (const event of unseenEvents(parts, unseen)) outbox.add(event)
  watermarks.markNotified(
    unseen.map(({ userId }) => userId),
    upTo,
  )
  const told = watermarks.takeUntold(MOST_TOLD)
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
  return told.map(({ user_id, seen_seq }) => ({ userId: user_id, seq: seen_seq }))
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
