import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import type { EndReason } from './domain/session-policy.ts'
import { SessionsRevoked } from './events.ts'
import { sessions } from './tables.ts'

/**
 * Ends sessions of one user: no token of theirs is accepted any more (here at once, elsewhere within
 * the session memory), and their sockets close. Ending an ended session again changes nothing.
 */
export async function endSessions(
  ctx: ServiceContext,
  /** `sessionIds: null` ends all of them, however many. */
  input: { userId: string; sessionIds: string[] | null; reason: EndReason },
): Promise<void> {
  const { userId, sessionIds, reason } = input
  // With `null` sessions that begin from here on are not meant, whenever this is repeated.
  const before = ctx.clock()
  const chosen =
    sessionIds === null
      ? lte(sessions.createdAt, before)
      : sql`${sessions.id} in (select value from json_each(${JSON.stringify(sessionIds)}))`
  const steps = [
    ctx.core.db
      .update(sessions)
      .set({ revokedAt: before, revokeReason: reason })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), chosen)),
    expectChanged('sessions:live'),
    ctx.event(SessionsRevoked, {
      aggregateId: userId,
      sequence: before,
      payload: { userId, sessionIds, before, reason },
    }),
    ctx.audit('SESSIONS_REVOKED', {
      targetType: 'user',
      targetId: userId,
      actorId: userId,
      reason,
      details: { sessionIds },
    }),
  ]
  try {
    await ctx.core.commit(steps)
  } catch (error) {
    // Another call was first: what it ended is ended.
    if (!(error instanceof GuardFailed)) throw error
  }
  if (sessionIds === null) ctx.sessions.forgetUser(userId)
  else for (const sessionId of sessionIds) ctx.sessions.forget(sessionId)
  // The event is the safety net: whoever holds a socket open is told now.
  ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds, before }))
}
