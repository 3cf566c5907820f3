import { eq } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { bootstrapAdmin } from './bootstrap-admin.ts'
import { completeSignIn, type SignInResult } from './complete-sign-in.ts'
import { findCredentials } from './queries.ts'
import type { LoginBody } from './schemas.ts'
import { users } from './tables.ts'

/** One answer for an unknown address, a wrong password and a deactivated account. */
function wrongCredentials(reason: string): Refusal {
  return new Refusal('INVALID_CREDENTIALS', 'E-mail address or password is wrong', { reason })
}

export async function signIn(
  ctx: ServiceContext,
  input: Omit<LoginBody, 'session'>,
  /** What follows the password: a session, or the second step. */
  complete: typeof completeSignIn = completeSignIn,
): Promise<SignInResult> {
  let found = await findCredentials(ctx.core.db, input.email)
  if (!found && input.email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) {
    const admin = await bootstrapAdmin(ctx, input)
    if (admin) return admin
    found = await findCredentials(ctx.core.db, input.email)
  }
  if (!found) {
    await ctx.passwords.verifyNothing(input.password)
    throw wrongCredentials('unknown address')
  }
  const { account, passwordHash } = found
  const { matches, needsRehash } = await ctx.passwords.verify(input.password, passwordHash)
  if (!matches) throw wrongCredentials('wrong password')
  if (!account.isActive) throw wrongCredentials('deactivated')

  const rehashed = needsRehash ? { passwordHash: await ctx.passwords.hash(input.password) } : undefined
  return complete(ctx, account, {
    by: 'password',
    steps: rehashed ? [ctx.core.db.update(users).set(rehashed).where(eq(users.id, account.id))] : [],
  })
}
