import * as z from 'zod'
import { defineEvent, definePersonalEvent } from '../../../platform/events.ts'

/** What the mail says of where it was asked for. */
const Asked = { userAgent: z.string().nullable(), place: z.string().nullable() }

/** Somebody has forgotten the password of an account with this address, if there is one. */
export const PasswordResetRequested = definePersonalEvent(
  'password.reset_requested',
  'mail_address',
  z.strictObject({ email: z.string(), ...Asked }),
)

/** Somebody wants the mail that verifies this address once more, if an account waits for it. */
export const VerificationRequested = definePersonalEvent(
  'email.verification_requested',
  'mail_address',
  z.strictObject({ email: z.string() }),
)

/** An account's owner wants another address. It is theirs once they have shown that mail to it reaches them. */
export const EmailChangeRequested = definePersonalEvent(
  'email.change_requested',
  'user',
  z.strictObject({ userId: z.uuid(), email: z.string(), ...Asked }),
)

/** An address was shown to be its owner's for the first time. */
export const EmailVerified = defineEvent('email.verified', 'user', z.strictObject({ userId: z.uuid() }))

/** An account has another address than before. */
export const EmailChanged = definePersonalEvent(
  'email.changed',
  'user',
  z.strictObject({ userId: z.uuid(), from: z.string(), ...Asked }),
)
