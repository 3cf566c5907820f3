import * as z from 'zod'
import { Member } from './access/schemas.ts'
import { PERMISSIONS, ROLES } from './domain/access.ts'
import { TIERS } from './domain/tiers.ts'

/** What other services ask of users, and are answered. */

export const VerifyToken = z.strictObject({ accessToken: z.string().min(1).max(4_000) })
export type VerifyToken = z.output<typeof VerifyToken>

export const VerifiedCaller = z.object({
  userId: z.uuid(),
  sessionId: z.uuid(),
  username: z.string(),
  /** The highest of their roles. */
  role: z.enum(ROLES),
  roles: z.array(z.string()),
  permissions: z.array(z.enum(PERMISSIONS)),
  tier: z.enum(TIERS),
  isEmailVerified: z.boolean(),
  /** Milliseconds: when they last proved who they are. */
  provedAt: z.int(),
})
export type VerifiedCaller = z.output<typeof VerifiedCaller>

export const AskProfiles = z.strictObject({ userIds: z.array(z.uuid()).min(1).max(100) })
export type AskProfiles = z.output<typeof AskProfiles>

export const Profile = z.object({
  id: z.uuid(),
  username: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  avatar: z.string().nullable(),
  /** Raised by each change: a copy with a lower one is older. */
  version: z.int(),
})
export type Profile = z.output<typeof Profile>

export const AskContact = z.strictObject({ userId: z.uuid() })
export type AskContact = z.output<typeof AskContact>

export const Contact = z.object({
  email: z.string(),
  isEmailVerified: z.boolean(),
  firstName: z.string(),
  lastName: z.string(),
  locale: z.string(),
  timezone: z.string(),
})
export type Contact = z.output<typeof Contact>

export const AskPermission = z.strictObject({ userId: z.uuid(), permission: z.enum(PERMISSIONS) })
export type AskPermission = z.output<typeof AskPermission>

export const AskPermissions = z.strictObject({
  userId: z.uuid(),
  permissions: z.array(z.enum(PERMISSIONS)).min(1).max(PERMISSIONS.length),
})
export type AskPermissions = z.output<typeof AskPermissions>

export const AskRole = z.strictObject({ userId: z.uuid(), role: z.enum(ROLES) })
export type AskRole = z.output<typeof AskRole>

export const RoleHolders = z.strictObject({
  role: z.enum(ROLES),
  cursor: z.string().min(1).max(500).optional(),
  limit: z.int().min(1).max(100).default(20),
})
export type RoleHolders = z.input<typeof RoleHolders>

export const HolderPage = z.object({ items: z.array(Member), nextCursor: z.string().nullable() })
export type HolderPage = z.output<typeof HolderPage>
