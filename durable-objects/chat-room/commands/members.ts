import type { MembersChange, Profile, RoomActor, WorkData } from '../../../src/features/chat/commands.ts'
import { isLargeRoom, isModerator, MAX_MEMBERS, mayActOn } from '../../../src/features/chat/domain/room-rules.ts'
import { MembersChanged, type MembersChangedPayload } from '../../../src/features/chat/events.ts'
import type { RoomMember } from '../../../src/features/chat/schemas.ts'
import { MINUTE_MS } from '../../../src/platform/clock.ts'
import { notFound, Refusal } from '../../../src/platform/errors.ts'
import { newId } from '../../../src/platform/ids.ts'
import { makeEvent } from '../../shared/outbox.ts'
import type { InviteRow } from '../invites.ts'
import { type Member, toRoomMember } from '../members.ts'
import type { RoomParts } from '../parts.ts'
import { tellSeen } from '../unseen.ts'
import { type Departure, demandGroup, demandMember, type Effect } from './effect.ts'

type Changed = MembersChangedPayload['members'][number]

/** An open room takes anybody; another one who holds an invite, or for whom one waits. Joining again changes nothing. */
export function joinRoom(parts: RoomParts, by: RoomActor, { invite }: { invite?: string }): Effect<MembersChange> {
  const { isMember, usable } = admissionOf(parts, by.userId, invite)
  if (isMember) return { result: null, lines: [] }
  if (usable && parts.room.get().join_policy !== 'open') parts.invites.use(usable.id)
  return admit(parts, by, [by])
}

/**
 * By what somebody may come in, before they do: `usable` is the invite that lets them in, where it takes one.
 * @throws Refusal in the words of joining, where they may not
 */
export function admissionOf(
  parts: RoomParts,
  userId: string,
  invite: string | undefined,
): { isMember: boolean; usable?: InviteRow | undefined } {
  const { room, members, invites } = parts
  const row = room.find()
  if (!row) throw notFound('Room')
  if (members.find(userId)) return { isMember: true }
  // A private room is its two people's, for ever, and one that all have left is nobody's: to others neither is there.
  if (row.type === 'private' || row.member_count === 0) throw notFound('Room')
  if (members.findRow(userId)?.banned_at) throw new Refusal('FORBIDDEN', 'You are banned from this room')
  const now = Date.now()
  const found = invite === undefined ? invites.findFor(userId, now) : invites.findByCode(invite, now)
  const usable = found && (found.user_id === null || found.user_id === userId) ? found : undefined
  if (row.join_policy !== 'open' && !usable) {
    if (invite === undefined) throw notFound('Room')
    throw new Refusal('FORBIDDEN', 'This invitation is not valid any more')
  }
  demandRoomFor(parts, 1)
  return { isMember: false, usable }
}

/** By a member whom the room lets invite. Who is there already stays as they are; who is banned stays out. */
export function addMembers(parts: RoomParts, by: RoomActor, { people }: { people: Profile[] }): Effect<MembersChange> {
  const { members } = parts
  const actor = demandMember(parts, by)
  demandGroup(parts, 'A private room has two members')
  demandInviting(parts, actor)
  const newcomers = people.filter(({ userId }) => !members.find(userId))
  const banned = newcomers.filter(({ userId }) => members.findRow(userId)?.banned_at)
  if (banned.length > 0) {
    throw new Refusal('FORBIDDEN', `Banned from this room: ${banned.map(({ username }) => username).join(', ')}`)
  }
  if (newcomers.length === 0) return { result: null, lines: [] }
  demandRoomFor(parts, newcomers.length)
  return admit(parts, by, newcomers)
}

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
  const change = tell(parts, by, [changedOf({ ...target, role }, log.lastSeq, 'role')])
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

export function demandInviting({ room }: RoomParts, actor: Member): void {
  if (room.get().who_invites === 'moderators' && !isModerator(actor.role)) {
    throw new Refusal('FORBIDDEN', 'Only moderators invite people to this room')
  }
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

function demandRoomFor({ room }: RoomParts, count: number): void {
  if (room.get().member_count + count > MAX_MEMBERS) {
    throw new Refusal('CONFLICT', `This room is full: it takes ${MAX_MEMBERS} members`)
  }
}

/** The databases take this for a summary of the newcomers' reading: they have nothing unread, and are not mentioned. */
function admit(parts: RoomParts, by: RoomActor, people: readonly Profile[]): Effect<MembersChange> {
  const { room, log, members, invites } = parts
  const now = Date.now()
  const changed: Changed[] = []
  // Who comes back may have been mentioned before they left: the databases count that until they are told.
  members.markUntold(people.map(({ userId }) => userId).filter((userId) => members.findRow(userId)))
  const lines = people.map(({ userId, username, avatar }) => {
    const line = log.record('room:user-joined', { userId, username, roomId: room.get().id })
    const row = { user_id: userId, username, avatar, role: 'member' as const, notification_id: newId() }
    members.add(row, now, log.lastSeq)
    changed.push({ userId, seq: log.lastSeq, change: 'joined', role: 'member', joinedAt: now })
    return line
  })
  // Who is in needs no invitation of their own any more; else they could come back by it when they are removed.
  invites.dropOf(people.map(({ userId }) => userId))
  const { member_count, summary_no } = room.get()
  room.update({ member_count: member_count + people.length, summary_no: summary_no + 1 })
  return { result: tell(parts, by, changed), lines }
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
  const change = tell(parts, by, [changedOf(member, log.lastSeq, reason)])
  return { result: change, lines: [line], gone: [{ userId, reason }] }
}

export function changedOf({ user_id, role, joined_at }: Member, seq: number, change: Changed['change']): Changed {
  return { userId: user_id, seq, change, role, joinedAt: joined_at }
}

export function tell({ room, log, outbox }: RoomParts, by: RoomActor, changed: Changed[]): MembersChangedPayload {
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

export function memberUpdated({ room }: RoomParts, member: Member): { roomId: string; member: RoomMember } {
  return { roomId: room.get().id, member: toRoomMember(member) }
}

function outranked(): Refusal {
  return new Refusal('FORBIDDEN', 'Your role in this room does not allow that')
}

function lastOwner(): Refusal {
  return new Refusal('CONFLICT', 'Make somebody else an owner first')
}
