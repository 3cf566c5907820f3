import type { MembersChange, Profile, RoomActor } from '../../../src/features/chat/commands.ts'
import { isModerator, MAX_MEMBERS } from '../../../src/features/chat/domain/room-rules.ts'
import { notFound, Refusal } from '../../../src/platform/errors.ts'
import { newId } from '../../../src/platform/ids.ts'
import type { InviteRow } from '../invites.ts'
import type { Member } from '../members.ts'
import type { RoomParts } from '../parts.ts'
import { demandGroup, demandMember, type Effect } from './effect.ts'
import { type ChangedMember, tellChange } from './members-changed.ts'

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

export function demandInviting({ room }: RoomParts, actor: Member): void {
  if (room.get().who_invites === 'moderators' && !isModerator(actor.role)) {
    throw new Refusal('FORBIDDEN', 'Only moderators invite people to this room')
  }
}

function demandRoomFor({ room }: RoomParts, count: number): void {
  if (room.get().member_count + count > MAX_MEMBERS) {
    throw new Refusal('CONFLICT', `This room is full: it takes ${MAX_MEMBERS} members`)
  }
}

/** The databases take this for a summary of the newcomers' reading: they have nothing unread, and are not mentioned. */
function admit(parts: RoomParts, by: RoomActor, people: readonly Profile[]): Effect<MembersChange> {
  const { room, log, members, watermarks, invites } = parts
  const now = Date.now()
  const changed: ChangedMember[] = []
  // Who comes back may have been mentioned before they left: the databases count that until they are told.
  watermarks.markUntold(people.map(({ userId }) => userId).filter((userId) => members.findRow(userId)))
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
  return { result: tellChange(parts, by, changed), lines }
}
