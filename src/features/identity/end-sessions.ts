import { and, eq, isNull, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { SessionsRevoked } from './events.ts'
import { sessions } from './tables.ts'

export type EndReason = 'signed_out' | 'signed_out_everywhere' | 'ended_by_user' | 'reuse'

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
  const chosen =
    sessionIds === null
      ? undefined
      : sql`${sessions.id} in (select value from json_each(${JSON.stringify(sessionIds)}))`
  await ctx.core.commit([
    ctx.core.db
      .update(sessions)
      .set({ revokedAt: ctx.clock(), revokeReason: reason })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), chosen)),
    ctx.event(SessionsRevoked, { aggregateId: userId, sequence: ctx.clock(), payload: { userId, sessionIds, reason } }),
    ctx.audit('SESSIONS_REVOKED', {
      targetType: 'user',
      targetId: userId,
      actorId: userId,
      reason,
      details: { sessionIds },
    }),
  ])
  if (sessionIds === null) ctx.sessions.forgetUser(userId)
  else for (const sessionId of sessionIds) ctx.sessions.forget(sessionId)
  // The event is the safety net: whoever holds a socket open is told now.
  ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds }))
}
