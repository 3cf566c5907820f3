import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import type { Act } from '../../../platform/audit/acts.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { sha256Hex } from '../../../platform/security/encoding.ts'
import type { TokenPurpose } from '../domain/mailed-tokens.ts'
import { type FoundToken, findToken } from './queries.ts'
import { mailedTokens } from './tables.ts'

/** One refusal, whatever is wrong with a token: why is for the log. */
export function invalidToken(reason: string): Refusal {
  return new Refusal('INVALID_TOKEN', 'This link is not valid, or it has expired. Ask for a new one.', {
    fields: [{ field: 'token', message: 'This link is not valid, or it has expired' }],
    reason,
  })
}

/** A token that may be used, or what is wrong with it. */
export type Looked =
  | { token: FoundToken; hash: string }
  | { wrong: string; found: FoundToken | undefined; hash: string }

/** Looks a token up by its hash, so there is no comparison whose time could tell anything. Uses nothing up. */
export async function lookAtToken(
  ctx: ServiceContext,
  text: string,
  purposes: readonly TokenPurpose[],
): Promise<Looked> {
  const hash = await sha256Hex(text)
  const found = await findToken(ctx.core.db, hash)
  const wrong = whatIsWrong(found, purposes, ctx.clock())
  return found && wrong === undefined ? { token: found, hash } : { wrong: wrong ?? 'unknown', found, hash }
}

function whatIsWrong(
  found: FoundToken | undefined,
  purposes: readonly TokenPurpose[],
  now: number,
): string | undefined {
  if (!found) return 'unknown, or replaced by a newer one'
  if (!purposes.includes(found.purpose)) return `is for ${found.purpose}`
  if (found.usedAt !== null) return 'used'
  if (found.expiresAt <= now) return 'expired'
  if (!found.isActive) return 'the account is deactivated'
  // What was mailed to an address that the account has no more proves nothing of the one it has.
  if (found.purpose !== 'change-email' && found.sentTo !== found.email) return 'the address was changed since'
  return undefined
}

/** Names what a failed guard of `useUp` means. */
export const TOKEN_REFUSALS = { 'token:unused': () => invalidToken('used or expired meanwhile') }

/** Stands in the batch of the token's effect: of many that come with one token, the batch of one is committed. */
export function useUp(ctx: ServiceContext, hash: string): Step[] {
  const now = ctx.clock()
  const unused = and(eq(mailedTokens.hash, hash), isNull(mailedTokens.usedAt), gt(mailedTokens.expiresAt, now))
  return [ctx.core.db.update(mailedTokens).set({ usedAt: now }).where(unused), expectChanged('token:unused')]
}

/** Links of these kinds that are still under way to a user are good for nothing any more. */
export function voidTokens(ctx: ServiceContext, userId: string, purposes: readonly TokenPurpose[]): Step {
  return ctx.core.db
    .delete(mailedTokens)
    .where(and(eq(mailedTokens.userId, userId), inArray(mailedTokens.purpose, [...purposes])))
}

/**
 * Notes a try that failed, with the account where it is known, and clears a token that has expired.
 * @throws Refusal, always: what the caller is told
 */
export async function refuseToken(
  ctx: ServiceContext,
  action: Act,
  { wrong, found, hash }: { wrong: string; found: FoundToken | undefined; hash: string },
): Promise<never> {
  const target = found
    ? { targetType: 'user', targetId: found.userId }
    : { targetType: 'mailed_token', targetId: hash.slice(0, 16) }
  const expired = and(eq(mailedTokens.hash, hash), isNull(mailedTokens.usedAt))
  await ctx.core.commit([
    ctx.audit(action, { ...target, reason: wrong }),
    ...(wrong === 'expired' ? [ctx.core.db.delete(mailedTokens).where(expired)] : []),
  ])
  throw invalidToken(wrong)
}
