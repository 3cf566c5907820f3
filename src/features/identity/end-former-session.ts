import type { ServiceContext } from '../../context.ts'
import { endSessions } from './end-sessions.ts'
import { findSessionOwner } from './session-queries.ts'

/**
 * A browser has one session: what it signs in to takes the place of the one of which it still brings the token. A
 * refresh, which goes on with its own, ends nothing.
 */
export async function endFormerSession(
  ctx: ServiceContext,
  { former, refreshToken }: { former: string; refreshToken: string },
): Promise<void> {
  const [before, now] = await Promise.all([ctx.refreshTokens.open(former), ctx.refreshTokens.open(refreshToken)])
  if (!before || before.sessionId === now?.sessionId) return
  const userId = await findSessionOwner(ctx.core.db, before.sessionId, ctx.clock())
  if (userId !== undefined) await endSessions(ctx, { userId, sessionIds: [before.sessionId], reason: 'signed_in_anew' })
}
