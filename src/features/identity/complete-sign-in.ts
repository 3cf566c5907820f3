import { eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { beginSession } from './begin-session.ts'
import type { Account } from './queries.ts'
import type { SignedIn } from './schemas.ts'
import { users } from './tables.ts'

/** By what somebody has shown who they are. */
export type FirstFactor = 'password' | 'passkey' | 'provider'

/**
 * The end of every way to sign in: whose account it is has been shown. `steps` go into the same batch, before the
 * session: what the proof uses up.
 */
export async function completeSignIn(
  ctx: ServiceContext,
  account: Account,
  { by, steps }: { by: FirstFactor; steps: readonly Step[] },
): Promise<SignedIn & { refreshToken: string }> {
  const session = await beginSession(ctx, account.id)
  await ctx.core.commit([
    ...steps,
    ...session.steps,
    ctx.core.db.update(users).set({ lastLoginAt: ctx.clock() }).where(eq(users.id, account.id)),
    ctx.audit('SIGNED_IN', { targetType: 'user', targetId: account.id, actorId: account.id, details: { by } }),
  ])
  return session.answer(account)
}
