import type { Message, Room, RoomMember, RoomWithMembers } from '../../../src/client/index.ts'

const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString()

/** A group whose newest message has seq `n`; the higher `n`, the newer. */
export function room(id: string, n: number, given: Partial<Room> = {}): Room {
  return {
    id,
    type: 'group',
    name: id,
    topic: '',
    joinPolicy: 'invite',
    createdBy: 'owner',
    createdAt: at(0),
    updatedAt: at(n),
    memberCount: 3,
    peer: null,
    lastSeq: n,
    lastMessage: { id: `m${n}`, seq: n, content: `message ${n}`, senderId: 'bob', createdAt: at(n) },
    unreadCount: 0,
    mentionCount: 0,
    ...given,
  }
}

export function message(roomId: string, seq: number, given: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    roomId,
    seq,
    changeSeq: seq,
    content: `message ${seq}`,
    type: 'text',
    sender: { id: 'bob', username: 'bob', avatar: null },
    clientMessageId: null,
    replyTo: null,
    threadId: null,
    replyCount: 0,
    mentions: [],
    reactions: [],
    isPinned: false,
    isEdited: false,
    editedAt: null,
    createdAt: at(seq),
    ...given,
  }
}

export function member(id: string, role: RoomMember['role'] = 'member', given: Partial<RoomMember> = {}): RoomMember {
  return { id, username: id, avatar: null, role, joinedAt: at(0), mutedUntil: null, readSeq: 0, ...given }
}

export function wholeRoom(id: string, role: RoomMember['role'], given: Partial<RoomWithMembers> = {}): RoomWithMembers {
  const settings = {
    topic: '',
    joinPolicy: 'invite',
    whoInvites: 'members',
    whoPosts: 'members',
    slowModeSeconds: 0,
  } as const
  return {
    ...room(id, 1),
    settings,
    own: { role, notify: 'all', mutedUntil: null, readSeq: 0 },
    members: [],
    ...given,
  }
}
