import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, SECOND_MS } from '../../../platform/clock.ts'
import { Refusal, stepUpRequired } from '../../../platform/errors.ts'
import { STEP_UP_MS } from '../domain/session-policy.ts'
import { whileSignedIn } from '../live-session.ts'
import { proveByPasskey } from '../passkeys/prove-known-person.ts'
import { proveByBackupCode, proveByPassword, proveByTotp } from './prove.ts'
import { findProofMethods } from './queries.ts'
import type { SteppedUp, StepUpBody } from './schemas.ts'
import type { Prove } from './second-step.ts'
import { countTry, forgetTries } from './tries.ts'

/** The caller shows anew who they are, by one thing that they have told us of. */
export async function stepUp(ctx: ServiceContext, given: StepUpBody): Promise<SteppedUp> {
  const { password, mfaCode, backupCode, passkey } = given
  const kinds = [password, mfaCode, backupCode, passkey].filter((one) => one !== undefined)
  if (kinds.length !== 1) {
    throw new Refusal('UNPROCESSABLE', 'Send one of password, mfaCode, backupCode and passkey', {
      fields: [{ field: 'password', message: 'Send this, or a code' }],
    })
  }
  return finishStepUp(ctx, async (userId) => {
    if (mfaCode !== undefined) return proveByTotp(ctx, userId, mfaCode)
    if (backupCode !== undefined) return proveByBackupCode(ctx, userId, backupCode)
    if (passkey !== undefined) return namedAsSent(() => proveByPasskey(ctx, userId, passkey))
    const methods = await findProofMethods(ctx.core.db, userId)
    // Where signing in takes two steps the password proves nothing by itself, and is not even looked at.
    if (methods.includes('totp')) throw stepUpRequired(methods)
    return proveByPassword(ctx, userId, password ?? '')
  })
}

/**
 * Counts the try, has `prove` look at what the caller gives, and notes on their session when it was.
 * @throws Refusal RATE_LIMITED, or what `prove` throws
 */
async function finishStepUp(ctx: ServiceContext, prove: Prove): Promise<SteppedUp> {
  const { userId, sessionId } = requireUser(ctx)
  await countTry(ctx, userId)
  const { by, steps, refusals } = await prove(userId)
  const now = ctx.clock()
  const signedIn = whileSignedIn(ctx, { provedAt: now })
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

/** The fields of a passkey's refusal, as they stand in this body. */
async function namedAsSent<T>(prove: () => Promise<T>): Promise<T> {
  try {
    return await prove()
  } catch (error) {
    if (!(error instanceof Refusal) || error.fields === undefined) throw error
    const fields = error.fields.map(({ field, message }) => ({ field: `passkey.${field}`, message }))
    throw new Refusal(error.code, error.message, { fields, reason: error.reason ?? '' })
  }
}
