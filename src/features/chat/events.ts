import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

/** What a room's object tells of itself. The sequence of each is the room's seq. */

export const RoomCreated = defineEvent(
  'room.created',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    objectName: z.string(),
    type: z.enum(['private', 'group']),
    name: z.string(),
    createdBy: z.uuid(),
    createdAt: z.int(),
    seq: z.int(),
    members: z.array(
      z.strictObject({ userId: z.uuid(), role: z.enum(['owner', 'moderator', 'member']), joinedAt: z.int() }),
    ),
  }),
)
export type RoomCreatedPayload = z.output<typeof RoomCreated.payload>

/** The newest state of a busy room, at most once every two seconds. */
export const RoomActive = defineEvent(
  'room.active',
  'room',
  z.strictObject({
    roomId: z.uuid(),
    seq: z.int(),
    at: z.int(),
    message: z.strictObject({
      id: z.uuid(),
      seq: z.int(),
      preview: z.string(),
      senderId: z.uuid(),
      at: z.int(),
    }),
  }),
)
export type RoomActivePayload = z.output<typeof RoomActive.payload>

/** How many messages of a room a member who is elsewhere has not seen; a later one replaces an earlier. */
export const MessagesUnseen = defineEvent(
  'room.messages_unseen',
  'room',
  z.strictObject({
    userId: z.uuid(),
    notificationId: z.uuid(),
    roomId: z.uuid(),
    roomType: z.enum(['private', 'group']),
    roomName: z.string(),
    /** Others' messages after the member's watermark. */
    count: z.int().positive(),
    /** How many of those mention the member; absent is none. */
    mentions: z.int().nonnegative().optional(),
    /** The newest of them. */
    seq: z.int(),
    messageId: z.uuid(),
    preview: z.string(),
    senderName: z.string(),
    at: z.int(),
  }),
)
export type MessagesUnseenPayload = z.output<typeof MessagesUnseen.payload>

/** A member has opened the room: everything up to `seq` is seen. */
export const RoomSeen = defineEvent(
  'room.seen',
  'room',
  z.strictObject({ userId: z.uuid(), roomId: z.uuid(), seq: z.int(), at: z.int() }),
)
