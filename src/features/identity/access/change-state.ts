import { and, eq, isNull, lte } from 'drizzle-orm'
import { requireUser, type ServiceContext, type SessionState } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { SessionsRevoked } from '../events.ts'
import { notice } from '../notice.ts'
import { sessions } from '../tables.ts'
import type { Managed } from './access-queries.ts'
import { keepAnAdmin, raiseVersion, stillMay } from './guards.ts'
import { manageUser } from './manage-user.ts'
import type { UserState } from './schemas.ts'

/** Ends all sessions of a user, and lets them begin none, until they are reactivated. Nothing of theirs is lost. */
export async function deactivateUser(ctx: ServiceContext, userId: string, why: Why = {}): Promise<UserState> {
  const before = ctx.clock()
  const isChanged = await changeState(ctx, userId, { isActive: false, ...why, before })
  if (isChanged) closeSockets(ctx, userId, before)
  return { id: userId, isActive: false }
}

/** Lets a user sign in again, anew: the sessions that were ended stay so. */
export async function reactivateUser(ctx: ServiceContext, userId: string, why: Why = {}): Promise<UserState> {
  await changeState(ctx, userId, { isActive: true, ...why, before: ctx.clock() })
  return { id: userId, isActive: true }
}

interface Why {
  reason?: string | undefined
  /** @throws Refusal where the person is not as the caller knows them */
  check?: (version: number) => void
}

interface StateChange extends Why {
  isActive: boolean
  /** Sessions that begin later are not meant. */
  before: number
}

function changeState(ctx: ServiceContext, userId: string, change: StateChange): Promise<boolean> {
  if (userId === requireUser(ctx).userId) throw ownState('id')
  const { isActive, check } = change
  return manageUser(ctx, userId, (person, actor) => {
    check?.(person.version)
    const kept = ctx.idempotency.answered(200, { id: userId, isActive })
    const steps = stateSteps(ctx, { person, actor }, change)
    if (steps.length === 0) return { steps: kept, answer: false }
    return { steps: [...kept, ...steps, ...raiseVersion(ctx, userId, person, { isActive })], answer: true }
  })
}

/** `field` is where they said so. */
export function ownState(field: string): Refusal {
  return new Refusal('VALIDATION_FAILED', 'Nobody deactivates themselves here', {
    fields: [{ field, message: 'This is you' }],
  })
}

/**
 * What goes with closing or opening somebody else's account, for the batch that also sets `isActive` and raises their
 * version. Nothing where it is so already. After a commit that closes, `closeSockets`.
 */
export function stateSteps(
  ctx: ServiceContext,
  { person, actor }: { person: Managed; actor: SessionState },
  { isActive, reason, before }: StateChange,
): Step[] {
  if (person.isActive === isActive) return []
  const { id: userId } = person
  const action = isActive ? 'USER_REACTIVATED' : 'USER_DEACTIVATED'
  return [
    ctx.audit(action, { targetType: 'user', targetId: userId, ...(reason && { reason }) }),
    notice(ctx, userId, isActive ? 'account-reactivated' : 'account-deactivated'),
    ...stillMay(ctx, actor, 'manage:settings'),
    ...(isActive ? [] : endAll(ctx, userId, before)),
    ...(!isActive && person.roles.includes('admin') ? keepAnAdmin(userId) : []),
  ]
}

function endAll(ctx: ServiceContext, userId: string, before: number): Step[] {
  return [
    ctx.core.db
      .update(sessions)
      .set({ revokedAt: before, revokeReason: 'deactivated' })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), lte(sessions.createdAt, before))),
    ctx.event(SessionsRevoked, {
      aggregateId: userId,
      sequence: before,
      payload: { userId, sessionIds: null, before, reason: 'deactivated' },
    }),
  ]
}

/** The event is the safety net: whoever holds a socket open is told now. */
export function closeSockets(ctx: ServiceContext, userId: string, before: number): void {
  ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds: null, before }))
}
