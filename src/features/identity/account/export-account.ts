import { requireUser, type ServiceContext } from '../../../context.ts'
import { isoTime, isoTimeOrNull } from '../../../platform/clock.ts'
import { deviceOf } from '../../../platform/device.ts'
import { notFound } from '../../../platform/errors.ts'
import { addressKey } from '../../../platform/security/mailed-token.ts'
import { listRoomsEver } from '../../chat/index.ts'
import { listOwnReports } from '../../moderation/index.ts'
import { listOwnNotifications, readOwnPreferences } from '../../notifications/index.ts'
import { listBlocked } from '../../people/index.ts'
import { listOwnSessions } from '../list-sessions.ts'
import { findAccountById, listActsOn, MAX_ACTS_LISTED } from '../queries.ts'
import { toCurrentUser } from '../views.ts'
import { listActsOnAddress, readKept } from './read-kept.ts'
import { readSecurity } from './read-security.ts'
import type { AccountExport, CutList } from './schemas.ts'

/** Of each list; who has more of something has used a program to get it, and is told that there is more. */
const MOST_LISTED = 1_000
const ACTS_LISTED = 500
const NOTIFICATIONS_LISTED = 100

/** What is kept of the caller, from every store, for them to look at and to take away. */
export async function exportAccount(ctx: ServiceContext): Promise<AccountExport> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.core
  const newest = { page: undefined, cursor: undefined, limit: NOTIFICATIONS_LISTED, unreadOnly: false }
  const more = MOST_LISTED + 1
  const found = findAccountById(db, userId)
  const [
    account,
    onAddress,
    kept,
    security,
    sessions,
    acts,
    rooms,
    blocked,
    reports,
    preferences,
    notifications,
    written,
  ] = await Promise.all([
    found,
    found.then((person) => readActsOnAddress(ctx, person?.email)),
    readKept(ctx, userId, { sessions: more, acts: ACTS_LISTED }),
    readSecurity(db, userId, more),
    listOwnSessions(ctx),
    listActsOn(db, userId),
    listRoomsEver(db, userId, '', more),
    listBlocked(db, userId, undefined, more),
    listOwnReports(db, userId, more),
    readOwnPreferences(ctx),
    listOwnNotifications(ctx, newest),
    ctx.catalogService.personReviews(userId, MOST_LISTED),
  ])
  if (!account) throw notFound('User')
  const { within, cut } = cutting()
  if (kept.hasMoreActs) cut.add('actsBy')
  if (acts.length >= MAX_ACTS_LISTED) cut.add('acts')
  if (notifications.nextCursor !== null) cut.add('notifications')
  return {
    account: { ...toCurrentUser(account), ...kept.facts },
    security: {
      ...security,
      passkeys: within('passkeys', security.passkeys),
      apiKeys: within('apiKeys', security.apiKeys),
      linkedAccounts: within('linkedAccounts', security.linkedAccounts),
      grants: within('grants', security.grants),
      grantsOnThings: within('grantsOnThings', security.grantsOnThings),
    },
    sessions,
    endedSessions: within('endedSessions', kept.endedSessions),
    mailedTo: kept.mailedTo,
    acts: acts.map(({ at, ...act }) => ({
      ...act,
      device: act.userAgent === null ? null : deviceOf(act.userAgent),
      at: isoTime(at),
    })),
    actsBy: kept.actsBy,
    actsOnAddress: within('actsOnAddress', onAddress, ACTS_LISTED),
    rooms: within('rooms', rooms).map(({ roomId: id, objectName: _address, joinedAt, leftAt, ...room }) => ({
      ...{ id, ...room },
      ...{ joinedAt: isoTime(joinedAt), leftAt: isoTimeOrNull(leftAt) },
    })),
    blocked: within('blocked', blocked).map(({ id, username, blockedAt }) => ({
      ...{ id, username },
      blockedAt: isoTime(blockedAt),
    })),
    reports: within('reports', reports).map(({ createdAt, ...report }) => ({
      ...report,
      createdAt: isoTime(createdAt),
    })),
    productReviews: within('productReviews', written),
    preferences,
    notifications: notifications.items,
    cut: [...cut],
    exportedAt: isoTime(ctx.clock()),
  }
}

/** Takes so many of each list, and remembers of which there were more. */
function cutting() {
  const cut = new Set<CutList>()
  const within = <T>(name: CutList, rows: T[], most = MOST_LISTED): T[] => {
    if (rows.length > most) cut.add(name)
    return rows.slice(0, most)
  }
  return { cut, within }
}

async function readActsOnAddress(ctx: ServiceContext, email: string | undefined) {
  if (email === undefined) return []
  const key = await addressKey(ctx.settings.MAILED_TOKEN_KEY, email)
  return listActsOnAddress(ctx.core.db, key, ACTS_LISTED + 1)
}
