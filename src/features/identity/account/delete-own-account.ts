import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { ACTOR_REFUSAL, anotherAdmin, EXPECTED_REFUSAL } from '../access/guards.ts'
import { AccountGivenUp, SessionsRevoked } from '../events.ts'
import { sessions, users } from '../tables.ts'

const MAY_GO = 'user:may-go'

/** The caller's own account. @throws Refusal as `giveUpAccount` does */
export function deleteOwnAccount(ctx: ServiceContext): Promise<void> {
  return giveUpAccount(ctx, requireUser(ctx).userId)
}

/**
 * Gives an account up, for good. From here on it takes nobody in and all of its sessions have ended; what
 * is kept of them is erased by the Workflow that the event begins. Of two at once the second finds it done.
 * `besides` is what must hold of whoever does so to somebody else.
 * @throws Refusal where nobody else is an admin who may do everything
 */
export async function giveUpAccount(ctx: ServiceContext, userId: string, besides: Step[] = []): Promise<void> {
  const now = ctx.clock()
  const { db } = ctx.core
  const steps = [
    ...besides,
    sql`
      update ${users} set is_active = 0, is_discoverable = 0, deleted_at = ${now}, updated_at = ${now},
        version = version + 1
      where id = ${userId} and deleted_at is null and (
        not exists (select 1 from user_roles join roles on roles.id = user_roles.role_id
          where user_roles.user_id = ${userId} and roles.name = 'admin')
        or ${anotherAdmin(userId)})
    `,
    expectChanged(MAY_GO),
    db
      .update(sessions)
      .set({ revokedAt: now, revokeReason: 'deleted' })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), lte(sessions.createdAt, now))),
    ctx.event(AccountGivenUp, { aggregateId: userId, sequence: now, payload: { userId } }),
    ctx.event(SessionsRevoked, {
      aggregateId: userId,
      sequence: now,
      payload: { userId, sessionIds: null, before: now, reason: 'deleted' },
    }),
    ctx.audit('ACCOUNT_DELETED', { targetType: 'user', targetId: userId }),
  ]
  try {
    await ctx.core.commit(steps, { refusals: { ...ACTOR_REFUSAL, ...EXPECTED_REFUSAL } })
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    if (!(await isGivenUp(ctx, userId))) throw lastAdmin()
  }
  ctx.sessions.forgetUser(userId)
  // The event is the safety net: whoever holds a socket open is told now.
  ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds: null, before: now }))
}

async function isGivenUp({ core: { db } }: ServiceContext, userId: string): Promise<boolean> {
  const [row] = await db.select({ deletedAt: users.deletedAt }).from(users).where(eq(users.id, userId))
  return row?.deletedAt !== null
}

function lastAdmin(): Refusal {
  return new Refusal('CONFLICT', 'This is the only admin who may do everything. Make somebody else an admin first.')
}
