import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, isoTimeOrNull } from '../../../platform/clock.ts'
import { deviceOf } from '../../../platform/device.ts'
import { notFound } from '../../../platform/errors.ts'
import { listRoomsEver } from '../../chat/index.ts'
import { listOwnReports } from '../../moderation/index.ts'
import { listOwnNotifications, readOwnPreferences } from '../../notifications/index.ts'
import { listBlocked } from '../../people/index.ts'
import { listOwnSessions } from '../list-sessions.ts'
import { findAccountById, listActsOn } from '../queries.ts'
import { toCurrentUser } from '../views.ts'
import { readSecurity } from './read-security.ts'
import type { AccountExport } from './schemas.ts'

/** Of each list; who has more of something has used a program to get it. */
const MOST_LISTED = 1_000
const NOTIFICATIONS_LISTED = 100

/** All that is kept of the caller, from every store, for them to look at and to take away. */
export async function exportAccount(ctx: ServiceContext): Promise<AccountExport> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.core
  const newest = { page: undefined, cursor: undefined, limit: NOTIFICATIONS_LISTED, unreadOnly: false }
  const [account, security, sessions, acts, rooms, blocked, reports, preferences, notifications] = await Promise.all([
    findAccountById(db, userId),
    readSecurity(db, userId, MOST_LISTED),
    listOwnSessions(ctx),
    listActsOn(db, userId),
    listRoomsEver(db, userId, '', MOST_LISTED),
    listBlocked(db, userId, undefined, MOST_LISTED),
    listOwnReports(db, userId, MOST_LISTED),
    readOwnPreferences(ctx),
    listOwnNotifications(ctx, newest),
  ])
  if (!account) throw notFound('User')
  return {
    account: toCurrentUser(account),
    security,
    sessions,
    acts: acts.map(({ at, ...act }) => ({
      ...act,
      device: act.userAgent === null ? null : deviceOf(act.userAgent),
      at: isoTime(at),
    })),
    rooms: rooms.map(({ roomId: id, objectName: _address, joinedAt, leftAt, ...room }) => ({
      ...{ id, ...room },
      ...{ joinedAt: isoTime(joinedAt), leftAt: isoTimeOrNull(leftAt) },
    })),
    blocked: blocked.map(({ id, username, blockedAt }) => ({ id, username, blockedAt: isoTime(blockedAt) })),
    reports: reports.map(({ createdAt, ...report }) => ({ ...report, createdAt: isoTime(createdAt) })),
    preferences,
    notifications: notifications.items,
    exportedAt: isoTime(ctx.clock()),
  }
}
