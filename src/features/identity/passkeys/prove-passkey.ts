import { and, eq, lt, or, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { ConstraintFailed, expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Passed } from '../../../platform/security/passing-token.ts'
import { checkAssertion, counterWentBack, PasskeyRefused, userHandleOf } from '../../../platform/security/webauthn.ts'
import type { Account } from '../queries.ts'
import { spend } from '../spend-token.ts'
import { invalidToken, relyingParty } from './ceremony.ts'
import { findPasskeyAccount, type StoredPasskey } from './queries.ts'
import type { PasskeyProof } from './schemas.ts'
import { passkeys } from './tables.ts'

/** Somebody has shown that they hold a passkey of this account, and that it knows them. */
export interface ProvenPasskey {
  account: Account
  passkey: StoredPasskey
  /** They go into the batch of what the proof is for, by `commitProof`: the challenge is used up, and the use noted. */
  steps: Step[]
}

const COUNTER_GUARD = 'passkey:counter'

/** One answer for a passkey that nobody knows, a wrong signature and a deactivated account. */
export function wrongPasskey(reason: string): Refusal {
  return new Refusal('INVALID_CREDENTIALS', 'This passkey does not sign in here', { reason: `passkey: ${reason}` })
}

/**
 * Checks a passkey that was shown for the challenge of a token. `of`: the only user whose passkey will do, where that
 * is known; else the passkey itself must say whose it is.
 * @throws Refusal INVALID_CREDENTIALS
 */
export async function provePasskey(
  ctx: ServiceContext,
  response: PasskeyProof['response'],
  ceremony: Passed<{ challenge: string }>,
  of?: string,
): Promise<ProvenPasskey> {
  const found = await findPasskeyAccount(ctx.core.db, response.id)
  if (!found) throw wrongPasskey('unknown')
  const { account, passkey } = found
  const { userHandle } = response.response
  if (of !== undefined && passkey.userId !== of) throw wrongPasskey('of somebody else')
  const isNamed = userHandle === undefined ? of !== undefined : userHandle === userHandleOf(passkey.userId)
  if (!isNamed) throw wrongPasskey('does not say whose it is')
  const came = await check(ctx, response, ceremony.claims.challenge, passkey)
  if (!account.isActive) throw wrongPasskey('deactivated')
  if (counterWentBack(passkey.counter, came.counter)) throw await copied(ctx, passkey, came.counter)
  return { account, passkey, steps: [spend(ctx, ceremony), ...used(ctx, passkey, came)] }
}

/**
 * Runs the batch that a proof's steps are in.
 * @throws Refusal INVALID_TOKEN where the same proof was first in another, INVALID_CREDENTIALS where the passkey was
 * removed, or used with a higher count, meanwhile
 */
export async function commitProof<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ConstraintFailed && error.constraint === 'spent_tokens.id') throw invalidToken('spent')
    if (error instanceof GuardFailed && error.guard === COUNTER_GUARD) throw wrongPasskey('changed meanwhile')
    throw error
  }
}

async function check(
  ctx: ServiceContext,
  response: PasskeyProof['response'],
  challenge: string,
  stored: StoredPasskey,
) {
  try {
    return await checkAssertion(relyingParty(ctx.settings), { response, challenge, stored })
  } catch (error) {
    throw error instanceof PasskeyRefused ? wrongPasskey(error.message) : error
  }
}

function used(
  ctx: ServiceContext,
  { id }: StoredPasskey,
  { counter, isBackedUp }: { counter: number; isBackedUp: boolean },
): Step[] {
  // Of two that were signed one after the other the later may come first: then the earlier counts for nothing.
  const stillRises = or(lt(passkeys.counter, counter), and(eq(passkeys.counter, 0), sql`${counter} = 0`))
  return [
    ctx.core.db
      .update(passkeys)
      .set({ counter, isBackedUp, lastUsedAt: ctx.clock() })
      .where(and(eq(passkeys.id, id), stillRises)),
    expectChanged(COUNTER_GUARD),
  ]
}

/** Signed with the right key and an old count: the key was copied. It is noted, and nobody gets in by it. */
async function copied(ctx: ServiceContext, passkey: StoredPasskey, came: number): Promise<Refusal> {
  const details = { passkeyId: passkey.id, counter: passkey.counter, came }
  const { userId } = passkey
  await ctx.core.commit([
    ctx.audit('PASSKEY_COUNTER_WENT_BACK', { targetType: 'user', targetId: userId, actorId: userId, details }),
  ])
  return wrongPasskey('its counter went back')
}
