import { and, eq } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { ConstraintFailed, expectChanged, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { completeSignIn } from '../complete-sign-in.ts'
import { createAccount } from '../create-account.ts'
import { outsideNames } from '../domain/outside-names.ts'
import { distinctUsername, usernameBase } from '../domain/username.ts'
import { NO_PASSWORD } from '../new-password.ts'
import { findTaken } from '../queries.ts'
import { spend } from '../spend-token.ts'
import { users } from '../tables.ts'
import { beginAgain, type Redeemed, redeemAttempt } from './attempt.ts'
import { findLinkedAccount } from './queries.ts'
import type { ReturnedFromProvider } from './schemas.ts'
import { linkedIdentities } from './tables.ts'

/** Who else takes the name, or makes this very account, does so at the same moment. */
const ATTEMPTS = 3

/**
 * Signs somebody in as whom a provider vouches for. An account that is linked is theirs; with a verified address that
 * nobody has here they get a new one, without a password. An address that somebody has links nothing by itself: whoever
 * has it signs in first. @throws Refusal
 */
export async function signInWithProvider(
  ctx: ServiceContext,
  token: string | undefined,
  returned: ReturnedFromProvider,
): Promise<Awaited<ReturnType<typeof completeSignIn>>> {
  const redeemed = await redeemAttempt(ctx, token, returned)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await enter(ctx, redeemed, attempt > 1)
    } catch (error) {
      if (error instanceof ConstraintFailed && error.constraint === 'spent_tokens.id') throw beginAgain('used before')
      // Perhaps by the same person, who came back twice at once: then the account is linked by now.
      const mayRetry = isTaken(error) && attempt < ATTEMPTS
      if (!mayRetry || (error instanceof Refusal && attempt > 1)) throw error
    }
  }
}

function isTaken(error: unknown): boolean {
  if (error instanceof Refusal) return error.code === 'SIGN_IN_TO_LINK'
  return error instanceof ConstraintFailed && /^(users|linked_identities)\./.test(error.constraint)
}

async function enter(ctx: ServiceContext, redeemed: Redeemed, isAgain: boolean) {
  const { provider, person, attempt } = redeemed
  const { db } = ctx.core
  const once = spend(ctx, attempt)
  const account = await findLinkedAccount(db, provider.id, person.subject, ctx.clock())
  if (account) {
    if (!account.isActive) {
      throw new Refusal('INVALID_CREDENTIALS', 'This account cannot sign in', { reason: 'deactivated' })
    }
    const used = db
      .update(linkedIdentities)
      .set({ lastUsedAt: ctx.clock() })
      .where(
        and(
          eq(linkedIdentities.provider, provider.id),
          eq(linkedIdentities.subject, person.subject),
          eq(linkedIdentities.userId, account.id),
        ),
      )
    return completeSignIn(ctx, account, {
      by: 'provider',
      steps: [once, used, expectChanged('provider:linked')],
      refusals: { 'provider:linked': () => beginAgain('unlinked meanwhile') },
    })
  }
  const made = await makeAccount(ctx, redeemed, isAgain)
  return completeSignIn(ctx, { ...made.account, surplusSessions: [] }, { by: 'provider', steps: [once, ...made.steps] })
}

async function makeAccount(ctx: ServiceContext, redeemed: Redeemed, isAgain: boolean) {
  const { provider, person } = redeemed
  const { db } = ctx.core
  const { verifiedEmail: email } = person
  if (email === null) {
    throw new Refusal('EMAIL_NOT_VERIFIED', `Verify your e-mail address at ${provider.name} first`)
  }
  // The first admin's address is kept for them, before and after they have come.
  if (email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) throw signInToLink(redeemed)
  const names = outsideNames(person, email)
  const base = usernameBase(names.firstName, names.lastName)
  const taken = await findTaken(db, email, base)
  if (taken.email) throw signInToLink(redeemed)
  const username = isAgain || taken.username || base === 'user' ? distinctUsername(base) : base
  const { account, steps } = createAccount(ctx, { ...names, email, username, passwordHash: NO_PASSWORD, role: 'user' })
  const now = ctx.clock()
  const own: Step[] = [
    ...steps,
    db.update(users).set({ isEmailVerified: true }).where(eq(users.id, account.id)),
    db.insert(linkedIdentities).values({
      ...{ provider: provider.id, subject: person.subject, userId: account.id, email, createdAt: now, lastUsedAt: now },
    }),
    ctx.audit('PROVIDER_LINKED', {
      ...{ targetType: 'user', targetId: account.id, actorId: account.id, details: { provider: provider.id } },
    }),
  ]
  return { account: { ...account, isEmailVerified: true }, steps: own }
}

function signInToLink({ provider }: Pick<Redeemed, 'provider'>): Refusal {
  return new Refusal(
    'SIGN_IN_TO_LINK',
    `There is an account with this e-mail address. Sign in to it, and link ${provider.name} under Security.`,
  )
}
