import { eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { CommitOptions, Step } from '../../platform/db/commit.ts'
import { beginSession } from './begin-session.ts'
import { askForSecondStep } from './mfa/ask-for-second-step.ts'
import type { Entrant } from './queries.ts'
import type { MfaRequired, SignedIn } from './schemas.ts'
import { users } from './tables.ts'

/**
 * By what somebody has shown who they are. `passkey` is one that has verified its user (a fingerprint, a PIN): that is
 * two factors in one.
 */
export type FirstFactor = 'password' | 'passkey' | 'provider'

export interface FirstStep {
  by: FirstFactor
  /** What the proof uses up: goes into the batch of the sign-in, before the session, also where a second step follows. */
  steps: readonly Step[]
  /** What a failed guard of the steps means. */
  refusals?: CommitOptions['refusals']
}

/** Signed in; or the first of two steps, with what the client needs for the second. */
export type SignInResult = (SignedIn & { refreshToken: string }) | MfaRequired

/** The end of every way to sign in: whose account it is has been shown. */
export async function completeSignIn(ctx: ServiceContext, account: Entrant, first: FirstStep): Promise<SignInResult> {
  const { by, steps, refusals = {} } = first
  if (account.mfaEnabledAt !== null && by !== 'passkey') return askForSecondStep(ctx, account, first)
  const session = await beginSession(ctx, account)
  await ctx.core.commit(
    [
      ...steps,
      ...session.steps,
      ctx.core.db.update(users).set({ lastLoginAt: ctx.clock() }).where(eq(users.id, account.id)),
      ctx.audit('SIGNED_IN', { targetType: 'user', targetId: account.id, actorId: account.id, details: { by } }),
    ],
    { refusals },
  )
  return session.answer(account)
}
