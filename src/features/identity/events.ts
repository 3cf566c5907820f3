import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'

export const UserRegistered = defineEvent(
  'user.registered',
  'user',
  z.strictObject({ userId: z.uuid(), username: z.string() }),
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
