import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import type { Refusal } from '../../../platform/errors.ts'
import { beginSession } from '../begin-session.ts'
import { accountChanged, type FirstStep } from '../complete-sign-in.ts'
import type { Proof } from '../proof.ts'
import { type Entrant, findEntrant } from '../queries.ts'
import type { SignedIn } from '../schemas.ts'
import { signIn } from '../sign-in.ts'
import { spend } from '../spend-token.ts'
import { users } from '../tables.ts'
import { invalidTempToken, openTempToken } from './temp-token.ts'
import { countTry, forgetTries } from './tries.ts'

/** Looks at what the caller gives as their second factor. @throws Refusal where it is not good */
export type Prove = (userId: string) => Promise<Proof>

/**
 * The second of two steps: opens what the first one gave, counts the try where the factor is one that could be guessed,
 * has `prove` look at it, and begins the session in one batch with the token's end. Of many at once with one token, one is signed in.
 * @throws Refusal INVALID_TOKEN, RATE_LIMITED, or what `prove` throws
 */
export async function finishSecondStep(
  ctx: ServiceContext,
  tempToken: string,
  prove: Prove,
  { isGuessable = true }: { isGuessable?: boolean } = {},
): Promise<SignedIn & { refreshToken: string }> {
  const passed = await openTempToken(ctx, tempToken)
  const { sub: userId, by, pwd } = passed.claims
  const account = await findEntrant(ctx.core.db, userId, ctx.clock())
  if (!account?.isActive || account.mfaEnabledAt === null || account.passwordChangedAt !== pwd) {
    throw invalidTempToken('the account has changed since')
  }
  if (isGuessable) await countTry(ctx, userId)
  const first: FirstStep = {
    by,
    steps: [spend(ctx, passed)],
    refusals: { 'spent_tokens.id': () => invalidTempToken('used before') },
  }
  return signInByTwoSteps(ctx, account, first, await prove(userId))
}

/** Both steps in one call, for programs that keep no temporary token. */
export async function signInWithBoth(
  ctx: ServiceContext,
  credentials: { email: string; password: string },
  prove: Prove,
  withoutMfa: () => Refusal,
): Promise<SignedIn & { refreshToken: string }> {
  const result = await signIn(ctx, credentials, async (_ctx, account, first) => {
    if (account.mfaEnabledAt === null) throw withoutMfa()
    await countTry(ctx, account.id)
    return signInByTwoSteps(ctx, account, first, await prove(account.id))
  })
  if ('requiresMfa' in result) throw new Error('The second step was asked for though it was given')
  return result
}

async function signInByTwoSteps(
  ctx: ServiceContext,
  account: Entrant,
  first: FirstStep,
  second: Proof,
): Promise<SignedIn & { refreshToken: string }> {
  const session = await beginSession(ctx, account)
  const { db } = ctx.core
  const signedIn: Step = db
    .update(users)
    .set({ lastLoginAt: ctx.clock() })
    .where(
      and(
        eq(users.id, account.id),
        eq(users.isActive, true),
        isNotNull(users.mfaEnabledAt),
        account.passwordChangedAt === null
          ? isNull(users.passwordChangedAt)
          : eq(users.passwordChangedAt, account.passwordChangedAt),
      ),
    )
  await ctx.core.commit(
    [
      ...first.steps,
      ...second.steps,
      signedIn,
      expectChanged('second-step:account'),
      ...session.steps,
      forgetTries(ctx, account.id),
      ctx.audit('SIGNED_IN', {
        targetType: 'user',
        targetId: account.id,
        actorId: account.id,
        details: { by: first.by, second: second.by },
      }),
    ],
    {
      refusals: {
        ...first.refusals,
        ...second.refusals,
        'second-step:account': accountChanged,
      },
    },
  )
  return session.answer(account)
}
