import { and, eq, isNull, lte } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import type { Act } from '../../../platform/audit/acts.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { SessionsRevoked } from '../events.ts'
import { notice } from '../notice.ts'
import { sessions } from '../tables.ts'
import { keepAnAdmin, raiseVersion, stillMay } from './guards.ts'
import { manageUser } from './manage-user.ts'
import type { UserState } from './schemas.ts'

/** Ends all sessions of a user, and lets them begin none, until they are reactivated. Nothing of theirs is lost. */
export async function deactivateUser(ctx: ServiceContext, userId: string, reason?: string): Promise<UserState> {
  const before = ctx.clock()
  const isChanged = await changeState(ctx, userId, {
    ...{ isActive: false, action: 'USER_DEACTIVATED', reason },
    besides: (isAdmin) => [
      ctx.core.db
        .update(sessions)
        .set({ revokedAt: before, revokeReason: 'deactivated' })
        .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), lte(sessions.createdAt, before))),
      ctx.event(SessionsRevoked, {
        aggregateId: userId,
        sequence: before,
        payload: { userId, sessionIds: null, before, reason: 'deactivated' },
      }),
      ...(isAdmin ? keepAnAdmin(userId) : []),
    ],
  })
  // The event is the safety net: whoever holds a socket open is told now.
  if (isChanged) ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds: null, before }))
  return { id: userId, isActive: false }
}

/** Lets a user sign in again, anew: the sessions that were ended stay so. */
export async function reactivateUser(ctx: ServiceContext, userId: string, reason?: string): Promise<UserState> {
  await changeState(ctx, userId, { isActive: true, action: 'USER_REACTIVATED', reason, besides: () => [] })
  return { id: userId, isActive: true }
}

interface StateChange {
  isActive: boolean
  action: Act
  reason: string | undefined
  besides: (isAdmin: boolean) => Step[]
}

function changeState(
  ctx: ServiceContext,
  userId: string,
  { isActive, action, reason, besides }: StateChange,
): Promise<boolean> {
  if (userId === requireUser(ctx).userId) {
    throw new Refusal('VALIDATION_FAILED', 'Nobody deactivates themselves here', {
      fields: [{ field: 'id', message: 'This is you' }],
    })
  }
  return manageUser(ctx, userId, (person, actor) => {
    const kept = ctx.idempotency.answered(200, { id: userId, isActive })
    if (person.isActive === isActive) return { steps: kept, answer: false }
    const steps: Step[] = [
      ...kept,
      ctx.audit(action, { targetType: 'user', targetId: userId, ...(reason && { reason }) }),
      notice(ctx, userId, isActive ? 'account-reactivated' : 'account-deactivated'),
      ...stillMay(ctx, actor, 'manage:settings'),
      ...raiseVersion(ctx, userId, person, { isActive }),
      ...besides(person.roles.includes('admin')),
    ]
    return { steps, answer: true }
  })
}
