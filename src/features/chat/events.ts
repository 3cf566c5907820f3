import * as z from 'zod'
import { defineEvent } from '../../platform/events.ts'

/** What a room's object tells of itself. The sequence of each is the room's seq. */

const MemberRole = z.enum(['owner', 'moderator', 'member'])
const JoinPolicy = z.enum(['open', 'invite'])

export const RoomCreated = defineEvent(
  'room.created',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    objectName: z.string(),
    type: z.enum(['private', 'group']),
    name: z.string(),
    topic: z.string().default(''),
    joinPolicy: JoinPolicy.default('invite'),
    createdBy: z.uuid(),
    createdAt: z.int(),
    seq: z.int(),
    memberCount: z.int().default(0),
    isLarge: z.boolean().default(false),
    members: z.array(z.strictObject({ userId: z.uuid(), role: MemberRole, joinedAt: z.int() })),
  }),
)
export type RoomCreatedPayload = z.output<typeof RoomCreated.payload>

/** People who have come, gone or got another role, by one act. */
export const MembersChanged = defineEvent(
  'room.members_changed',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    objectName: z.string(),
    roomName: z.string(),
    actorId: z.uuid(),
    actorName: z.string(),
    at: z.int(),
    /** The room's newest seq after it. */
    seq: z.int(),
    memberCount: z.int(),
    isLarge: z.boolean(),
    /** Messages so far: who comes has none of them unread. */
    messageCount: z.int(),
    /** Of what is told of who comes, and of summaries, the higher is newer. */
    version: z.int().default(0),
    members: z.array(
      z.strictObject({
        userId: z.uuid(),
        /** Of this member's changes the higher seq is newer. */
        seq: z.int(),
        change: z.enum(['joined', 'left', 'removed', 'banned', 'role']),
        role: MemberRole,
        joinedAt: z.int(),
      }),
    ),
  }),
)
export type MembersChangedPayload = z.output<typeof MembersChanged.payload>

export const RoomUpdated = defineEvent(
  'room.updated',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    seq: z.int(),
    name: z.string(),
    topic: z.string(),
    joinPolicy: JoinPolicy,
    whoInvites: z.enum(['members', 'moderators']),
    whoPosts: z.enum(['members', 'moderators']),
    slowModeSeconds: z.int(),
  }),
)
export type RoomUpdatedPayload = z.output<typeof RoomUpdated.payload>

/** Somebody is invited by name: they may join, and have yet to hear of it. */
export const PersonInvited = defineEvent(
  'room.person_invited',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    roomName: z.string(),
    inviteId: z.uuid(),
    userId: z.uuid(),
    inviterId: z.uuid(),
    inviterName: z.string(),
    expiresAt: z.int(),
  }),
)
export type PersonInvitedPayload = z.output<typeof PersonInvited.payload>

/** The newest state of a busy room, at most once every two seconds. */
export const RoomSummarised = defineEvent(
  'room.summarised',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    /** Of two summaries the higher is newer. */
    version: z.int(),
    seq: z.int(),
    /** When the room was last active. */
    at: z.int(),
    messageCount: z.int(),
    isLarge: z.boolean(),
    message: z
      .strictObject({ id: z.uuid(), seq: z.int(), preview: z.string(), senderId: z.uuid(), at: z.int() })
      .nullable(),
    /** Which messages were deleted since the last summary, by their ordinal. */
    deleted: z.array(z.int()),
    /** Whose reading or mentions have changed since then. */
    members: z.array(z.strictObject({ userId: z.uuid(), seenCount: z.int(), mentionCount: z.int() })),
  }),
)
export type RoomSummarisedPayload = z.output<typeof RoomSummarised.payload>

/** How many messages of a room each member who is elsewhere has not seen; of one member a later one replaces an earlier. */
export const MessagesUnseen = defineEvent(
  'room.messages_unseen',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    roomType: z.enum(['private', 'group']),
    roomName: z.string(),
    /** The room's newest seq when this was told: of two the higher is newer. */
    seq: z.int(),
    people: z.array(
      z.strictObject({
        userId: z.uuid(),
        notificationId: z.uuid(),
        /** Others' messages after the member's watermark. */
        count: z.int().positive(),
        /** How many of those mention the member; absent is none. */
        mentions: z.int().nonnegative().optional(),
        /** The newest of them. */
        messageId: z.uuid(),
        preview: z.string(),
        senderName: z.string(),
        at: z.int(),
      }),
    ),
  }),
  2,
)
export type MessagesUnseenPayload = z.output<typeof MessagesUnseen.payload>

/** What one of these people has not seen. */
export type Unseen = Omit<MessagesUnseenPayload, 'people'> & MessagesUnseenPayload['people'][number]

/** A member has opened the room: everything up to `seq` is seen. */
export const RoomSeen = defineEvent(
  'room.seen',
  'room',
  z.strictObject({ userId: z.uuid(), roomId: z.uuid(), seq: z.int(), at: z.int() }),
)
