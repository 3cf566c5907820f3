import type { ServiceContext } from '../../../context.ts'
import { stepUpRequired } from '../../../platform/errors.ts'
import { STEP_UP_MS } from '../domain/session-policy.ts'
import { findProofStanding } from './queries.ts'

/**
 * Of an account that signs in by two steps: its second factor within the last five minutes. Since it has been switched
 * on no session begins and no step-up is made without one, so whatever was proved before that counts for nothing.
 * @throws Refusal STEP_UP_REQUIRED that tells what to ask for
 */
export async function demandSecondFactor(ctx: ServiceContext, mfaEnabledAt: number | null): Promise<void> {
  if (mfaEnabledAt === null) return
  const now = ctx.clock()
  const isFresh = (provedAt: number) => provedAt >= mfaEnabledAt && now - provedAt < STEP_UP_MS
  const session = await ctx.session()
  if (isFresh(session.provedAt)) return
  // It may have been given a moment ago, in another isolate.
  const { provedAt, methods } = await findProofStanding(ctx.core.db, session)
  if (!isFresh(provedAt)) throw stepUpRequired(methods)
}
