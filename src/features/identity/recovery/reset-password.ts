import { and, eq, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { sha256Hex } from '../../../platform/security/encoding.ts'
import { endingSessions } from '../end-sessions.ts'
import { demandOwnPassword, isPasswordOf, unusablePassword } from '../new-password.ts'
import { notice } from '../notice.ts'
import { users } from '../tables.ts'
import { countWaysIn, type WaysIn } from './queries.ts'
import type { ResetPasswordBody } from './schemas.ts'
import { takeBackWaysIn } from './take-back.ts'
import { invalidToken, lookAtToken, refuseToken, TOKEN_REFUSALS, useUp, voidTokens } from './use-token.ts'

const FIELD = 'newPassword'

/**
 * Chooses a new password by a mailed token. All sessions end, and links under way are void; the second step stays as it
 * is. Of many that come with one token, one succeeds. What is refused for the password leaves the token good. Answers
 * what else still lets in to the account: its owner may have lost more than a password.
 */
export async function resetPassword(
  ctx: ServiceContext,
  { token: text, newPassword }: Pick<ResetPasswordBody, 'token' | 'newPassword'>,
): Promise<WaysIn> {
  const counted = { hash: await sha256Hex(text), now: ctx.clock(), providers: [...ctx.providers.keys()] }
  const [looked, waysIn] = await Promise.all([
    lookAtToken(ctx, text, ['reset-password']),
    countWaysIn(ctx.core.db, counted),
  ])
  if ('wrong' in looked) return refuseToken(ctx, 'PASSWORD_RESET_FAILED', looked)
  const { token, hash } = looked
  const { userId } = token
  demandOwnPassword(ctx, newPassword, token, FIELD)
  if (await isPasswordOf(ctx, token.passwordHash, newPassword)) {
    throw unusablePassword(FIELD, 'Use another password than the one before')
  }
  const passwordHash = await ctx.passwords.hash(newPassword)

  const now = ctx.clock()
  const sessions = endingSessions(ctx, { userId, sessionIds: null, reason: 'password_changed' })
  await ctx.core.commit(
    [
      ctx.audit('PASSWORD_RESET_SUCCESS', { targetType: 'user', targetId: userId, actorId: userId }),
      notice(ctx, userId, 'password-changed'),
      ...sessions.tell,
      ...useUp(ctx, hash),
      ctx.core.db
        .update(users)
        .set({ passwordHash, passwordChangedAt: now, version: sql`${users.version} + 1`, updatedAt: now })
        .where(and(eq(users.id, userId), eq(users.email, token.sentTo), eq(users.isActive, true))),
      expectChanged('user:same'),
      sessions.end,
      voidTokens(ctx, userId, ['change-email']),
      ...(token.isEmailVerified ? [] : takeBackWaysIn(ctx, token)),
    ],
    { refusals: { ...TOKEN_REFUSALS, 'user:same': () => invalidToken('the account changed meanwhile') } },
  )
  sessions.settle()
  return token.isEmailVerified ? waysIn : { passkeys: 0, apiKeys: 0, linkedAccounts: 0 }
}

/** Whether a token would be taken, for the page that is about to ask for a password. Uses nothing up. */
export async function isResetTokenValid(
  ctx: ServiceContext,
  { token, email }: { token: string; email?: string | undefined },
): Promise<boolean> {
  const looked = await lookAtToken(ctx, token, ['reset-password'])
  if ('wrong' in looked) return false
  return email === undefined || looked.token.email === email.trim().toLowerCase()
}
