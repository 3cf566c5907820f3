import type { Message, Room, UserEvent } from '../../../client/index.ts'

/** What the list of rooms knows: the server's projection, and what was heard of it since. */
export interface KnownRooms {
  rooms: Room[]
  /** Up to where this person has read, as far as it was seen here: the projection may not know it yet. */
  readSeqs: Readonly<Record<string, number>>
}

export interface Viewer {
  userId: string
  /** The room on the screen: what comes there is read. */
  openRoomId: string | null
}

/** `list`: the rooms after it. `isStale`: the projection knows more than the hint said, and is to be asked. */
export interface Heard {
  list: KnownRooms
  isStale: boolean
}

const MOST_UNREAD = 100
const PREVIEW_CHARACTERS = 200

/** One line, for the list. */
function previewOf(content: string): string {
  return [...content.slice(0, PREVIEW_CHARACTERS * 2).replaceAll(/\s+/g, ' ')].slice(0, PREVIEW_CHARACTERS).join('')
}

function newestFirst(rooms: readonly Room[]): Room[] {
  return [...rooms].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt) || b.id.localeCompare(a.id))
}

/**
 * Takes a page of the projection. It follows its rooms within some two seconds, so what was heard from a room itself
 * is never replaced by an older state of it, and what was read here does not become unread again.
 */
export function mergePage(known: KnownRooms, page: readonly Room[]): KnownRooms {
  const byId = new Map(known.rooms.map((room) => [room.id, room]))
  for (const fresh of page) {
    const older = byId.get(fresh.id)
    if (!older || older.lastSeq <= fresh.lastSeq) byId.set(fresh.id, asRead(fresh, known.readSeqs[fresh.id]))
  }
  return { ...known, rooms: newestFirst([...byId.values()]) }
}

/** The first page was the whole list: what is not in it, and was there before it was asked for, has gone. */
export function dropMissing(known: KnownRooms, page: readonly Room[], askedFor: ReadonlySet<string>): KnownRooms {
  const there = new Set(page.map(({ id }) => id))
  return { ...known, rooms: known.rooms.filter(({ id }) => there.has(id) || !askedFor.has(id)) }
}

export function removeRoom(known: KnownRooms, roomId: string): KnownRooms {
  return { ...known, rooms: known.rooms.filter(({ id }) => id !== roomId) }
}

/** Read up to `seq`; without it, all that is known. Isolated older unread messages leave the counts to the server. */
export function markRead(known: KnownRooms, roomId: string, seq = newestSeq(known, roomId)): Heard {
  const readSeq = Math.max(known.readSeqs[roomId] ?? 0, seq)
  const rooms = known.rooms.map((room) => (room.id === roomId ? asRead(room, readSeq) : room))
  const room = rooms.find(({ id }) => id === roomId)
  return {
    list: { rooms, readSeqs: { ...known.readSeqs, [roomId]: readSeq } },
    isStale: (room?.unreadCount ?? 0) > 0,
  }
}

export function hearMessage(known: KnownRooms, message: Message, viewer: Viewer): Heard {
  const room = known.rooms.find(({ id }) => id === message.roomId)
  if (!room) return { list: known, isStale: true }
  if (message.seq <= room.lastSeq && room.lastMessage && room.lastMessage.seq >= message.seq) {
    return { list: known, isStale: false }
  }
  const { id, seq, content, sender, createdAt } = message
  const isRead = sender.id === viewer.userId || room.id === viewer.openRoomId
  const isMentioned = message.mentions.some((mention) => mention.id === viewer.userId)
  const next: Room = {
    ...room,
    lastSeq: Math.max(seq, room.lastSeq),
    lastMessage: { id, seq, content: previewOf(content), senderId: sender.id, createdAt },
    updatedAt: later(createdAt, room.updatedAt),
    unreadCount: Math.min(room.unreadCount + 1, MOST_UNREAD),
    mentionCount: Math.min(room.mentionCount + Number(isMentioned), MOST_UNREAD),
  }
  const list = replace(known, next)
  return isRead ? markRead(list, room.id, seq) : { list, isStale: false }
}

/** What an event of the person's own socket makes of the list. Hints may come twice, late or not at all. */
export function hear(known: KnownRooms, event: UserEvent, viewer: Viewer): Heard {
  const same = { list: known, isStale: false }
  switch (event.event) {
    case 'message:new':
      return hearMessage(known, event.data, viewer)
    case 'message:edited':
      return onLast(known, event.data.roomId, event.data.id, (room) => ({
        ...room,
        lastMessage: room.lastMessage && { ...room.lastMessage, content: previewOf(event.data.content) },
      }))
    case 'message:deleted': {
      const room = known.rooms.find(({ id }) => id === event.data.roomId)
      if (!room) return same
      // Which message is the last one now, and how many are unread, only the server knows.
      const isLast = room.lastMessage?.id === event.data.messageId
      const list = isLast ? replace(known, { ...room, lastMessage: null }) : known
      return { list, isStale: isLast || room.unreadCount > 0 }
    }
    case 'room:updated': {
      const { roomId, name, topic, joinPolicy } = event.data
      return onRoom(known, roomId, event.seq, (room) => ({ ...room, name, topic, joinPolicy }))
    }
    case 'room:user-joined':
      return onRoom(known, event.data.roomId, event.seq, (room) => ({ ...room, memberCount: room.memberCount + 1 }))
    case 'room:user-left':
      if (event.data.userId === viewer.userId) return { list: removeRoom(known, event.data.roomId), isStale: false }
      return onRoom(known, event.data.roomId, event.seq, (room) => ({ ...room, memberCount: room.memberCount - 1 }))
    case 'room:removed':
      return { list: removeRoom(known, event.data.roomId), isStale: false }
    case 'room:joined':
      return { list: known, isStale: true }
    case 'room:activity': {
      const room = known.rooms.find(({ id }) => id === event.data.roomId)
      return { list: known, isStale: !room || room.lastSeq < event.data.seq }
    }
    case 'room:read': {
      const own = event.data.reads.find(({ userId }) => userId === viewer.userId)
      return own ? markRead(known, event.data.roomId, own.seq) : same
    }
    default:
      return same
  }
}

/** Rooms with something unread, and how much that is, for a title or a badge. Muted ones count by mentions only. */
export function countUnread(rooms: readonly Room[], isMuted: (roomId: string) => boolean = () => false): number {
  return rooms.reduce((sum, { id, unreadCount, mentionCount }) => sum + (isMuted(id) ? mentionCount : unreadCount), 0)
}

function asRead(room: Room, readSeq: number | undefined): Room {
  if (readSeq === undefined || (room.unreadCount === 0 && room.mentionCount === 0)) return room
  return readSeq >= (room.lastMessage?.seq ?? room.lastSeq) ? { ...room, unreadCount: 0, mentionCount: 0 } : room
}

const later = (a: string, b: string): string => [a, b].sort().at(-1) ?? a

function newestSeq({ rooms }: KnownRooms, roomId: string): number {
  return rooms.find(({ id }) => id === roomId)?.lastSeq ?? 0
}

function replace(known: KnownRooms, next: Room): KnownRooms {
  return { ...known, rooms: newestFirst(known.rooms.map((room) => (room.id === next.id ? next : room))) }
}

function onLast(known: KnownRooms, roomId: string, messageId: string, change: (room: Room) => Room): Heard {
  const room = known.rooms.find(({ id }) => id === roomId)
  const isLast = room?.lastMessage?.id === messageId
  return { list: room && isLast ? replace(known, change(room)) : known, isStale: false }
}

/** Once: what the list knew already at this seq stays as it is. */
function onRoom(known: KnownRooms, roomId: string, seq: number, change: (room: Room) => Room): Heard {
  const room = known.rooms.find(({ id }) => id === roomId)
  if (!room) return { list: known, isStale: true }
  if (seq <= room.lastSeq) return { list: known, isStale: false }
  return { list: replace(known, { ...change(room), lastSeq: seq }), isStale: false }
}
