import * as z from 'zod'
import { Id } from '../../platform/id-schema.ts'
import { CATEGORIES, CHANNELS, DIGEST_FREQUENCIES } from './domain/preferences.ts'

export const Notification = z
  .object({
    id: z.uuid(),
    title: z.string(),
    message: z.string(),
    type: z.enum(['info', 'success', 'warning', 'error']),
    category: z.enum(CATEGORIES),
    data: z.record(z.string(), z.string()).nullable(),
    /** How many happenings it stands for. */
    count: z.int(),
    read: z.boolean(),
    readAt: z.iso.datetime().nullable(),
    /** How the person wanted to be told of it. */
    channels: z.array(z.enum(CHANNELS)),
    /** Whether a channel outside the app has delivered it. */
    sent: z.boolean(),
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

export const NotificationId = z.object({ id: Id })

const CategoryChoice = z
  .strictObject({ email: z.boolean().optional(), push: z.boolean().optional() })
  .meta({ id: 'CategoryChoice', description: 'True by e-mail, by push, or both' })

const CategoryPreferences = z
  .strictObject({
    new_message: CategoryChoice.optional(),
    new_follower: CategoryChoice.optional(),
    post_liked: CategoryChoice.optional(),
    comment: CategoryChoice.optional(),
    system: CategoryChoice.optional(),
  })
  .meta({ id: 'CategoryPreferences', description: 'What is told in which way, by what it is about' })

const choices = {
  inAppEnabled: z.boolean(),
  emailEnabled: z.boolean(),
  pushEnabled: z.boolean(),
  /** What is not in it is allowed. */
  categoryPreferences: CategoryPreferences,
  /** One e-mail for many, instead of one each. */
  emailDigest: z.boolean(),
  digestFrequency: z.enum(DIGEST_FREQUENCIES),
}

export const NotificationPreferences = z
  .object({
    /** A person has one, whose id is theirs. */
    id: z.uuid(),
    userId: z.uuid(),
    ...choices,
    /** Null where nothing was changed yet. */
    updatedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'NotificationPreferences' })
export type NotificationPreferences = z.output<typeof NotificationPreferences>

/** What is not named stays, within a category too. */
export const PreferencesBody = z.strictObject(choices).partial().meta({ id: 'PreferencesBody' })
export type PreferencesBody = z.output<typeof PreferencesBody>
