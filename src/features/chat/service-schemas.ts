import * as z from 'zod'
import { SendMessageBody } from './message-schemas.ts'

/** What another service gives to write as the system. */
const Post = z.strictObject({
  content: SendMessageBody.shape.content,
  /** The same key is the same message, however often it is sent. */
  key: z.string().regex(/^[\w-]{8,60}$/, 'Use 8 to 60 letters, digits, - or _'),
})

export const PostToRoom = Post.extend({ roomId: z.uuid() })
export type PostToRoom = z.output<typeof PostToRoom>

export const PostToUser = Post.extend({ userId: z.uuid() })
export type PostToUser = z.output<typeof PostToUser>

export const ShowTyping = z.strictObject({ roomId: z.uuid(), userId: z.uuid(), isTyping: z.boolean() })
export type ShowTyping = z.output<typeof ShowTyping>
