import type { ServiceContext } from '../../../context.ts'
import type { Act } from '../../../platform/audit/acts.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { addressKey } from '../../../platform/security/mailed-token.ts'
import { maskedAddress } from '../domain/mailed-tokens.ts'
import { PasswordResetRequested, VerificationRequested } from './events.ts'

/**
 * Asks for the mail with which a forgotten password is reset. Does the same for every address: one commit of an event
 * and its audit row. Whether there is an account is looked up after the answer, by whoever hears the event.
 */
export async function askForReset(ctx: ServiceContext, email: string): Promise<void> {
  const { userAgent, place } = ctx.origin
  const aggregateId = await addressKey(ctx.settings.MAILED_TOKEN_KEY, email)
  await ctx.core.commit([
    ctx.event(PasswordResetRequested, {
      aggregateId,
      sequence: ctx.clock(),
      payload: { email, userAgent, place },
    }),
    requestAudit(ctx, 'PASSWORD_RESET_REQUEST', aggregateId, email),
  ])
}

/** Asks for the mail that verifies an address once more; the same for every address, as above. */
export async function askForVerification(ctx: ServiceContext, email: string): Promise<void> {
  const aggregateId = await addressKey(ctx.settings.MAILED_TOKEN_KEY, email)
  await ctx.core.commit([
    ctx.event(VerificationRequested, { aggregateId, sequence: ctx.clock(), payload: { email } }),
    requestAudit(ctx, 'EMAIL_VERIFICATION_REQUEST', aggregateId, email),
  ])
}

/**
 * Nobody can take anything out of the trail again, and here stands what anybody has typed: so the address is masked, and
 * its key tells what belongs together. When it is mailed, a second row names the account.
 */
function requestAudit(ctx: ServiceContext, action: Act, targetId: string, email: string): Step {
  return ctx.audit(action, { targetType: 'mail_address', targetId, details: { email: maskedAddress(email) } })
}
