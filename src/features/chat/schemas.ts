import { z } from 'zod'
import { lineOfText, WHOLE_CHARACTERS, wholeNumber } from '../../platform/text.ts'
import { SocketQuery } from '../realtime/schemas.ts'

const MESSAGE_MAX_CHARACTERS = 4_000

/** Trimmed; counted in code points as it is sent, so that an emoji is one. */
const MessageContent = z
  .string()
  .max(MESSAGE_MAX_CHARACTERS * 2)
  .refine((text) => [...text].length <= MESSAGE_MAX_CHARACTERS, `Use at most ${MESSAGE_MAX_CHARACTERS} characters`)
  .regex(WHOLE_CHARACTERS, 'The text has a broken character')
  .regex(/\S/u, 'Write something')
  .trim()
  .meta({ minLength: 1, maxLength: MESSAGE_MAX_CHARACTERS })

/** Chosen by the client: the same id from the same sender is the same message, however often it is sent. */
const ClientMessageId = z.string().regex(/^[\w-]{8,64}$/, 'Use 8 to 64 letters, digits, - or _')

export const SendMessageBody = z
  .strictObject({
    content: MessageContent,
    /** Until files exist there is nothing else to carry. */
    type: z.literal('text').default('text'),
    clientMessageId: ClientMessageId.optional(),
  })
  .meta({ id: 'SendMessageBody' })
export type SendMessageBody = z.output<typeof SendMessageBody>

const Sender = z.object({ id: z.uuid(), username: z.string(), avatar: z.string().nullable() })

export const Message = z
  .object({
    id: z.uuid(),
    roomId: z.uuid(),
    /** The message's place in its room. */
    seq: z.int(),
    content: z.string(),
    type: z.literal('text'),
    sender: Sender,
    clientMessageId: z.string().nullable(),
    isEdited: z.boolean(),
    editedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Message' })
export type Message = z.output<typeof Message>

const MAX_MEMBERS_AT_CREATION = 100

export const CreateRoomBody = z
  .strictObject({
    name: lineOfText({ min: 1, max: 100 }),
    type: z.literal('group', 'Open a private room at /v1/chat/rooms/private'),
    memberIds: z
      .array(z.uuid())
      .max(MAX_MEMBERS_AT_CREATION)
      .refine((ids) => new Set(ids).size === ids.length, 'Name each person once')
      .meta({ uniqueItems: true }),
  })
  .meta({ id: 'CreateRoomBody' })
export type CreateRoomBody = z.output<typeof CreateRoomBody>

export const OpenPrivateRoomBody = z
  .strictObject({ userId: z.uuid().meta({ 'x-rule': 'Somebody else' }) })
  .meta({ id: 'OpenPrivateRoomBody' })

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
    createdBy: z.uuid(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
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
  })
  .meta({ id: 'Room' })
export type Room = z.output<typeof Room>

export const RoomMember = z.object({
  id: z.uuid(),
  username: z.string(),
  avatar: z.string().nullable(),
  role: z.enum(['owner', 'moderator', 'member']),
  joinedAt: z.iso.datetime(),
})
export type RoomMember = z.output<typeof RoomMember>

export const RoomWithMembers = Room.extend({ members: z.array(RoomMember) }).meta({ id: 'RoomWithMembers' })
export type RoomWithMembers = z.output<typeof RoomWithMembers>

export const RoomId = z.object({ id: z.uuid() })

export const RoomSocketQuery = SocketQuery.extend({
  /** The last seq that the client has: everything after it is sent again. */
  since: wholeNumber.optional(),
})
