import { requireUser, type ServiceContext } from '../../../context.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { maskedAddress } from '../domain/mailed-tokens.ts'
import { demandSecondFactor } from '../mfa/demand-second-factor.ts'
import { EmailChangeRequested } from './events.ts'
import { findOwnIdentity } from './queries.ts'

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
  await ctx.core.commit([
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
  ])
}
