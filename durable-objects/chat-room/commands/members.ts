import type { MembersChange, RoomActor, WorkData } from '../../../src/features/chat/commands.ts'
import { isModerator, mayActOn } from '../../../src/features/chat/domain/room-rules.ts'
import type { RoomMember } from '../../../src/features/chat/schemas.ts'
import { MINUTE_MS } from '../../../src/platform/clock.ts'
import { notFound, Refusal } from '../../../src/platform/errors.ts'
import { type Member, toRoomMember } from '../members.ts'
import type { RoomParts } from '../parts.ts'
import { tellSeen } from '../unseen.ts'
import { type Departure, demandGroup, demandMember, type Effect } from './effect.ts'
import { changedOf, memberUpdated, tellChange } from './members-changed.ts'

/** The last owner hands the room over first, unless nobody else is left: then nobody comes in any more. */
export function leaveRoom(parts: RoomParts, by: RoomActor): Effect<MembersChange> {
  const member = demandMember(parts, by)
  demandGroup(parts, 'A private room cannot be left')
  demandOwnerAfter(parts, member)
  return dismiss(parts, by, member, 'left')
}

export function removeMember(
  parts: RoomParts,
  by: RoomActor,
  { userId }: WorkData<'member:remove'>,
): Effect<MembersChange> {
  if (userId === by.userId) return leaveRoom(parts, by)
  const target = demandTarget(parts, by, userId)
  return dismiss(parts, by, target, 'removed')
}

/** Also of somebody who has left: they cannot come back. Banning again keeps the first ban. */
export function banMember(
  parts: RoomParts,
  by: RoomActor,
  { userId, reason }: WorkData<'member:ban'>,
): Effect<MembersChange> {
  const { members } = parts
  const actor = demandMember(parts, by)
  demandGroup(parts, 'In a private room, block the person instead')
  const target = members.findRow(userId)
  if (!isModerator(actor.role) || (target?.left_at === null && !mayActOn(actor.role, target.role))) throw outranked()
  if (!target) throw notFound('Member')
  if (target.banned_at !== null) return { result: null, lines: [] }
  members.update(userId, { banned_at: Date.now(), banned_by: by.userId, ban_reason: reason ?? null })
  return target.left_at === null ? dismiss(parts, by, target, 'banned') : { result: null, lines: [] }
}

export function unbanMember(parts: RoomParts, by: RoomActor, { userId }: WorkData<'member:unban'>): Effect<null> {
  const actor = demandMember(parts, by)
  if (!isModerator(actor.role)) throw outranked()
  if (!parts.members.findRow(userId)?.banned_at) throw notFound('Ban')
  parts.members.update(userId, { banned_at: null, banned_by: null, ban_reason: null })
  return { result: null, lines: [] }
}

/** Owners decide who moderates, and who owns. */
export function setRole(
  parts: RoomParts,
  by: RoomActor,
  { userId, role }: WorkData<'member:role'>,
): Effect<{ member: RoomMember; change: MembersChange }> {
  const { log, members } = parts
  const actor = demandMember(parts, by)
  demandGroup(parts, 'In a private room both are alike')
  if (actor.role !== 'owner') throw new Refusal('FORBIDDEN', 'Only owners give roles')
  const target = members.find(userId)
  if (!target) throw notFound('Member')
  if (target.role === role) return { result: { member: toRoomMember(target), change: null }, lines: [] }
  if (target.role === 'owner' && userId !== by.userId) throw outranked()
  if (target.role === 'owner' && !members.hasOtherOwner(userId)) throw lastOwner()
  members.update(userId, { role })
  const line = log.record('room:member-updated', memberUpdated(parts, { ...target, role }))
  const change = tellChange(parts, by, [changedOf({ ...target, role }, log.lastSeq, 'role')])
  return { result: { member: toRoomMember({ ...target, role }), change }, lines: [line] }
}

/** A muted member reads and does not write. `minutes` undefined lets them write again. */
export function setMute(
  parts: RoomParts,
  by: RoomActor,
  userId: string,
  minutes: number | undefined,
): Effect<RoomMember> {
  const target = demandTarget(parts, by, userId)
  const until = minutes === undefined ? 0 : Date.now() + minutes * MINUTE_MS
  const muted = { ...target, muted_until: until }
  if (until === 0 && target.muted_until <= Date.now()) return { result: toRoomMember(target), lines: [] }
  parts.members.update(userId, { muted_until: until })
  const line = parts.log.record('room:member-updated', memberUpdated(parts, muted))
  return { result: toRoomMember(muted), lines: [line] }
}

function demandTarget(parts: RoomParts, by: RoomActor, userId: string): Member {
  const actor = demandMember(parts, by)
  demandGroup(parts, 'In a private room, block the person instead')
  const target = parts.members.find(userId)
  // Who may not moderate does not learn who belongs to the room from the refusal either.
  if (!isModerator(actor.role)) throw outranked()
  if (!target) throw notFound('Member')
  if (!mayActOn(actor.role, target.role)) throw outranked()
  return target
}

function demandOwnerAfter({ room, members }: RoomParts, member: Member): void {
  if (member.role !== 'owner' || room.get().member_count === 1) return
  if (!members.hasOtherOwner(member.user_id)) throw lastOwner()
}

/** Takes somebody out: tells all who stay, and the databases. */
export function dismiss(parts: RoomParts, by: RoomActor, member: Member, reason: Departure): Effect<MembersChange> {
  const { room, log, members } = parts
  const { user_id: userId, username } = member
  const line = log.record('room:user-left', { userId, username, roomId: room.get().id, reason })
  // Nothing of it stays unread for them: a notification that they have would lead nowhere.
  tellSeen(parts, member, log.lastSeq)
  // A mute stays, and so does what slow mode remembers: nobody gets rid of them by leaving.
  members.update(userId, { left_at: Date.now(), role: 'member' })
  room.update({ member_count: room.get().member_count - 1 })
  const change = tellChange(parts, by, [changedOf(member, log.lastSeq, reason)])
  return { result: change, lines: [line], gone: [{ userId, reason }] }
}

function outranked(): Refusal {
  return new Refusal('FORBIDDEN', 'Your role in this room does not allow that')
}

function lastOwner(): Refusal {
  return new Refusal('CONFLICT', 'Make somebody else an owner first')
}
