import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import type { MembersChangedPayload, RoomUpdatedPayload } from './events.ts'
import { EditMessageBody, Emoji, type Message, type ReadPosition, SendMessageBody } from './message-schemas.ts'
import {
  BanBody,
  type Invite,
  JoinBody,
  MuteBody,
  Notify,
  type OwnMembership,
  ReadBody,
  type RoomMember,
  RoomRole,
  type UpdateRoomBody,
} from './schemas.ts'

/**
 * Everything that a person does in a room. A client says it on a socket, as the `event` and `data` of a frame, or
 * by the route of the same meaning; both are one command to the room's object, so they obey the same rules.
 */
const MessageId = z.strictObject({ messageId: Id })
const UserId = z.strictObject({ userId: Id })
const Nothing = z.strictObject({})

export const ROOM_COMMANDS = {
  'message:send': SendMessageBody,
  'message:edit': MessageId.extend(EditMessageBody.shape),
  'message:delete': MessageId,
  'message:pin': MessageId,
  'message:unpin': MessageId,
  'message:read': ReadBody,
  'reaction:add': MessageId.extend({ emoji: Emoji }),
  'reaction:remove': MessageId.extend({ emoji: Emoji }),
  'room:join': JoinBody,
  'room:leave': Nothing,
  'room:notify': z.strictObject({ notify: Notify }),
  'member:remove': UserId,
  'member:role': UserId.extend({ role: RoomRole }),
  'member:mute': UserId.extend(MuteBody.shape),
  'member:unmute': UserId,
  'member:ban': UserId.extend(BanBody.shape),
  'member:unban': UserId,
} as const

export type RoomCommandName = keyof typeof ROOM_COMMANDS

/** One of them with its data, as it has been validated. */
export type RoomCommand = {
  [N in RoomCommandName]: { event: N; data: z.output<(typeof ROOM_COMMANDS)[N]> }
}[RoomCommandName]

/** Who is added to a room, as the databases know them. */
export interface Profile {
  userId: string
  username: string
  avatar: string | null
}

/** What only our own code says to a room, after it has checked what a room cannot know. */
export interface ServerCommands {
  'room:update': UpdateRoomBody
  'member:add': { people: Profile[] }
  'invite:create': { id: string; codeHash: string; expiresAt: number; maxUses: number; userId: string | null }
  'invite:revoke': { id: string }
  /** The account is gone: nothing here names its holder any more. Goes through the log from this seq on, a part a call. */
  'member:erase': { userId: string; from: number }
}

type Inputs = { [N in RoomCommandName]: z.output<(typeof ROOM_COMMANDS)[N]> } & ServerCommands
export type Work = { [N in keyof Inputs]: { event: N; data: Inputs[N] } }[keyof Inputs]
export type WorkName = keyof Inputs
export type WorkData<N extends WorkName> = Inputs[N]

export interface SentMessage {
  message: Message
  isNew: boolean
}

/** Who has come, gone or changed; null where all was so before. What the databases are told, too. */
export type MembersChange = MembersChangedPayload | null

/** A person's reading, as the databases are told of it. */
export interface Reading {
  position: ReadPosition
  roomId: string
  version: number
  seenCount: number
}

/** What each answers. */
export interface Results {
  'message:send': SentMessage
  'message:edit': Message
  'message:delete': { messageId: string }
  'message:pin': Message
  'message:unpin': Message
  'message:read': Reading
  'reaction:add': Message
  'reaction:remove': Message
  'room:join': MembersChange
  'room:leave': MembersChange
  'room:notify': OwnMembership
  'room:update': RoomUpdatedPayload
  'member:add': MembersChange
  'member:remove': MembersChange
  'member:role': { member: RoomMember; change: MembersChange }
  'member:mute': RoomMember
  'member:unmute': RoomMember
  'member:ban': MembersChange
  'member:unban': null
  'invite:create': Invite
  'invite:revoke': null
  /** `next`: from where to call again; null where all is done. */
  'member:erase': { change: MembersChange; next: number | null }
}

/** Who says a command: a member, or somebody who may moderate everywhere, or a service of ours. */
export interface RoomActor extends Profile {
  /** Holds `delete:content`. */
  mayDeleteAny: boolean
  /** Writes without belonging to the room. */
  isService?: boolean
}
