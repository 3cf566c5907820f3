import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime } from '../../../platform/clock.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { deviceOf } from '../../../platform/device.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import {
  checkCreation,
  creationOptions,
  type NewCredential,
  PasskeyRefused,
} from '../../../platform/security/webauthn.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import { findAccountById } from '../queries.ts'
import { spend } from '../spend-token.ts'
import { CREATION, invalidCeremony, newCeremony, openCeremony, relyingParty, SPENT } from './ceremony.ts'
import { listPasskeys, MOST_PASSKEYS } from './queries.ts'
import { type AddPasskeyBody, PasskeyCreation, type PasskeyView } from './schemas.ts'
import { passkeys } from './tables.ts'

/** What the caller's browser needs to make a passkey; devices that hold one of theirs already are left out. */
export async function beginPasskey(ctx: ServiceContext): Promise<PasskeyCreation> {
  const { userId } = requireUser(ctx)
  const [account, exclude] = await Promise.all([
    findAccountById(ctx.core.db, userId),
    listPasskeys(ctx.core.db, userId),
  ])
  if (!account) throw notFound('User')
  const { challenge, token } = await newCeremony(ctx, CREATION, (challenge) => ({ challenge, userId }))
  const user = { id: userId, name: account.email, displayName: `${account.firstName} ${account.lastName}` }
  const options = await creationOptions(relyingParty(ctx.settings), { user, challenge, exclude })
  return PasskeyCreation.parse({ options, token })
}

/**
 * Keeps the public half of the key that the caller's browser has made.
 * @throws Refusal INVALID_TOKEN, UNPROCESSABLE where it is not what was asked for, CONFLICT where it is known already
 * or they have as many as they may
 */
export async function addPasskey(ctx: ServiceContext, input: AddPasskeyBody): Promise<PasskeyView> {
  const { userId } = requireUser(ctx)
  const ceremony = await openCeremony(ctx, CREATION, input.token)
  if (ceremony.claims.userId !== userId) throw invalidCeremony('given to somebody else')
  const made = await checkMade(ctx, input, ceremony.claims.challenge)
  const name = input.name ?? deviceOf(ctx.origin.userAgent).name
  const now = ctx.clock()
  const signedIn = whileSignedIn(ctx)
  await ctx.core.commit(
    [
      ...signedIn.steps,
      spend(ctx, ceremony),
      sql`
        insert into ${passkeys} (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
        select ${made.id}, ${userId}, ${name}, ${made.publicKey}, ${made.counter},
          ${JSON.stringify(made.transports)}, ${made.isBackedUp ? 1 : 0}, ${now}
        where (select count(*) from passkeys where user_id = ${userId}) < ${MOST_PASSKEYS}
      `,
      expectChanged('passkeys:most'),
      ctx.audit('PASSKEY_ADDED', {
        targetType: 'user',
        targetId: userId,
        details: { passkeyId: made.id, isBackedUp: made.isBackedUp },
      }),
      notice(ctx, userId, 'passkey-added', name),
    ],
    { refusals: { ...signedIn.refusals, ...SPENT, 'passkeys:most': tooMany, 'passkeys.id': known } },
  )
  return { id: made.id, name, isBackedUp: made.isBackedUp, createdAt: isoTime(now), lastUsedAt: null }
}

async function checkMade(ctx: ServiceContext, input: AddPasskeyBody, challenge: string): Promise<NewCredential> {
  try {
    return await checkCreation(relyingParty(ctx.settings), { response: input.response, challenge })
  } catch (error) {
    if (!(error instanceof PasskeyRefused)) throw error
    throw new Refusal('UNPROCESSABLE', 'This passkey cannot be used here', { reason: error.message })
  }
}

const tooMany = () => new Refusal('CONFLICT', `You have ${MOST_PASSKEYS} passkeys. Remove one that you need no more.`)
const known = () => new Refusal('CONFLICT', 'This passkey is kept already')
