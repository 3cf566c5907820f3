import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { lineOfText, MAX_WHOLE_NUMBER, STORED_CHARACTERS, WHOLE_CHARACTERS, wholeNumber } from '../../platform/text.ts'
import { SocketQuery } from '../realtime/schemas.ts'

const MAX_MEMBERS_AT_ONCE = 100
const MAX_SLOW_MODE_SECONDS = 6 * 60 * 60

export const RoomRole = z.enum(['owner', 'moderator', 'member'])
export type RoomRole = z.output<typeof RoomRole>

const RoomName = lineOfText({ min: 1, max: 100 })
const Topic = z.string().max(500).regex(WHOLE_CHARACTERS, 'The text has a broken character').trim()
const People = z
  .array(Id)
  .max(MAX_MEMBERS_AT_ONCE)
  .refine((ids) => new Set(ids).size === ids.length, 'Name each person once')
  .meta({ uniqueItems: true })

/** How a group goes about its business. A private room has none of it. */
export const RoomSettings = z.object({
  topic: z.string(),
  /** Whether anybody may join, or only who is added or invited. */
  joinPolicy: z.enum(['open', 'invite']),
  /** Who may add and invite people. */
  whoInvites: z.enum(['members', 'moderators']),
  whoPosts: z.enum(['members', 'moderators']),
  /** The least time between two messages of one member; moderators need not wait. */
  slowModeSeconds: z.int(),
})
export type RoomSettings = z.output<typeof RoomSettings>

export const DEFAULT_SETTINGS: RoomSettings = {
  topic: '',
  joinPolicy: 'invite',
  whoInvites: 'members',
  whoPosts: 'members',
  slowModeSeconds: 0,
}

const settingsBody = {
  topic: Topic.optional(),
  joinPolicy: RoomSettings.shape.joinPolicy.optional(),
  whoInvites: RoomSettings.shape.whoInvites.optional(),
  whoPosts: RoomSettings.shape.whoPosts.optional(),
  slowModeSeconds: z.int().min(0).max(MAX_SLOW_MODE_SECONDS).optional(),
}

export const CreateRoomBody = z
  .strictObject({
    name: RoomName,
    type: z.literal('group', 'Open a private room at /v1/chat/rooms/private'),
    memberIds: People,
    ...settingsBody,
  })
  .meta({ id: 'CreateRoomBody' })
export type CreateRoomBody = z.output<typeof CreateRoomBody>

export const UpdateRoomBody = z
  .strictObject({ name: RoomName.optional(), ...settingsBody })
  .meta({ id: 'UpdateRoomBody' })
export type UpdateRoomBody = z.output<typeof UpdateRoomBody>

export const OpenPrivateRoomBody = z
  .strictObject({ userId: Id.meta({ 'x-rule': 'Somebody else' }) })
  .meta({ id: 'OpenPrivateRoomBody' })

export const AddMembersBody = z.strictObject({ userIds: People.min(1) }).meta({ id: 'AddMembersBody' })

const Peer = z.object({
  id: z.uuid(),
  username: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  avatar: z.string().nullable(),
})

export const Room = z
  .object({
    id: z.uuid(),
    type: z.enum(['private', 'group']),
    name: z.string(),
    topic: z.string(),
    joinPolicy: RoomSettings.shape.joinPolicy,
    createdBy: z.uuid(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    memberCount: z.int(),
    /** The other person of a private room. */
    peer: Peer.nullable(),
    lastSeq: z.int(),
    lastMessage: z
      .object({
        id: z.uuid(),
        seq: z.int(),
        /** The beginning of the text. */
        content: z.string(),
        senderId: z.uuid(),
        createdAt: z.iso.datetime(),
      })
      .nullable(),
    /** Others' messages that the caller has not read. Counted to 100; 100 means 99 and more. */
    unreadCount: z.int(),
    mentionCount: z.int(),
  })
  .meta({ id: 'Room' })
export type Room = z.output<typeof Room>

/** A group that anybody may join. */
export const OpenRoom = z
  .object({ id: z.uuid(), name: z.string(), topic: z.string(), memberCount: z.int(), createdAt: z.iso.datetime() })
  .meta({ id: 'OpenRoom' })
export type OpenRoom = z.output<typeof OpenRoom>

export const RoomMember = z
  .object({
    id: z.uuid(),
    username: z.string(),
    avatar: z.string().nullable(),
    role: RoomRole,
    joinedAt: z.iso.datetime(),
    /** Until when this member may not write. */
    mutedUntil: z.iso.datetime().nullable(),
    /** Up to where this member has read. */
    readSeq: z.int(),
  })
  .meta({ id: 'RoomMember' })
export type RoomMember = z.output<typeof RoomMember>

/** What the caller wants to be told of: everything, what mentions them, or nothing. */
export const Notify = z.enum(['all', 'mentions', 'none'])
export type Notify = z.output<typeof Notify>

export const OwnMembership = z
  .object({ role: RoomRole, notify: Notify, mutedUntil: z.iso.datetime().nullable(), readSeq: z.int() })
  .meta({ id: 'OwnMembership' })
export type OwnMembership = z.output<typeof OwnMembership>

export const RoomWithMembers = Room.extend({
  settings: RoomSettings,
  /** The caller's own place in it. */
  own: OwnMembership,
  /** The first hundred; all of them are at `/members`. */
  members: z.array(RoomMember),
}).meta({ id: 'RoomWithMembers' })
export type RoomWithMembers = z.output<typeof RoomWithMembers>

export const RoomPresence = z
  .object({
    /** Members who are here now. */
    count: z.int(),
    /** Who they are, in rooms up to a hundred members; null in larger ones. */
    userIds: z.array(z.uuid()).nullable(),
  })
  .meta({ id: 'RoomPresence' })
export type RoomPresence = z.output<typeof RoomPresence>

/** Two characters at least, so that a search means something. */
export const SearchQuery = z.object({
  q: z
    .string()
    .max(100)
    .regex(/\S[\s\S]*\S/u, 'Use at least 2 characters')
    .regex(STORED_CHARACTERS)
    .trim(),
})

const MAX_MUTE_MINUTES = 60 * 24 * 30

export const SetRoleBody = z.strictObject({ role: RoomRole }).meta({ id: 'SetRoleBody' })
export const MuteBody = z.strictObject({ minutes: z.int().min(1).max(MAX_MUTE_MINUTES) }).meta({ id: 'MuteBody' })
export const BanBody = z.strictObject({ reason: lineOfText({ min: 1, max: 300 }).optional() }).meta({ id: 'BanBody' })
export const NotifyBody = z.strictObject({ notify: Notify }).meta({ id: 'NotifyBody' })
export const ReadBody = z
  .strictObject({
    /** Up to and with this; without it, everything there is. */
    seq: z.int().min(0).max(MAX_WHOLE_NUMBER).optional(),
  })
  .meta({ id: 'ReadBody' })
export const TypingBody = z.strictObject({ isTyping: z.boolean() }).meta({ id: 'TypingBody' })

export const Ban = z
  .object({
    userId: z.uuid(),
    username: z.string(),
    bannedBy: z.uuid(),
    reason: z.string().nullable(),
    bannedAt: z.iso.datetime(),
  })
  .meta({ id: 'Ban' })
export type Ban = z.output<typeof Ban>

const MAX_INVITE_HOURS = 24 * 30
const MAX_INVITE_USES = 1_000

export const CreateInviteBody = z
  .strictObject({
    expiresInHours: z
      .int()
      .min(1)
      .max(MAX_INVITE_HOURS)
      .default(24 * 7),
    maxUses: z.int().min(1).max(MAX_INVITE_USES).default(MAX_INVITE_USES),
    /** Only this person may use it, and is told of it. */
    userId: Id.optional(),
  })
  .meta({ id: 'CreateInviteBody' })
export type CreateInviteBody = z.output<typeof CreateInviteBody>

export const Invite = z
  .object({
    id: z.uuid(),
    createdBy: z.uuid(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    maxUses: z.int(),
    uses: z.int(),
    userId: z.uuid().nullable(),
  })
  .meta({ id: 'Invite' })
export type Invite = z.output<typeof Invite>

/** The code is shown once; the room keeps its hash. */
export const NewInvite = Invite.extend({ code: z.string() }).meta({ id: 'NewInvite' })
export type NewInvite = z.output<typeof NewInvite>

export const JoinBody = z
  .strictObject({
    invite: z
      .string()
      .regex(/^[\w-]{20,100}$/, 'Not an invite code')
      .optional(),
  })
  .meta({ id: 'JoinBody' })

/** What somebody who may join is shown of a room before they do. */
export const RoomPreview = z
  .object({
    id: z.uuid(),
    name: z.string(),
    topic: z.string(),
    memberCount: z.int(),
    joinPolicy: RoomSettings.shape.joinPolicy,
    /** The caller is in it already. */
    isMember: z.boolean(),
  })
  .meta({ id: 'RoomPreview' })
export type RoomPreview = z.output<typeof RoomPreview>

export const RoomId = z.object({ id: Id })
export const RoomAndUserId = RoomId.extend({ userId: Id })
export const RoomAndInviteId = RoomId.extend({ inviteId: Id })
export const RoomAndMessageId = RoomId.extend({ messageId: Id })

export const RoomSocketQuery = SocketQuery.extend({
  /** The last seq that the client has: everything after it is sent again. */
  since: wholeNumber.optional(),
  /** `false`: nobody looks at the room yet; see `reading:start` in docs/realtime.md. */
  reading: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
})
