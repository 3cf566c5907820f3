import * as z from 'zod'
import { defineEvent, definePersonalEvent } from '../../platform/events.ts'

export const UserRegistered = defineEvent(
  'user.registered',
  'user',
  z.strictObject({ userId: z.uuid(), username: z.string() }),
)

/** An admin has made an account for somebody, who has yet to choose a password. */
export const UserInvited = defineEvent('user.invited', 'user', z.strictObject({ userId: z.uuid() }))

/**
 * What anybody sees of somebody is another now; its sequence is the version of the user. Whoever keeps a copy takes it
 * where its own is older.
 */
export const UserUpdated = definePersonalEvent(
  'user.updated',
  'user',
  z.strictObject({ userId: z.uuid(), username: z.string(), avatar: z.string().nullable(), version: z.int() }),
)

/** Sessions have ended before their time: what they have open must close. Its sequence is the time of the act. */
export const SessionsRevoked = defineEvent(
  'sessions.revoked',
  'user_sessions',
  z.strictObject({
    userId: z.uuid(),
    /** Null: all that the user had. */
    sessionIds: z.array(z.uuid()).nullable(),
    /** Milliseconds: sessions that began later are not meant. */
    before: z.int(),
    reason: z.string(),
  }),
)

/** Somebody has given their account up: it takes nobody in any more, and what is kept of them is erased from now on. */
export const AccountGivenUp = defineEvent('account.given_up', 'user_deletion', z.strictObject({ userId: z.uuid() }))

/** What the owner of an account is told by mail when it happens: they did it themselves, or must know that they did not. */
export const NOTICE_KINDS = [
  'mfa-set-up',
  'mfa-enabled',
  'mfa-disabled',
  'backup-code-used',
  'backup-codes-renewed',
  'passkey-added',
  'passkey-removed',
  'api-key-created',
  'provider-linked',
  'provider-unlinked',
  'password-changed',
  'sessions-ended',
  'email-change-asked',
  'passkey-copied',
  'api-key-revoked',
  'ways-in-taken-back',
  'roles-changed',
  'permission-changed',
  'account-deactivated',
  'account-reactivated',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** Something happened to an account that its owner must hear of. Its sequence is the time of it. */
export const AccountNoticed = defineEvent(
  'account.noticed',
  'user_notices',
  z.strictObject({
    userId: z.uuid(),
    kind: z.enum(NOTICE_KINDS),
    /** What it was about: a passkey's name, a provider's, the roles. */
    subject: z.string().max(200).optional(),
    /** Milliseconds. */
    at: z.int(),
    userAgent: z.string().nullable(),
    place: z.string().nullable(),
  }),
)
