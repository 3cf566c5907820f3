import { and, eq, isNull, lte, ne, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { expectChanged, GuardFailed, type Step } from '../../platform/db/commit.ts'
import type { EndReason } from './domain/session-policy.ts'
import { SessionsRevoked } from './events.ts'
import { sessions } from './tables.ts'

/** Which sessions of a user end, and why. `sessionIds: null` is all of them, however many. */
export interface EndingSessions {
  userId: string
  sessionIds: string[] | null
  /** With `null`: this one stays, and the ids of all the others that were read are in `sockets`. */
  but?: { sessionId: string; others: string[] }
  reason: EndReason
}

/**
 * The parts of a commit that ends sessions, for whoever commits more than that with it: the statement, which changes
 * nothing where none lives, what tells of it, and what to do once it is committed.
 */
export function endingSessions(
  ctx: ServiceContext,
  { userId, sessionIds, but, reason }: EndingSessions,
): { end: Step; tell: Step[]; settle: () => void } {
  // With `null` sessions that begin from here on are not meant, whenever this is repeated.
  const before = ctx.clock()
  const chosen =
    sessionIds === null
      ? and(lte(sessions.createdAt, before), but && ne(sessions.id, but.sessionId))
      : sql`${sessions.id} in (select value from json_each(${JSON.stringify(sessionIds)}))`
  // Whoever stays keeps their sockets, so those that close are named.
  const told = but ? but.others : sessionIds
  return {
    end: ctx.core.db
      .update(sessions)
      .set({ revokedAt: before, revokeReason: reason })
      .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), chosen)),
    tell: [
      ctx.event(SessionsRevoked, {
        aggregateId: userId,
        sequence: before,
        payload: { userId, sessionIds: told, before, reason },
      }),
      ctx.audit('SESSIONS_REVOKED', {
        targetType: 'user',
        targetId: userId,
        actorId: userId,
        reason,
        details: { sessionIds: told },
      }),
    ],
    settle() {
      if (sessionIds === null) ctx.sessions.forgetUser(userId)
      else for (const sessionId of sessionIds) ctx.sessions.forget(sessionId)
      // The event is the safety net: whoever holds a socket open is told now.
      ctx.defer(ctx.userSocket(userId).endSessions({ sessionIds: told, before }))
    },
  }
}

/**
 * Ends sessions of one user: no token of theirs is accepted any more (here at once, elsewhere within
 * the session memory), and their sockets close. Ending an ended session again changes nothing.
 */
export async function endSessions(ctx: ServiceContext, input: EndingSessions): Promise<void> {
  const { end, tell, settle } = endingSessions(ctx, input)
  try {
    await ctx.core.commit([end, expectChanged('sessions:live'), ...tell])
  } catch (error) {
    // Another call was first: what it ended is ended.
    if (!(error instanceof GuardFailed)) throw error
  }
  settle()
}
