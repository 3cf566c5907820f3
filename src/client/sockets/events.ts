import type { Message, Notification, RoomMember, RoomWithMembers } from '../api-types.ts'

/** A person who has come, gone, or is here. */
interface Person {
  userId: string
  username: string
  roomId: string
}

type RoomSettings = RoomWithMembers['settings']

/** The log of a room: each with the next number, without a gap. */
interface LogEvents {
  'message:new': Message
  /** What is known of the message is no longer so: this is all of it. */
  'message:edited': Message
  'message:deleted': { roomId: string; messageId: string }
  /** `count` is what the emoji has now. */
  'message:reaction': {
    roomId: string
    messageId: string
    emoji: string
    userId: string
    added: boolean
    count: number
  }
  'message:pinned': { roomId: string; messageId: string; userId: string; pinned: boolean }
  'room:user-joined': Person
  'room:user-left': Person & { reason: 'left' | 'removed' | 'banned' }
  'room:member-updated': { roomId: string; member: RoomMember }
  'room:updated': RoomSettings & { roomId: string; name: string }
}

/** What is of the moment: told once, if at all. */
interface MomentEvents {
  /** Everything up to `seq` has been told. Null where a room has more than a hundred members. */
  'room:ready': { roomId: string; seq: number; online: string[] | null; onlineCount: number }
  'typing:start': Person
  'typing:stop': { roomId: string; userId: string }
  'user:online': Person
  'user:offline': Person
  /** In rooms above a hundred members. */
  'room:presence': { roomId: string; count: number }
  /** Who has read up to where, where that has changed. */
  'room:read': { roomId: string; reads: { userId: string; seq: number }[] }
}

interface OwnEvents {
  'notification:new': Notification
  /** The room is at `seq`, and not all that led there was told. */
  'room:activity': { roomId: string; seq: number }
  'room:joined': { roomId: string }
  'room:removed': { roomId: string; reason: 'left' | 'removed' | 'banned' }
}

type Told<Events> = { [E in keyof Events]: { event: E; data: Events[E] } }[keyof Events]
type Logged = { [E in keyof LogEvents]: { event: E; seq: number; data: LogEvents[E] } }[keyof LogEvents]

/** More was missed than can be told one by one: forget what is known of the room and start from these, the newest. */
export interface HistoryReset {
  event: 'history:reset'
  data: {
    messages: Message[]
    nextCursor: string | null
    /** Up to where all was told before; null where nothing was. */
    since: number | null
  }
}

/** What a room's connection tells: what has a `seq`, each once and in that order. */
export type RoomEvent = Logged | Told<MomentEvents> | HistoryReset

/** What a person's own connection tells: the events of all their rooms, and what is theirs. */
export type UserEvent = (Logged & { roomId: string }) | (Told<MomentEvents> & { roomId: string }) | Told<OwnEvents>

const LOGGED: Record<keyof LogEvents, true> = {
  'message:new': true,
  'message:edited': true,
  'message:deleted': true,
  'message:reaction': true,
  'message:pinned': true,
  'room:user-joined': true,
  'room:user-left': true,
  'room:member-updated': true,
  'room:updated': true,
}
const MOMENTARY: Record<keyof MomentEvents, true> = {
  'room:ready': true,
  'typing:start': true,
  'typing:stop': true,
  'user:online': true,
  'user:offline': true,
  'room:presence': true,
  'room:read': true,
}

export function isLogged(event: string): event is keyof LogEvents {
  return Object.hasOwn(LOGGED, event)
}

export function isMomentary(event: string): event is keyof MomentEvents {
  return Object.hasOwn(MOMENTARY, event)
}
