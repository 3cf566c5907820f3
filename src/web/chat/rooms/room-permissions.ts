import type { Room, RoomMember, RoomWithMembers } from '../../../client/index.ts'

export type RoomRole = RoomMember['role']
type Place = Pick<RoomWithMembers, 'type' | 'settings' | 'own'>

const RANK: Record<RoomRole, number> = { member: 0, moderator: 1, owner: 2 }

const isModerator = (role: RoomRole): boolean => RANK[role] >= RANK.moderator

/** What a viewer may do in a room, as far as a page can know: the room itself decides. */
export interface RoomPermissions {
  /** Name, topic, slow mode. */
  mayEdit: boolean
  /** Who joins, invites and writes. */
  mayGovern: boolean
  /** Adding people and making invitations. */
  mayInvite: boolean
  mayPost: boolean
  /** Seeing and lifting bans. */
  mayModerate: boolean
  mayLeave: boolean
}

export function permissionsIn({ type, settings, own }: Place, now = Date.now()): RoomPermissions {
  const isGroup = type === 'group'
  const moderates = isModerator(own.role)
  return {
    mayEdit: isGroup && moderates,
    mayGovern: isGroup && own.role === 'owner',
    mayInvite: isGroup && (settings.whoInvites === 'members' || moderates),
    mayPost: (!isGroup || settings.whoPosts === 'members' || moderates) && !isMuted(own, now),
    mayModerate: isGroup && moderates,
    mayLeave: isGroup,
  }
}

export function isMuted({ mutedUntil }: { mutedUntil: string | null }, now = Date.now()): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > now
}

export type MemberAct =
  | 'make-owner'
  | 'make-moderator'
  | 'make-member'
  | 'mute'
  | 'unmute'
  | 'remove'
  | 'ban'
  | 'message'
  | 'block'

/**
 * What the viewer may do to a member: moderators act on members, owners on all but owners, and owners give roles; their
 * own role they give away only while another owner is left.
 */
export function actsOn(
  member: Pick<RoomMember, 'id' | 'role' | 'mutedUntil'>,
  viewer: { userId: string; role: RoomRole; hasOtherOwner: boolean },
  now = Date.now(),
): MemberAct[] {
  const isSelf = member.id === viewer.userId
  const acts: MemberAct[] = []
  if (!isSelf) acts.push('message')
  if (viewer.role === 'owner' && (isSelf ? viewer.hasOtherOwner : member.role !== 'owner')) {
    if (member.role !== 'owner') acts.push('make-owner')
    if (member.role !== 'moderator') acts.push('make-moderator')
    if (member.role !== 'member') acts.push('make-member')
  }
  if (!isSelf && isModerator(viewer.role) && RANK[viewer.role] > RANK[member.role]) {
    acts.push(isMuted(member, now) ? 'unmute' : 'mute', 'remove', 'ban')
  }
  if (!isSelf) acts.push('block')
  return acts
}

/** Whether an owner may go: the last one hands the room over first, unless nobody else is left. */
export function leavingOf(
  { type, own, memberCount }: Pick<RoomWithMembers, 'type' | 'own' | 'memberCount'>,
  members: readonly Pick<RoomMember, 'id' | 'role'>[],
  userId: string,
): 'may' | 'last-owner' | 'last-member' | 'private' {
  if (type === 'private') return 'private'
  if (memberCount <= 1) return 'last-member'
  const isLastOwner = own.role === 'owner' && !hasOtherOwner(members, userId)
  // Of a crowd not all members are known here: then the room itself says no.
  return isLastOwner && members.length >= memberCount ? 'last-owner' : 'may'
}

export function hasOtherOwner(members: readonly Pick<RoomMember, 'id' | 'role'>[], userId: string): boolean {
  return members.some(({ id, role }) => role === 'owner' && id !== userId)
}

export interface MemberGroup {
  title: string
  members: RoomMember[]
}

/** Owners and moderators first, then the others; those who are here come before those who are not. */
export function groupMembers(
  members: readonly RoomMember[],
  { online, filter = '' }: { online: ReadonlySet<string> | null; filter?: string },
): MemberGroup[] {
  const key = filter.trim().toLowerCase()
  const found = members.filter(({ username }) => username.toLowerCase().includes(key))
  const isHere = ({ id }: RoomMember) => Number(online?.has(id) ?? false)
  const sorted = [...found].sort((a, b) => isHere(b) - isHere(a) || a.username.localeCompare(b.username))
  const ofRole = (role: RoomRole) => sorted.filter((member) => member.role === role)
  return [
    { title: 'Owners', members: ofRole('owner') },
    { title: 'Moderators', members: ofRole('moderator') },
    { title: 'Members', members: ofRole('member') },
  ].filter((group) => group.members.length > 0)
}

/** Own rooms whose name, or other person, the text begins a word of. */
export function filterRooms<R extends Pick<Room, 'name' | 'topic' | 'peer' | 'type'>>(
  rooms: readonly R[],
  text: string,
): R[] {
  const key = plain(text)
  if (key === '') return [...rooms]
  return rooms.filter(({ name, peer }) => {
    const titles = peer ? [`${peer.firstName} ${peer.lastName}`, peer.username] : [name]
    return titles.some((title) => ` ${plain(title)}`.includes(` ${key}`))
  })
}

/** As the server compares names: no accents, no upper case. */
function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
}
