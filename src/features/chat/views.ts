import { isoTime } from '../../platform/clock.ts'
import type { PersonRow } from '../people/index.ts'
import type { RoomCreatedPayload } from './events.ts'
import type { ListedRoom } from './queries.ts'
import type { Room } from './schemas.ts'

export function toRoom(row: ListedRoom): Room {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    topic: row.topic,
    joinPolicy: row.joinPolicy,
    createdBy: row.createdBy,
    createdAt: isoTime(row.createdAt),
    updatedAt: isoTime(row.updatedAt),
    memberCount: row.memberCount,
    peer: toPeer(row),
    lastSeq: row.lastSeq,
    lastMessage: toLastMessage(row),
    unreadCount: row.unread,
    mentionCount: row.mentions,
  }
}

/** A room that has just been made, before anything was said in it. */
export function toNewRoom(room: RoomCreatedPayload, peer: PersonRow | null): Room {
  const createdAt = isoTime(room.createdAt)
  return {
    id: room.roomId,
    type: room.type,
    name: room.name,
    topic: room.topic,
    joinPolicy: room.joinPolicy,
    createdBy: room.createdBy,
    createdAt,
    updatedAt: createdAt,
    memberCount: room.memberCount,
    peer,
    lastSeq: room.seq,
    lastMessage: null,
    unreadCount: 0,
    mentionCount: 0,
  }
}

function toPeer({ peerId, peerUsername, peerFirstName, peerLastName, peerAvatar }: ListedRoom): Room['peer'] {
  if (peerId === null || peerUsername === null) return null
  return {
    id: peerId,
    username: peerUsername,
    firstName: peerFirstName ?? '',
    lastName: peerLastName ?? '',
    avatar: peerAvatar,
  }
}

function toLastMessage(row: ListedRoom): Room['lastMessage'] {
  if (row.lastMessageId === null || row.lastMessageSenderId === null) return null
  return {
    id: row.lastMessageId,
    seq: row.lastMessageSeq ?? 0,
    content: row.lastMessagePreview ?? '',
    senderId: row.lastMessageSenderId,
    createdAt: isoTime(row.lastMessageAt ?? row.createdAt),
  }
}
