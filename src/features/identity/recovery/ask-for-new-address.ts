import { and, eq, ne } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { maskedAddress } from '../domain/mailed-tokens.ts'
import { whileSignedIn } from '../live-session.ts'
import { demandSecondFactor } from '../mfa/demand-second-factor.ts'
import { notice } from '../notice.ts'
import { EmailChangeRequested } from './events.ts'
import { findOwnIdentity } from './queries.ts'
import { mailedTokens } from './tables.ts'

/**
 * Asks for the mail by which the caller's account gets another address. Whether somebody has that one already is looked
 * up after the answer, which says nothing of it.
 */
export async function askForNewAddress(ctx: ServiceContext, email: string): Promise<void> {
  const { userId } = requireUser(ctx)
  const own = await findOwnIdentity(ctx.core.db, userId)
  if (!own) throw notFound('User')
  await demandSecondFactor(ctx, own.mfaEnabledAt)
  if (own.email === email) {
    throw new Refusal('CONFLICT', 'This is your address already', {
      fields: [{ field: 'newEmail', message: 'This is your address already' }],
    })
  }
  const { userAgent, place } = ctx.origin
  const signedIn = whileSignedIn(ctx)
  const steps = [
    ...signedIn.steps,
    ctx.event(EmailChangeRequested, {
      aggregateId: userId,
      sequence: ctx.clock(),
      payload: { userId, email, userAgent, place },
    }),
    ctx.audit('EMAIL_CHANGE_REQUEST', {
      targetType: 'user',
      targetId: userId,
      details: { email: maskedAddress(email) },
    }),
    // While the way back is easy: afterwards no link that they ask for comes to where they read.
    notice(ctx, userId, 'email-change-asked'),
    voidOtherAddresses(ctx, userId, email),
  ]
  await ctx.core.commit(steps, { refusals: signedIn.refusals })
}

/**
 * Whoever has mistyped an address and names the right one leaves no link behind that gives their account to a stranger.
 * The one to the same address stays good: another mail to it may not be due yet.
 */
function voidOtherAddresses(ctx: ServiceContext, userId: string, email: string): Step {
  return (
    ctx.core.db
      .update(mailedTokens)
      // It stays as what was mailed last, by which the next mail is timed.
      .set({ expiresAt: ctx.clock() })
      .where(
        and(eq(mailedTokens.userId, userId), eq(mailedTokens.purpose, 'change-email'), ne(mailedTokens.email, email)),
      )
  )
}
