import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { STORED_CHARACTERS, WHOLE_CHARACTERS } from '../../platform/text.ts'

const MESSAGE_MAX_CHARACTERS = 4_000

/** Trimmed; counted in code points as it is sent, so that an emoji is one. */
const MessageContent = z
  .string()
  .max(MESSAGE_MAX_CHARACTERS * 2)
  .refine((text) => [...text].length <= MESSAGE_MAX_CHARACTERS, `Use at most ${MESSAGE_MAX_CHARACTERS} characters`)
  .regex(STORED_CHARACTERS, 'The text has a broken character')
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
    /** The message that this answers: it joins that one's thread. */
    replyTo: Id.optional(),
  })
  .meta({ id: 'SendMessageBody' })
export type SendMessageBody = z.output<typeof SendMessageBody>

export const EditMessageBody = z.strictObject({ content: MessageContent }).meta({ id: 'EditMessageBody' })

const ONE_EMOJI = /^\p{RGI_Emoji}$/v

/** One emoji, as people see one: skin tones, flags and families are single ones. JSON Schema has no pattern for it. */
export const Emoji = z
  .string()
  .max(40)
  .regex(WHOLE_CHARACTERS, 'Use one emoji')
  .regex(/\P{ASCII}/u, 'Use one emoji')
  // Which texts are one emoji, no pattern of JSON Schema can say.
  .refine((text) => ONE_EMOJI.test(text), 'Use one emoji')
  .meta({ examples: ['👍', '🎉'], 'x-rule': 'One emoji' })

const Sender = z.object({ id: z.uuid(), username: z.string(), avatar: z.string().nullable() })

const Reaction = z.object({
  emoji: z.string(),
  count: z.int(),
  /** Whether the reader's own is among them; absent in what is pushed to everybody alike. */
  mine: z.boolean().optional(),
})
export type Reaction = z.output<typeof Reaction>

export const Message = z
  .object({
    id: z.uuid(),
    roomId: z.uuid(),
    /** The message's place in its room. */
    seq: z.int(),
    /** The seq of what has last changed it: of two views of one message the higher is newer. */
    changeSeq: z.int(),
    content: z.string(),
    type: z.literal('text'),
    sender: Sender,
    clientMessageId: z.string().nullable(),
    /** What it answers. The text is the beginning of that message, null once that is deleted. */
    replyTo: z.object({ id: z.uuid(), seq: z.int(), senderId: z.uuid(), content: z.string().nullable() }).nullable(),
    /** The message that the thread began with; null outside of threads, and for that one itself. */
    threadId: z.uuid().nullable(),
    /** How many messages the thread has that began with this one. */
    replyCount: z.int(),
    mentions: z.array(z.object({ id: z.uuid(), username: z.string() })),
    reactions: z.array(Reaction),
    isPinned: z.boolean(),
    isEdited: z.boolean(),
    editedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Message' })
export type Message = z.output<typeof Message>

export const Reactor = z
  .object({ userId: z.uuid(), username: z.string(), emoji: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: 'Reactor' })
export type Reactor = z.output<typeof Reactor>

export const ReadPosition = z
  .object({
    /** Up to where the caller has read. */
    seq: z.int(),
    /** Counted to 100; 100 means 99 and more. */
    unreadCount: z.int(),
    mentionCount: z.int(),
  })
  .meta({ id: 'ReadPosition' })
export type ReadPosition = z.output<typeof ReadPosition>
