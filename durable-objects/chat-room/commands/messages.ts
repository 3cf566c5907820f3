import type { RoomActor, WorkData } from '../../../src/features/chat/commands.ts'
import { calledNames, isModerator, MAX_PINS, MAX_REACTIONS } from '../../../src/features/chat/domain/room-rules.ts'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import { notFound, Refusal } from '../../../src/platform/errors.ts'
import { push } from '../../shared/frames.ts'
import type { Member } from '../members.ts'
import { countsOf, type MessageRow } from '../messages.ts'
import type { RoomParts } from '../parts.ts'
import { demandMember, demandVoice, type Effect } from './effect.ts'

/** Only the author, whoever else they are; and only while they belong to the room. */
export function editMessage(
  parts: RoomParts,
  by: RoomActor,
  { messageId, content }: WorkData<'message:edit'>,
): Effect<Message> {
  const { log, messages, edits, members, watermarks, search } = parts
  const member = demandMember(parts, by)
  const row = fetchMessage(parts, messageId)
  if (row.author_id !== by.userId) throw new Refusal('FORBIDDEN', 'Only its author may edit a message')
  if (row.content === content) return { result: view(parts, row, by), lines: [] }
  const refusal = refusalToWrite(parts, member, Date.now())
  if (refusal) throw refusal
  const mentions = members.findByNames(calledNames(content)).filter(({ id }) => id !== by.userId)
  const before = (JSON.parse(row.mentions) as Message['mentions']).map(({ id }) => id)
  edits.change(row.seq, { content, edited_at: Date.now(), mentions: JSON.stringify(mentions) })
  edits.setMentions(
    row.seq,
    mentions.map(({ id }) => id),
    row,
  )
  watermarks.markUntold([...new Set([...before, ...mentions.map(({ id }) => id)])])
  search.replace(row.seq, content)
  log.record('message:edited', { messageId }, row.seq)
  const changed = fetchMessage(parts, messageId)
  return { result: view(parts, changed, by), lines: [push('message:edited', messages.view(changed), log.lastSeq)] }
}

/** The author, a moderator of the room, or who may delete anywhere. */
export function deleteMessage(
  parts: RoomParts,
  by: RoomActor,
  { messageId }: WorkData<'message:delete'>,
): Effect<{ messageId: string }> {
  const { room, log, members, watermarks, messages, edits, search } = parts
  const member = members.find(by.userId)
  if (!member && !by.mayDeleteAny) throw notFound('Room')
  const row = messages.findRow(messageId)
  if (!row) throw notFound('Message')
  if (row.author_id !== by.userId && !by.mayDeleteAny && !(member && isModerator(member.role))) {
    throw new Refusal('FORBIDDEN', 'Only its author and moderators may delete a message')
  }
  // Whoever asks again is told the same.
  if (row.deleted_at !== null) return { result: { messageId }, lines: [] }
  edits.remove(row, Date.now())
  room.update({ deleted_count: room.get().deleted_count + 1 })
  watermarks.markUntold((JSON.parse(row.mentions) as Message['mentions']).map(({ id }) => id))
  search.replace(row.seq, undefined)
  const line = log.record('message:deleted', { messageId, roomId: room.get().id }, row.seq)
  return { result: { messageId }, lines: [line] }
}

export function setReaction(
  parts: RoomParts,
  by: RoomActor,
  { messageId, emoji }: WorkData<'reaction:add'>,
  added: boolean,
): Effect<Message> {
  const { room, log, edits } = parts
  const member = demandMember(parts, by)
  const row = fetchMessage(parts, messageId)
  demandVoice(parts, member)
  const counts = countsOf(row)
  if (added && counts[emoji] === undefined && Object.keys(counts).length >= MAX_REACTIONS) {
    throw new Refusal('CONFLICT', `A message takes ${MAX_REACTIONS} different reactions`)
  }
  const changed = edits.react(row.seq, by.userId, emoji, added)
  if (!changed) return { result: view(parts, row, by), lines: [] }
  const count = (counts[emoji] ?? 0) + (added ? 1 : -1)
  const { [emoji]: _before, ...others } = counts
  edits.change(row.seq, { reactions: JSON.stringify(count > 0 ? { ...counts, [emoji]: count } : others) })
  const { id: roomId } = room.get()
  const line = log.record('message:reaction', { roomId, messageId, emoji, userId: by.userId, added, count }, row.seq)
  return { result: view(parts, fetchMessage(parts, messageId), by), lines: [line] }
}

/** Moderators, and either person of a private room. All are told, so who may not write may not pin either. */
export function setPin(
  parts: RoomParts,
  by: RoomActor,
  { messageId }: WorkData<'message:pin'>,
  pinned: boolean,
): Effect<Message> {
  const { room, log, tallies, edits } = parts
  const member = demandMember(parts, by)
  const row = fetchMessage(parts, messageId)
  if (room.get().type === 'group' && !isModerator(member.role)) {
    throw new Refusal('FORBIDDEN', 'Only moderators may pin messages here')
  }
  demandVoice(parts, member)
  if ((row.pinned_seq !== null) === pinned) return { result: view(parts, row, by), lines: [] }
  if (pinned && tallies.countPinned() >= MAX_PINS) {
    throw new Refusal('CONFLICT', `A room has at most ${MAX_PINS} pinned messages`)
  }
  edits.change(row.seq, { pinned_seq: pinned ? log.lastSeq + 1 : null })
  const { id: roomId } = room.get()
  const line = log.record('message:pinned', { roomId, messageId, userId: by.userId, pinned }, row.seq)
  return { result: view(parts, fetchMessage(parts, messageId), by), lines: [line] }
}

/** Why a member may not write here, but for slow mode: then they may, a little later. */
export function refusalToWrite({ room, blocks }: RoomParts, member: Member, now: number): Refusal | undefined {
  const blocked = blocks.refusalFor(member.user_id)
  if (blocked) return blocked
  if (member.muted_until > now) return new Refusal('FORBIDDEN', 'You are muted in this room')
  if (room.get().who_posts === 'members' || isModerator(member.role)) return undefined
  return new Refusal('FORBIDDEN', 'Only moderators write in this room')
}

/** Why a member may not write now. */
export function refusalToPost(parts: RoomParts, member: Member, now: number): Refusal | undefined {
  const refusal = refusalToWrite(parts, member, now)
  const { slow_mode_seconds } = parts.room.get()
  if (refusal || slow_mode_seconds === 0 || isModerator(member.role)) return refusal
  const waitMs = member.last_sent_at + slow_mode_seconds * 1_000 - now
  if (waitMs <= 0) return undefined
  const seconds = Math.ceil(waitMs / 1_000)
  return new Refusal('RATE_LIMITED', `Slow mode: write again in ${seconds} seconds`, { retryAfterSeconds: seconds })
}

function fetchMessage({ messages }: RoomParts, messageId: string): MessageRow {
  const row = messages.find(messageId)
  if (!row) throw notFound('Message')
  return row
}

function view({ messages }: RoomParts, row: MessageRow, by: RoomActor): Message {
  const [message] = messages.viewAll([row], by.userId)
  return message ?? messages.view(row)
}
