import type { TimePlace } from '../../platform/cursor.ts'
import type { Message, Reactor } from './message-schemas.ts'
import type { Ban, Invite, OwnMembership, RoomMember, RoomPreview, RoomSettings } from './schemas.ts'

export type MemberPlaceOnWire = TimePlace

/** What can be asked of a room's object, which is the truth; only members are answered, but for `preview`. */
export type Question =
  | { kind: 'room' }
  /** Messages before or after a seq, or so many of the newest later; oldest first in itself. */
  | { kind: 'history'; before?: number; after?: number; offset?: number; limit: number; countTo?: number }
  | { kind: 'message'; messageId: string }
  | { kind: 'thread'; messageId: string; after: number; limit: number }
  | { kind: 'pins'; limit: number }
  | { kind: 'reactors'; messageId: string; after?: { userId: string; emoji: string }; limit: number }
  | { kind: 'search'; text: string; limit: number }
  | { kind: 'members'; after?: TimePlace; limit: number }
  | { kind: 'bans'; after?: TimePlace; limit: number }
  | { kind: 'invites' }
  /** By whoever may join. */
  | { kind: 'preview'; invite?: string }

export type QuestionKind = Question['kind']

export interface Replies {
  room: {
    lastSeq: number
    memberCount: number
    name: string
    settings: RoomSettings
    own: OwnMembership
    members: RoomMember[]
  }
  /** With how many there are, where that was asked. */
  history: { messages: Message[]; total: number | null }
  message: Message
  thread: Message[]
  pins: Message[]
  reactors: Reactor[]
  search: Message[]
  members: RoomMember[]
  bans: Ban[]
  invites: Invite[]
  preview: Omit<RoomPreview, 'id'>
}
