import { MINUTE_MS } from '../../src/platform/clock.ts'
import type { Logger } from '../../src/platform/observability/log.ts'
import type { Ended } from '../shared/ended.ts'
import type { SessionCheck } from '../shared/session-check.ts'
import type { SocketSessions } from './sessions.ts'

const LOOK_AGAIN_MS = MINUTE_MS

/** Sessions that have sockets and would expire about now: either they were renewed, or their sockets close. */
export async function expireSessions({
  sessions,
  check,
  end,
  log,
}: {
  sessions: SocketSessions
  check: SessionCheck
  end: (ended: Ended) => Promise<void>
  log: Logger
}): Promise<void> {
  const now = Date.now()
  for (const sessionId of sessions.due(now)) {
    const expiresAt = await check.expiryOf(sessionId)
    if (expiresAt === 'unknown') sessions.renew(sessionId, now + LOOK_AGAIN_MS)
    else if (expiresAt !== undefined) sessions.renew(sessionId, expiresAt)
    else {
      try {
        await end({ sessionIds: [sessionId], before: now })
        sessions.forget(sessionId)
      } catch (error) {
        log.warn('Sockets Not Closed', { sessionId, error })
        sessions.renew(sessionId, now + LOOK_AGAIN_MS)
      }
    }
  }
}
