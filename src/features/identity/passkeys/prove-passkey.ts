import { and, eq, lt, or, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Passed } from '../../../platform/security/passing-token.ts'
import { checkAssertion, counterWentBack, PasskeyRefused, userHandleOf } from '../../../platform/security/webauthn.ts'
import { notice } from '../notice.ts'
import type { Proof } from '../proof.ts'
import type { Entrant } from '../queries.ts'
import { spend } from '../spend-token.ts'
import { relyingParty, SPENT } from './ceremony.ts'
import { findPasskeyAccount, type StoredPasskey } from './queries.ts'
import type { PasskeyProof } from './schemas.ts'
import { passkeys } from './tables.ts'

/** One answer for a passkey that nobody knows, a wrong signature and a deactivated account. */
function wrongPasskey(reason: string): Refusal {
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
): Promise<{ account: Entrant; proof: Proof }> {
  const found = await findPasskeyAccount(ctx.core.db, response.id, ctx.clock())
  if (!found) throw wrongPasskey('unknown')
  const { account, passkey } = found
  const { userHandle } = response.response
  if (of !== undefined && passkey.userId !== of) throw wrongPasskey('of somebody else')
  const isNamed = userHandle === undefined ? of !== undefined : userHandle === userHandleOf(passkey.userId)
  if (!isNamed) throw wrongPasskey('does not say whose it is')
  const came = await check(ctx, response, ceremony.claims.challenge, passkey)
  if (!account.isActive) throw wrongPasskey('deactivated')
  if (counterWentBack(passkey.counter, came.counter)) throw await copied(ctx, ceremony, passkey, came.counter)
  return {
    account,
    proof: {
      by: 'passkey',
      steps: [spend(ctx, ceremony), ...used(ctx, passkey, came)],
      refusals: { ...SPENT, 'passkey:counter': () => wrongPasskey('removed, or used with a higher count, meanwhile') },
    },
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
    expectChanged('passkey:counter'),
  ]
}

/**
 * Signed with the right key and an old count: the key was copied. It is noted, its owner is told, and nobody gets in by it. Where the
 * challenge was used up already it is only the same answer once more.
 */
async function copied(
  ctx: ServiceContext,
  ceremony: Passed<unknown>,
  passkey: StoredPasskey,
  came: number,
): Promise<Refusal> {
  const details = { passkeyId: passkey.id, counter: passkey.counter, came }
  const { userId } = passkey
  const act = ctx.audit('PASSKEY_COUNTER_WENT_BACK', { targetType: 'user', targetId: userId, actorId: userId, details })
  const told = notice(ctx, userId, 'passkey-copied', passkey.name)
  await ctx.core.commit([act, told, spend(ctx, ceremony)], { refusals: SPENT })
  return wrongPasskey('its counter went back')
}
