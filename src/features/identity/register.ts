import type { ServiceContext } from '../../context.ts'
import { Refusal } from '../../platform/errors.ts'
import { beginSession } from './begin-session.ts'
import { createAccount } from './create-account.ts'
import { freeUsername, usernameBase } from './domain/username.ts'
import { findTaken } from './queries.ts'
import type { RegisterBody, SignedIn } from './schemas.ts'

const emailTaken = () =>
  new Refusal('EMAIL_TAKEN', 'An account with this e-mail address exists', {
    fields: [{ field: 'email', message: 'An account with this e-mail address exists' }],
  })

const usernameTaken = () =>
  new Refusal('USERNAME_TAKEN', 'This username is taken', {
    fields: [{ field: 'username', message: 'This username is taken' }],
  })

/** Makes the account and signs it in, in one batch. The unique indexes decide a race. */
export async function register(
  ctx: ServiceContext,
  input: Omit<RegisterBody, 'session'>,
): Promise<SignedIn & { refreshToken: string }> {
  const base = input.username ?? usernameBase(input.firstName, input.lastName)
  const taken = await findTaken(ctx.core.db, input.email, base)
  if (taken.emailTaken) throw emailTaken()
  if (input.username !== undefined && taken.usernames.has(input.username)) throw usernameTaken()

  const passwordHash = await ctx.passwords.hash(input.password)
  const { account, steps } = createAccount(ctx, {
    email: input.email,
    username: input.username ?? freeUsername(base, taken.usernames),
    passwordHash,
    firstName: input.firstName,
    lastName: input.lastName,
    role: 'user',
  })
  const session = await beginSession(ctx, account.id)
  await ctx.core.commit([...steps, ...session.steps], {
    refusals: { 'users.email': emailTaken, 'users.username': usernameTaken },
  })
  return session.answer(account)
}
