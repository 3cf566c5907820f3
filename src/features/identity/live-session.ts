import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core'
import { requireUser, type ServiceContext } from '../../context.ts'
import { type CommitOptions, expectChanged, type Step } from '../../platform/db/commit.ts'
import { unauthenticated } from '../../platform/errors.ts'
import { sessions } from './tables.ts'

const LIVE = 'session:live'

/**
 * Goes into the batch of whatever is to last longer than the session that does it: a way in, another address. For some
 * seconds after a session was ended elsewhere an isolate remembers it as alive; what is made then would outlive what
 * was to stop it. `change` is noted on the session by the same statement.
 */
export function whileSignedIn(
  ctx: ServiceContext,
  change: SQLiteUpdateSetSource<typeof sessions> = { provedAt: sql`proved_at` },
): { steps: Step[]; refusals: NonNullable<CommitOptions['refusals']> } {
  const { userId, sessionId } = requireUser(ctx)
  return {
    steps: [
      ctx.core.db
        .update(sessions)
        .set(change)
        .where(
          and(
            eq(sessions.id, sessionId),
            eq(sessions.userId, userId),
            isNull(sessions.revokedAt),
            gt(sessions.expiresAt, ctx.clock()),
          ),
        ),
      expectChanged(LIVE),
    ],
    refusals: { [LIVE]: () => unauthenticated('the session ended meanwhile') },
  }
}
