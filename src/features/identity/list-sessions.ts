import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { deviceOf } from '../../platform/device.ts'
import type { SessionView } from './schemas.ts'
import { listLiveSessions } from './session-queries.ts'

export async function listOwnSessions(ctx: ServiceContext): Promise<SessionView[]> {
  const { userId, sessionId } = requireUser(ctx)
  const rows = await listLiveSessions(ctx.core.db, userId, ctx.clock())
  return rows.map(({ rotatedAt, createdAt, expiresAt, ...row }) => ({
    ...row,
    device: deviceOf(row.userAgent),
    current: row.id === sessionId,
    createdAt: isoTime(createdAt),
    lastUsedAt: isoTime(rotatedAt),
    expiresAt: isoTime(expiresAt),
  }))
}
