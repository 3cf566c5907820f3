import type { Reading, RoomActor, WorkData } from '../../../src/features/chat/commands.ts'
import { isModerator, MAX_INVITES, MOST_UNREAD } from '../../../src/features/chat/domain/room-rules.ts'
import { PersonInvited, RoomUpdated, type RoomUpdatedPayload } from '../../../src/features/chat/events.ts'
import type { Invite, OwnMembership } from '../../../src/features/chat/schemas.ts'
import { notFound, Refusal } from '../../../src/platform/errors.ts'
import { makeEvent } from '../../shared/outbox.ts'
import { toInvite } from '../invites.ts'
import { type Member, mutedUntil } from '../members.ts'
import type { RoomParts } from '../parts.ts'
import { columnsOf, settingsOf } from '../room.ts'
import { seeAuthors } from '../summary.ts'
import { tellSeen } from '../unseen.ts'
import { demandGroup, demandMember, type Effect } from './effect.ts'
import { demandInviting } from './joining.ts'

/** Moderators name the room and slow it down; who may come, invite and write is for owners to say. */
export function updateRoom(
  parts: RoomParts,
  by: RoomActor,
  { name, ...settings }: WorkData<'room:update'>,
): Effect<RoomUpdatedPayload> {
  const { room, log, outbox } = parts
  const member = demandMember(parts, by)
  demandGroup(parts, 'A private room has no settings')
  if (!isModerator(member.role)) throw new Refusal('FORBIDDEN', 'Only moderators change the room')
  const { joinPolicy, whoInvites, whoPosts } = settings
  if (member.role !== 'owner' && (joinPolicy ?? whoInvites ?? whoPosts) !== undefined) {
    throw new Refusal('FORBIDDEN', 'Only owners say who may join, invite and write')
  }
  const before = JSON.stringify(room.get())
  room.update({ ...columnsOf(settings), ...(name === undefined ? {} : { name }) })
  const row = room.get()
  const payload = (seq: number): RoomUpdatedPayload => ({ roomId: row.id, seq, name: row.name, ...settingsOf(row) })
  if (JSON.stringify(row) === before) return { result: payload(log.lastSeq), lines: [] }
  const { seq: _own, ...told } = payload(0)
  const line = log.record('room:updated', told)
  const result = payload(log.lastSeq)
  outbox.add(makeEvent(RoomUpdated, { aggregateId: row.id, sequence: log.lastSeq, payload: result }))
  return { result, lines: [line] }
}

export function createInvite(
  parts: RoomParts,
  by: RoomActor,
  { id, codeHash, expiresAt, maxUses, userId }: WorkData<'invite:create'>,
): Effect<Invite> {
  const { room, log, invites, members, outbox } = parts
  const member = demandMember(parts, by)
  demandGroup(parts, 'A private room has two members')
  demandInviting(parts, member)
  const now = Date.now()
  if (userId !== null && members.find(userId)) throw new Refusal('CONFLICT', 'This person is a member already')
  if (userId !== null && members.findRow(userId)?.banned_at) {
    throw new Refusal('FORBIDDEN', 'This person is banned from this room')
  }
  invites.prune(now)
  if (invites.list(now).length >= MAX_INVITES) {
    throw new Refusal('CONFLICT', `A room has at most ${MAX_INVITES} invitations at a time: revoke one first`)
  }
  const row = {
    id,
    code_hash: codeHash,
    created_by: by.userId,
    created_at: now,
    expires_at: expiresAt,
    max_uses: userId === null ? maxUses : 1,
    user_id: userId,
  }
  invites.add(row)
  if (userId !== null) {
    const { id: roomId, name: roomName } = room.get()
    const inviter = { inviterId: by.userId, inviterName: by.username }
    const payload = { roomId, roomName, inviteId: id, userId, ...inviter, expiresAt }
    outbox.add(makeEvent(PersonInvited, { aggregateId: roomId, sequence: log.lastSeq, payload }))
  }
  return { result: toInvite({ ...row, uses: 0 }), lines: [] }
}

/** One's own, or as a moderator anybody's. */
export function revokeInvite(parts: RoomParts, by: RoomActor, { id }: WorkData<'invite:revoke'>): Effect<null> {
  const member = demandMember(parts, by)
  const row = parts.invites.find(id, Date.now())
  if (!row || (row.created_by !== by.userId && !isModerator(member.role))) throw notFound('Invitation')
  parts.invites.revoke(id)
  return { result: null, lines: [] }
}

/** Never back: what has been read stays read. Without `seq`, everything there is. */
export function markRead(parts: RoomParts, by: RoomActor, { seq }: WorkData<'message:read'>): Effect<Reading> {
  const { room, log, watermarks, tallies } = parts
  demandMember(parts, by)
  seeAuthors(parts, by.userId)
  const member = demandMember(parts, by)
  const row = room.get()
  // Who writes has read up to there: what they wrote since the last summary is not in their watermark yet.
  const written = tallies.authorsAfter(row.summarised_seq).find(({ author_id }) => author_id === by.userId)?.seq ?? 0
  const upTo = Math.max(written, Math.min(seq ?? log.lastSeq, log.lastSeq))
  tellSeen(parts, member, upTo)
  const seen = Math.max(member.seen_seq, upTo)
  // The caller tells the databases at once; it must win over the summary before it, and not over the next.
  room.update({ summary_no: row.summary_no + 1 })
  watermarks.markUntold([by.userId])
  const result: Reading = {
    roomId: row.id,
    version: row.summary_no + 1,
    seenCount: tallies.ordinalAt(seen),
    position: {
      seq: seen,
      unreadCount: tallies.countAfter(seen, MOST_UNREAD),
      mentionCount: tallies.countMentionsAfter(by.userId, seen, MOST_UNREAD),
    },
  }
  // What was read before is no news to anybody.
  return seen > member.seen_seq ? { result, lines: [], read: { userId: by.userId, seq: seen } } : { result, lines: [] }
}

export function setNotify(parts: RoomParts, by: RoomActor, { notify }: WorkData<'room:notify'>): Effect<OwnMembership> {
  const member = demandMember(parts, by)
  parts.members.update(by.userId, { notify })
  return { result: ownMembership({ ...member, notify }), lines: [] }
}

export function ownMembership(member: Member): OwnMembership {
  const { role, notify, seen_seq: readSeq } = member
  return { role, notify, mutedUntil: mutedUntil(member), readSeq }
}
