import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { ConstraintFailed, expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { equalBytes, utf8 } from '../../platform/security/encoding.ts'
import { beginFirstSession } from './begin-session.ts'
import { createAccount } from './create-account.ts'
import { isCommonPassword } from './domain/password-rules.ts'
import { distinctUsername } from './domain/username.ts'
import { adminExists, findTaken } from './queries.ts'
import type { LoginBody, SignedIn } from './schemas.ts'
import { userRoles } from './tables.ts'

/**
 * The first admin: made when somebody signs in with the address and password of the settings while no
 * admin exists, and never again. Undefined where that is not so.
 */
export async function bootstrapAdmin(
  ctx: ServiceContext,
  input: Omit<LoginBody, 'session'>,
): Promise<(SignedIn & { refreshToken: string }) | undefined> {
  const { BOOTSTRAP_ADMIN_EMAIL: email, BOOTSTRAP_ADMIN_PASSWORD: password } = ctx.settings
  if (!email || !password || input.email !== email) return undefined
  if (!equalBytes(utf8(input.password), utf8(password)) || (await adminExists(ctx.core.db))) return undefined
  if (isCommonPassword(password)) {
    ctx.log.error('First Admin Not Made', {
      why: 'BOOTSTRAP_ADMIN_PASSWORD is among the passwords that are tried first',
    })
    return undefined
  }

  const taken = await findTaken(ctx.core.db, email, 'admin')
  const { account, steps } = createAccount(ctx, {
    email,
    username: taken.username ? distinctUsername('admin') : 'admin',
    passwordHash: await ctx.passwords.hash(password),
    firstName: 'First',
    lastName: 'Admin',
    role: 'admin',
  })
  const session = await beginFirstSession(ctx, account.id)
  const onlyAdmin = sql`
    update ${userRoles} set role_id = role_id where user_id = ${account.id} and not exists (
      select 1 from user_roles as other join roles on roles.id = other.role_id
      where roles.name = 'admin' and other.user_id <> ${account.id})
  `
  try {
    await ctx.core.commit([...steps, onlyAdmin, expectChanged('admin:only'), ...session.steps])
  } catch (error) {
    // Another sign-in was first: the account is there now, and this one goes on like everybody’s.
    if (error instanceof GuardFailed || error instanceof ConstraintFailed) return undefined
    throw error
  }
  return session.answer(account)
}
