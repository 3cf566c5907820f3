import { previewOf } from '../../src/features/chat/domain/preview.ts'
import { MOST_NOTIFIED, MOST_UNREAD } from '../../src/features/chat/domain/room-rules.ts'
import { MessagesUnseen, type MessagesUnseenPayload, RoomSeen } from '../../src/features/chat/events.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { makeEvent } from '../shared/outbox.ts'
import type { Member } from './members.ts'
import type { MessageRow } from './messages.ts'
import type { RoomParts } from './parts.ts'

/** Each of them is shown theirs by a call, so a batch of 25 events makes at most five hundred. */
const MOST_IN_AN_EVENT = 20

type UnseenPerson = MessagesUnseenPayload['people'][number]

/** Who has the room before them. */
export interface Here {
  readerIds(): ReadonlySet<string>
  isReader(userId: string): boolean
}

/** A person has read up to `seq`. Where they had been told of something unseen, an event takes that back. */
export function tellSeen({ room, watermarks, outbox }: RoomParts, member: Member, seq: number): void {
  const { user_id: userId, seen_seq, notified_seq } = member
  if (watermarks.see([userId], seq).length === 0 || notified_seq <= seen_seq) return
  const { id: roomId } = room.get()
  outbox.add(
    makeEvent(RoomSeen, { aggregateId: roomId, sequence: seq, payload: { userId, roomId, seq, at: Date.now() } }),
  )
}

/**
 * What members who are elsewhere have not seen. In a crowd a new message is only the business of those whom it mentions,
 * or has mentioned: they are marked as untold. No more than `atMost` of these are told, and the others stay marked for the
 * next time.
 */
export function unseenByAbsent(parts: RoomParts, here: Here, atMost: number): UnseenPerson[] {
  const { room, members, watermarks, tallies, log } = parts
  const { member_count, summarised_seq } = room.get()
  const isCrowd = member_count > MOST_NOTIFIED
  if (!isCrowd && log.lastSeq <= summarised_seq) return []
  const concerned = isCrowd ? watermarks.untold(atMost) : members.page(undefined, MOST_NOTIFIED)
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
): UnseenPerson | undefined {
  const { room, messages, tallies } = parts
  const { user_id: userId, notify, seen_seq, notified_seq } = member
  const mentionsOnly = isCrowd || notify === 'mentions'
  const newest = messages.newestAfter(seen_seq, mentionsOnly ? userId : undefined)
  const isStale = hasTouched && tallies.isTouched(room.get().summarised_seq, { after: seen_seq, upTo: notified_seq })
  if ((!newest && !isStale) || here.isReader(userId)) return undefined
  if (isStale && (!newest || notify === 'none')) takeBack(parts, userId)
  if (!newest || notify === 'none' || (newest.seq <= notified_seq && !isStale)) return undefined
  return unseenPerson(parts, member, newest)
}

function takeBack({ room, log, outbox }: RoomParts, userId: string): void {
  const { id: roomId } = room.get()
  const payload = { userId, roomId, seq: log.lastSeq, at: Date.now() }
  outbox.add(makeEvent(RoomSeen, { aggregateId: roomId, sequence: log.lastSeq, payload }))
}

function unseenPerson(
  { tallies }: RoomParts,
  { user_id: userId, seen_seq, notification_id }: Member,
  newest: MessageRow,
): UnseenPerson {
  return {
    userId,
    notificationId: notification_id,
    count: tallies.countAfter(seen_seq, MOST_UNREAD),
    mentions: tallies.countMentionsAfter(userId, seen_seq, MOST_UNREAD),
    messageId: newest.id,
    preview: previewOf(newest.content),
    senderName: newest.username,
    at: newest.created_at,
  }
}

/** What tells them: the queue stores it, with what other rooms tell, and shows it then. */
export function unseenEvents({ room, log }: RoomParts, people: readonly UnseenPerson[]): EventEnvelope[] {
  const { id: roomId, type: roomType, name: roomName } = room.get()
  const about = { roomId, roomType, roomName, seq: log.lastSeq }
  return Array.from({ length: Math.ceil(people.length / MOST_IN_AN_EVENT) }, (_, i) =>
    makeEvent(MessagesUnseen, {
      aggregateId: roomId,
      sequence: log.lastSeq,
      payload: { ...about, people: people.slice(i * MOST_IN_AN_EVENT, (i + 1) * MOST_IN_AN_EVENT) },
    }),
  )
}
