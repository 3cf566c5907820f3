import { and, eq, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { endingSessions } from '../end-sessions.ts'
import { demandSecondFactor } from '../mfa/demand-second-factor.ts'
import { demandOwnPassword, isPasswordOf, NO_PASSWORD, unusablePassword } from '../new-password.ts'
import { notice } from '../notice.ts'
import { listOtherSessions } from '../session-queries.ts'
import { users } from '../tables.ts'
import { findOwnIdentity } from './queries.ts'
import type { ChangePasswordBody } from './schemas.ts'
import { voidTokens } from './use-token.ts'

const FIELD = 'newPassword'

/** Takes another password in the place of the one that the caller knows. All their other sessions end. */
export async function changePassword(
  ctx: ServiceContext,
  { currentPassword, newPassword }: ChangePasswordBody,
): Promise<void> {
  const { userId, sessionId } = requireUser(ctx)
  const [own, others] = await Promise.all([
    findOwnIdentity(ctx.core.db, userId),
    listOtherSessions(ctx.core.db, userId, sessionId, ctx.clock()),
  ])
  if (!own) throw notFound('User')
  // Before a hash is made for anybody: a caller whose session has ended is told that, and nothing of passwords.
  await ctx.authorized()
  // Before the password is looked at: who has stolen a session gets no chance to guess it.
  await demandSecondFactor(ctx, own.mfaEnabledAt)
  if (own.passwordHash === NO_PASSWORD) {
    throw new Refusal('CONFLICT', 'This account has no password yet. Choose one by "Forgot your password?".')
  }
  if (!(await isPasswordOf(ctx, own.passwordHash, currentPassword))) throw wrongPassword()
  // As hashes compare them.
  if (newPassword.normalize('NFKC') === currentPassword.normalize('NFKC')) {
    throw unusablePassword(FIELD, 'Use another password than the one before')
  }
  demandOwnPassword(ctx, newPassword, own, FIELD)
  const passwordHash = await ctx.passwords.hash(newPassword)

  const now = ctx.clock()
  const but = { sessionId, others }
  const sessions = endingSessions(ctx, { userId, sessionIds: null, but, reason: 'password_changed' })
  await ctx.core.commit(
    [
      ctx.audit('PASSWORD_CHANGED', { targetType: 'user', targetId: userId }),
      notice(ctx, userId, 'password-changed'),
      ...(others.length > 0 ? sessions.tell : []),
      ctx.core.db
        .update(users)
        .set({ passwordHash, passwordChangedAt: now, version: sql`${users.version} + 1`, updatedAt: now })
        .where(and(eq(users.id, userId), eq(users.passwordHash, own.passwordHash))),
      expectChanged('user:same-password'),
      sessions.end,
      // A link that somebody else has asked for must not outlive the change that keeps them out.
      voidTokens(ctx, userId, ['reset-password', 'change-email']),
    ],
    { refusals: { 'user:same-password': wrongPassword } },
  )
  sessions.settle()
}

const wrongPassword = () =>
  new Refusal('VALIDATION_FAILED', 'The password is not right', {
    fields: [{ field: 'currentPassword', message: 'This is not your password' }],
    reason: 'wrong password',
  })
