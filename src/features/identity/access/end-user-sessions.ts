import { and, eq, isNull, lte } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged, GuardFailed } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { SessionsRevoked } from '../events.ts'
import { notice } from '../notice.ts'
import { sessions } from '../tables.ts'
import { raiseVersion, stillMay } from './guards.ts'
import { manageUser } from './manage-user.ts'

const NONE_LIVES = 'sessions:live'

/**
 * Ends all sessions of a user, who may sign in anew at once, and tells them. Where none lives nothing happens.
 * @throws Refusal 400 for oneself, 404 where there is no such person, 403 where they are above the caller
 */
export async function endUserSessions(ctx: ServiceContext, userId: string, reason: string): Promise<void> {
  if (userId === requireUser(ctx).userId) {
    throw new Refusal('VALIDATION_FAILED', 'Nobody signs themselves out here', {
      fields: [{ field: 'id', message: 'This is you' }],
    })
  }
  // Sessions that begin from here on are not meant, whenever this is repeated.
  const before = ctx.clock()
  try {
    await manageUser(ctx, userId, (person, actor) => ({
      steps: [
        ...ctx.idempotency.answered(200, { success: true }),
        ctx.audit('USER_SESSIONS_ENDED', { targetType: 'user', targetId: userId, reason }),
        ctx.event(SessionsRevoked, {
          aggregateId: userId,
          sequence: before,
          payload: { userId, sessionIds: null, before, reason: 'ended_by_admin' },
        }),
        notice(ctx, userId, 'sessions-ended'),
        ...stillMay(ctx, actor, 'manage:settings'),
        ...raiseVersion(ctx, userId, person),
        ctx.core.db
          .update(sessions)
          .set({ revokedAt: before, revokeReason: 'ended_by_admin' })
          .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), lte(sessions.createdAt, before))),
        expectChanged(NONE_LIVES),
      ],
      answer: undefined,
    }))
  } catch (error) {
    if (!(error instanceof GuardFailed && error.guard === NONE_LIVES)) throw error
    await ctx.core.commit(ctx.idempotency.answered(200, { success: true }))
    return
  }
  // The event is the safety net: whoever holds a socket open is told now.
  ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds: null, before }))
}
