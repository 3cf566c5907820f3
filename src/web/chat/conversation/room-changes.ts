import type { RoomEvent, RoomWithMembers } from '../../../client/index.ts'

export type RoomView = RoomWithMembers

/** The room as it is after what was said of it. */
export function changeRoom(room: RoomView, event: RoomEvent, myId: string): RoomView {
  // What is told again from the log was in the room already when it was read.
  if ('seq' in event && event.seq <= room.lastSeq) return room
  switch (event.event) {
    case 'room:updated': {
      const { name, topic, joinPolicy, whoInvites, whoPosts, slowModeSeconds } = event.data
      return {
        ...room,
        name,
        topic,
        joinPolicy,
        settings: { topic, joinPolicy, whoInvites, whoPosts, slowModeSeconds },
      }
    }
    case 'room:member-updated': {
      const { member } = event.data
      const own = member.id === myId ? { ...room.own, role: member.role, mutedUntil: member.mutedUntil } : room.own
      return { ...room, own, members: room.members.map((known) => (known.id === member.id ? member : known)) }
    }
    case 'room:user-left': {
      const members = room.members.filter(({ id }) => id !== event.data.userId)
      return { ...room, members, memberCount: room.memberCount - 1 }
    }
    case 'room:user-joined': {
      const { userId, username } = event.data
      if (room.members.some(({ id }) => id === userId)) return room
      const fresh = { id: userId, username, avatar: null, role: 'member', mutedUntil: null, readSeq: 0 } as const
      const members = [...room.members, { ...fresh, joinedAt: new Date().toISOString() }]
      return { ...room, members, memberCount: room.memberCount + 1 }
    }
    default:
      return room
  }
}
