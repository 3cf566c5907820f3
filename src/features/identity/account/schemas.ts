import * as z from 'zod'
import { Notification, NotificationPreferences } from '../../notifications/schemas.ts'
import { TOKEN_PURPOSES } from '../domain/mailed-tokens.ts'
import { TIERS } from '../domain/tiers.ts'
import { CurrentUser, DeviceShown, SessionView } from '../schemas.ts'

const time = z.iso.datetime()

const origin = { ip: z.string().nullable(), userAgent: z.string().nullable() }

/** The lists that may hold more than is given of them. */
export const CUT_LISTS = [
  'passkeys',
  'apiKeys',
  'linkedAccounts',
  'grants',
  'grantsOnThings',
  'sessions',
  'endedSessions',
  'acts',
  'actsBy',
  'actsOnAddress',
  'rooms',
  'blocked',
  'reports',
  'productReviews',
  'notifications',
] as const
export type CutList = (typeof CUT_LISTS)[number]

/**
 * What is kept of a person, but for what they wrote in rooms and how each room knows them, which they see there. Secrets
 * are told of, never told.
 */
export const AccountExport = z
  .object({
    account: CurrentUser.extend({
      tier: z.enum(TIERS),
      /** Whether people find them by name. */
      isDiscoverable: z.boolean(),
      lastLoginAt: time.nullable(),
      phoneNumber: z.string().nullable(),
      bio: z.string().nullable(),
      address: z.string().nullable(),
    }),
    /** By what they sign in, and what they may besides their roles. */
    security: z.object({
      hasPassword: z.boolean(),
      passwordChangedAt: time.nullable(),
      mfaEnabledAt: time.nullable(),
      passkeys: z.array(z.object({ name: z.string(), createdAt: time, lastUsedAt: time.nullable() })),
      apiKeys: z.array(
        z.object({
          name: z.string(),
          hint: z.string(),
          scopes: z.array(z.string()),
          createdAt: time,
          expiresAt: time,
          lastUsedAt: time.nullable(),
          lastUsedIp: z.string().nullable(),
          revokedAt: time.nullable(),
        }),
      ),
      linkedAccounts: z.array(
        z.object({
          provider: z.string(),
          subject: z.string(),
          email: z.string().nullable(),
          createdAt: time,
          lastUsedAt: time.nullable(),
        }),
      ),
      grants: z.array(z.object({ permission: z.string(), effect: z.enum(['allow', 'deny']), createdAt: time })),
      grantsOnThings: z.array(
        z.object({ resource: z.string(), resourceId: z.string(), action: z.string(), createdAt: time }),
      ),
    }),
    sessions: z.array(SessionView),
    /** Those that have ended, newest first. They are kept for 120 days. */
    endedSessions: z.array(
      z.object({
        id: z.uuid(),
        createdAt: time,
        lastUsedAt: time,
        endedAt: time,
        /** Why, or `expired`. */
        why: z.string(),
        ...origin,
        place: z.string().nullable(),
        device: DeviceShown,
      }),
    ),
    /** The newest mail of each kind that held a link, and where it went. */
    mailedTo: z.array(
      z.object({
        purpose: z.enum(TOKEN_PURPOSES),
        email: z.string(),
        createdAt: time,
        expiresAt: time,
        usedAt: time.nullable(),
      }),
    ),
    /** What was done to the account, newest first; the newest 500. */
    acts: z.array(
      z.object({
        action: z.string(),
        at: time,
        ip: z.string().nullable(),
        userAgent: z.string().nullable(),
        device: DeviceShown.nullable(),
      }),
    ),
    /** What they did to anything but their own account, newest first; also what was refused to them. */
    actsBy: z.array(
      z.object({
        action: z.string(),
        at: time,
        targetType: z.string(),
        targetId: z.string(),
        reason: z.string().nullable(),
        ...origin,
        device: DeviceShown.nullable(),
      }),
    ),
    /** When somebody, signed in or not, asked for a mail to their address. */
    actsOnAddress: z.array(z.object({ action: z.string(), at: time })),
    /** Where they are a member or have been one. */
    rooms: z.array(
      z.object({
        id: z.uuid(),
        type: z.enum(['private', 'group']),
        name: z.string(),
        role: z.string(),
        joinedAt: time,
        leftAt: time.nullable(),
        /** How many of its messages they have seen, and how many that they have not mention them. */
        seenCount: z.int(),
        mentionCount: z.int(),
      }),
    ),
    blocked: z.array(z.object({ id: z.uuid(), username: z.string(), blockedAt: time })),
    /** What they have reported. */
    reports: z.array(
      z.object({
        roomId: z.uuid(),
        messageId: z.uuid(),
        category: z.string(),
        note: z.string().nullable(),
        createdAt: time,
      }),
    ),
    /** What they have written of products. */
    productReviews: z.array(
      z.object({
        productId: z.uuid(),
        rating: z.int(),
        text: z.string(),
        hiddenReason: z.string().nullable(),
        createdAt: time,
        updatedAt: time,
      }),
    ),
    preferences: NotificationPreferences,
    /** The newest hundred. */
    notifications: z.array(Notification),
    /** Lists of which there is more than stands here. */
    cut: z.array(z.enum(CUT_LISTS)),
    exportedAt: time,
  })
  .meta({ id: 'AccountExport' })
export type AccountExport = z.output<typeof AccountExport>
