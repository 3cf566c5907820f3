import { z } from 'zod'
import { Notification, NotificationPreferences } from '../../notifications/schemas.ts'
import { CurrentUser, DeviceShown, SessionView } from '../schemas.ts'

const time = z.iso.datetime()

/** All that is kept of a person, but for what they wrote in rooms, where they read it. Secrets are told of, never told. */
export const AccountExport = z
  .object({
    account: CurrentUser,
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
    /** Where they are a member or have been one. */
    rooms: z.array(
      z.object({
        id: z.uuid(),
        type: z.enum(['private', 'group']),
        name: z.string(),
        role: z.string(),
        joinedAt: time,
        leftAt: time.nullable(),
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
    preferences: NotificationPreferences,
    /** The newest hundred. */
    notifications: z.array(Notification),
    exportedAt: time,
  })
  .meta({ id: 'AccountExport' })
export type AccountExport = z.output<typeof AccountExport>
