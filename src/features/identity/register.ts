import type { ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { beginFirstSession } from './begin-session.ts'
import { createAccount, type NewAccount } from './create-account.ts'
import { distinctUsername, usernameBase } from './domain/username.ts'
import { demandOwnPassword } from './new-password.ts'
import { findTaken } from './queries.ts'
import type { RegisterBody, SignedIn } from './schemas.ts'

/** A username by lot hardly ever meets another: more often than this means something else is wrong. */
const USERNAME_ATTEMPTS = 3

export const emailTaken = () =>
  new Refusal('EMAIL_TAKEN', 'An account with this e-mail address exists', {
    fields: [{ field: 'email', message: 'An account with this e-mail address exists' }],
  })

export const usernameTaken = () =>
  new Refusal('USERNAME_TAKEN', 'This username is taken', {
    fields: [{ field: 'username', message: 'This username is taken' }],
  })

/** Makes the account and signs it in, in one batch. The unique indexes decide a race. */
export async function register(
  ctx: ServiceContext,
  input: Omit<RegisterBody, 'session' | 'captchaToken'>,
): Promise<SignedIn & { refreshToken: string }> {
  const { password, username: wanted, ...person } = input
  demandOwnPassword(ctx, password, input, 'password')
  // The first admin's address is kept for them, before and after they have come.
  if (input.email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) throw emailTaken()
  const base = wanted ?? usernameBase(input.firstName, input.lastName)
  const taken = await findTaken(ctx.core.db, input.email, base)
  if (taken.email) throw emailTaken()
  if (taken.username && wanted !== undefined) throw usernameTaken()

  const account = { ...person, passwordHash: await ctx.passwords.hash(password), role: 'user' as const }
  if (wanted !== undefined) return await create(ctx, { ...account, username: wanted })
  const isFree = !taken.username && base !== 'user'
  return await withUsername(base, isFree, (username) => create(ctx, { ...account, username }))
}

/** Where the client has named no username: one of their name, or a distinct one where somebody has that or takes it. */
export async function withUsername<T>(
  base: string,
  isFree: boolean,
  create: (username: string) => Promise<T>,
): Promise<T> {
  let username = isFree ? base : distinctUsername(base)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await create(username)
    } catch (error) {
      const isTaken = error instanceof Refusal && error.code === 'USERNAME_TAKEN'
      if (!isTaken || attempt === USERNAME_ATTEMPTS) throw error
      username = distinctUsername(base)
    }
  }
}

async function create(ctx: ServiceContext, input: NewAccount): Promise<SignedIn & { refreshToken: string }> {
  const { account, steps } = createAccount(ctx, input)
  const session = await beginFirstSession(ctx, account.id)
  await ctx.core.commit([...steps, ...session.steps], {
    refusals: { 'users.email': emailTaken, 'users.username': usernameTaken },
  })
  return session.answer(account)
}
