import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, SECOND_MS } from '../../../platform/clock.ts'
import { stepUpRequired } from '../../../platform/errors.ts'
import { STEP_UP_MS } from '../domain/session-policy.ts'
import { whileSignedIn } from '../live-session.ts'
import type { Proof } from '../proof.ts'
import { demandOne, proveGiven } from './given-proof.ts'
import { proveByPassword } from './prove.ts'
import { findProofMethods } from './queries.ts'
import type { SteppedUp, StepUpBody } from './schemas.ts'
import { countOwnTry, forgetTries, NO_OWN_TRIES } from './tries.ts'

/**
 * The caller shows anew who they are, by one thing that they have told us of; noted on their session.
 * @throws Refusal RATE_LIMITED, or what is wrong with what they show
 */
export async function stepUp(ctx: ServiceContext, given: StepUpBody): Promise<SteppedUp> {
  const { password, mfaCode, backupCode, passkey } = given
  demandOne({ password, mfaCode, backupCode, passkey }, 'password')
  const { userId, sessionId } = requireUser(ctx)
  if (passkey === undefined) await countOwnTry(ctx)
  const { by, steps, refusals } = await (proveGiven(ctx, given) ?? proveByOwnPassword(ctx, userId, password ?? ''))
  const now = ctx.clock()
  const signedIn = whileSignedIn(ctx, { provedAt: now, ...NO_OWN_TRIES })
  await ctx.core.commit(
    [
      ...steps,
      ...signedIn.steps,
      forgetTries(ctx, userId),
      ctx.audit('STEPPED_UP', { targetType: 'user', targetId: userId, details: { by } }),
    ],
    { refusals: { ...refusals, ...signedIn.refusals } },
  )
  ctx.sessions.forget(sessionId)
  return { provedAt: isoTime(now), validForSeconds: STEP_UP_MS / SECOND_MS }
}

/** Where signing in takes two steps the password proves nothing by itself, and is not even looked at. */
async function proveByOwnPassword(ctx: ServiceContext, userId: string, password: string): Promise<Proof> {
  const methods = await findProofMethods(ctx.core.db, userId)
  if (methods.includes('totp')) throw stepUpRequired(methods)
  return proveByPassword(ctx, userId, password)
}
