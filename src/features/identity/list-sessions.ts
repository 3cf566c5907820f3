import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { deviceOf } from '../../platform/device.ts'
import { sessionExpiry } from './domain/session-policy.ts'
import type { SessionView } from './schemas.ts'
import { listLiveSessions } from './session-queries.ts'
import { withRenewals } from './session-renewals.ts'

export async function listOwnSessions(ctx: ServiceContext): Promise<SessionView[]> {
  const { userId, sessionId } = requireUser(ctx)
  const now = ctx.clock()
  const noted = await listLiveSessions(ctx.core.db, userId, now)
  const renewed = await withRenewals(ctx, userId, noted)
  return renewed.flatMap(({ rotatedAt, createdAt, ...row }) => {
    const expiresAt = sessionExpiry(rotatedAt, createdAt)
    if (expiresAt <= now) return []
    return {
      ...row,
      device: deviceOf(row.userAgent),
      current: row.id === sessionId,
      createdAt: isoTime(createdAt),
      lastUsedAt: isoTime(rotatedAt),
      expiresAt: isoTime(expiresAt),
    }
  })
}
