import type { RoomMember, RoomWithMembers, UserEvent } from '../../../client/index.ts'

/** What is known of one room's people. */
export interface MembersKnown {
  room: RoomWithMembers | null
  /** In the order in which they joined, as far as they are loaded. */
  members: RoomMember[]
  membersCursor: string | null
  /** Who is here; null in a crowd, and while nobody knows. */
  online: ReadonlySet<string> | null
  onlineCount: number
}

interface Heard {
  known: MembersKnown
  /** The room is to be asked: the hint does not say all. */
  isStale: boolean
  /** The viewer is no member any more. */
  isOver: boolean
}

/** What an event of the person's own socket makes of a room's details. */
export function hearOfMembers(
  known: MembersKnown,
  event: UserEvent,
  { roomId, userId }: { roomId: string; userId: string },
): Heard {
  const same: Heard = { known, isStale: false, isOver: false }
  if (event.event === 'notification:new' || event.data.roomId !== roomId) return same
  const { room, members, online } = known
  if (event.event === 'room:removed') return { ...same, isOver: true }
  if (!room) return same
  switch (event.event) {
    case 'room:joined':
    case 'room:activity':
      return { ...same, isStale: true }
    case 'room:updated': {
      const { roomId: _id, name, ...settings } = event.data
      const { topic, joinPolicy } = settings
      return { ...same, known: { ...known, room: { ...room, name, topic, joinPolicy, settings } } }
    }
    case 'room:member-updated': {
      const { member } = event.data
      const isMe = member.id === userId
      const own = isMe ? { ...room.own, role: member.role, mutedUntil: member.mutedUntil } : room.own
      return {
        ...same,
        known: {
          ...known,
          room: { ...room, own },
          members: members.map((one) => (one.id === member.id ? member : one)),
        },
      }
    }
    case 'room:user-joined':
      // Who they are beside their name is in the list.
      return { ...same, isStale: !members.some(({ id }) => id === event.data.userId) }
    case 'room:user-left': {
      const { userId: goneId } = event.data
      if (goneId === userId) return { ...same, isOver: true }
      if (!members.some(({ id }) => id === goneId)) return { ...same, isStale: true }
      return {
        ...same,
        known: {
          ...known,
          room: { ...room, memberCount: room.memberCount - 1 },
          members: members.filter(({ id }) => id !== goneId),
          online: online && without(online, goneId),
        },
      }
    }
    case 'user:online':
      return { ...same, known: withOnline(known, online && new Set([...online, event.data.userId])) }
    case 'user:offline':
      return { ...same, known: withOnline(known, online && without(online, event.data.userId)) }
    default:
      return same
  }
}

function withOnline(known: MembersKnown, online: ReadonlySet<string> | null): MembersKnown {
  return { ...known, online, onlineCount: online?.size ?? known.onlineCount }
}

function without(ids: ReadonlySet<string>, gone: string): Set<string> {
  return new Set([...ids].filter((id) => id !== gone))
}
