import { z } from 'zod'

export const Notification = z
  .object({
    id: z.uuid(),
    title: z.string(),
    message: z.string(),
    type: z.enum(['info', 'success', 'warning', 'error']),
    category: z.enum(['new_message', 'new_follower', 'post_liked', 'comment', 'system']),
    data: z.record(z.string(), z.string()).nullable(),
    /** How many happenings it stands for. */
    count: z.int(),
    read: z.boolean(),
    readAt: z.iso.datetime().nullable(),
    /** A path of ours, or an https address. */
    actionUrl: z.string().nullable(),
    /** Of two views of one notification the higher version is newer. */
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Notification' })
export type Notification = z.output<typeof Notification>

export const UnreadCount = z.object({ count: z.int() }).meta({ id: 'UnreadCount' })

export const NotificationId = z.object({ id: z.uuid() })
