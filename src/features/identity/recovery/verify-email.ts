import { and, eq, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import { users } from '../tables.ts'
import { EmailChanged, EmailVerified } from './events.ts'
import type { FoundToken } from './queries.ts'
import type { VerificationLink } from './schemas.ts'
import { invalidToken, lookAtToken, refuseToken, TOKEN_REFUSALS, useUp, voidTokens } from './use-token.ts'

const PURPOSES = ['verify-email', 'change-email'] as const

/**
 * Whose address a token would make this one, for whoever is about to press: somebody else may have registered with it.
 * Only who was mailed the token is told. Uses nothing up.
 */
export async function readVerificationLink(ctx: ServiceContext, text: string): Promise<VerificationLink> {
  const looked = await lookAtToken(ctx, text, PURPOSES)
  if ('wrong' in looked) return { valid: false, isNewAddress: false, account: null }
  const { purpose, firstName, lastName, username } = looked.token
  return { valid: true, isNewAddress: purpose === 'change-email', account: { firstName, lastName, username } }
}

export interface Proved {
  /** Whether the account has another address now than before. */
  isChanged: boolean
}

/**
 * Takes it that mail to an address reaches its owner: of the account's own address, or of the one that it is to have.
 * Holds at once here, and within five seconds everywhere, without a new sign-in. A second use is refused.
 */
export async function verifyEmail(ctx: ServiceContext, text: string): Promise<Proved> {
  const looked = await lookAtToken(ctx, text, PURPOSES)
  if ('wrong' in looked) return refuseToken(ctx, 'EMAIL_VERIFICATION_FAILED', looked)
  const { token, hash } = looked
  const isChanged = token.purpose === 'change-email'
  await ctx.core.commit(
    [...(isChanged ? tellOfChange(ctx, token) : tellOfProof(ctx, token)), ...useUp(ctx, hash), ...prove(ctx, token)],
    {
      refusals: {
        ...TOKEN_REFUSALS,
        'user:same': () => invalidToken('the account changed meanwhile'),
        // Somebody else was quicker; that is told in the words for every other link that is no good.
        'users.email': () => invalidToken('the address was taken meanwhile'),
      },
    },
  )
  ctx.sessions.forgetUser(token.userId)
  return { isChanged }
}

function prove(ctx: ServiceContext, { userId, email, sentTo }: FoundToken): Step[] {
  const now = ctx.clock()
  return [
    ctx.core.db
      .update(users)
      .set({ email: sentTo, isEmailVerified: true, version: sql`${users.version} + 1`, updatedAt: now })
      .where(and(eq(users.id, userId), eq(users.email, email), eq(users.isActive, true))),
    expectChanged('user:same'),
    // What was mailed to the address before is no proof of anything now.
    ...(email === sentTo ? [] : [voidTokens(ctx, userId, ['reset-password', 'verify-email'])]),
  ]
}

function tellOfProof(ctx: ServiceContext, { userId }: FoundToken): Step[] {
  return [
    ctx.event(EmailVerified, { aggregateId: userId, sequence: ctx.clock(), payload: { userId } }),
    ctx.audit('EMAIL_VERIFIED', { targetType: 'user', targetId: userId, actorId: userId }),
  ]
}

function tellOfChange(ctx: ServiceContext, { userId, email: from }: FoundToken): Step[] {
  const { userAgent, place } = ctx.origin
  const payload = { userId, from, userAgent, place }
  return [
    ctx.event(EmailChanged, { aggregateId: userId, sequence: ctx.clock(), payload }),
    ctx.audit('EMAIL_CHANGED', { targetType: 'user', targetId: userId, actorId: userId }),
  ]
}
