import { and, eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { bootstrapAdmin } from './bootstrap-admin.ts'
import { completeSignIn, type SignInResult } from './complete-sign-in.ts'
import { NO_PASSWORD } from './new-password.ts'
import { findCredentials } from './queries.ts'
import type { LoginBody } from './schemas.ts'
import { users } from './tables.ts'

/** One answer for an unknown address, a wrong password and a deactivated account. */
function wrongCredentials(reason: string): Refusal {
  return new Refusal('INVALID_CREDENTIALS', 'E-mail address or password is wrong', { reason })
}

/** A sign-in reads a password's hash, and takes a while to compare: what is there then must be there still at its end. */
const SAME_PASSWORD = 'user:same-password'

export async function signIn(
  ctx: ServiceContext,
  input: Omit<LoginBody, 'session' | 'captchaToken'>,
  /** What follows the password: a session, or the second step. */
  complete: typeof completeSignIn = completeSignIn,
): Promise<SignInResult> {
  try {
    return await tryToSignIn(ctx, input, complete)
  } catch (error) {
    if (!(error instanceof GuardFailed) || error.guard !== SAME_PASSWORD) throw error
  }
  // It was reset meanwhile, or another sign-in has hashed it anew: what stands there now decides.
  return tryToSignIn(ctx, input, complete).catch((error: unknown) => {
    throw error instanceof GuardFailed && error.guard === SAME_PASSWORD
      ? wrongCredentials('the password changed twice meanwhile')
      : error
  })
}

async function tryToSignIn(
  ctx: ServiceContext,
  input: Omit<LoginBody, 'session' | 'captchaToken'>,
  complete: typeof completeSignIn,
): Promise<SignInResult> {
  let found = await findCredentials(ctx.core.db, input.email, ctx.clock())
  if (!found && input.email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) {
    const admin = await bootstrapAdmin(ctx, input)
    if (admin) return admin
    found = await findCredentials(ctx.core.db, input.email, ctx.clock())
  }
  if (!found) {
    await ctx.passwords.verifyNothing(input.password)
    throw wrongCredentials('unknown address')
  }
  const { account, passwordHash } = found
  if (passwordHash === NO_PASSWORD) {
    await ctx.passwords.verifyNothing(input.password)
    throw wrongCredentials('no password')
  }
  const { matches, needsRehash } = await ctx.passwords.verify(input.password, passwordHash)
  if (!matches) throw wrongCredentials('wrong password')
  if (!account.isActive) throw wrongCredentials('deactivated')

  const kept = { passwordHash: needsRehash ? await ctx.passwords.hash(input.password) : passwordHash }
  const isSame = and(eq(users.id, account.id), eq(users.passwordHash, passwordHash), eq(users.isActive, true))
  return complete(ctx, account, {
    by: 'password',
    steps: [ctx.core.db.update(users).set(kept).where(isSame), expectChanged(SAME_PASSWORD)],
  })
}
