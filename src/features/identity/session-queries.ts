import { and, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import type { Permission, SessionState } from '../../context.ts'
import { DAY_MS } from '../../platform/clock.ts'
import { pruneInChunks } from '../../platform/db/prune.ts'
import type { Db } from '../../platform/db/store.ts'
import { idFloor } from '../../platform/ids.ts'
import { MOST_LIVE_SESSIONS } from './domain/session-policy.ts'
import { type Account, account, MOST_SESSIONS_NAMED, permissionNames, roleNames, toAccount } from './queries.ts'
import { sessions, users } from './tables.ts'

/** The state of a live session; undefined once it is revoked, expired, or its user deactivated. */
export async function findSessionState(db: Db, sessionId: string, now: number): Promise<SessionState | undefined> {
  const [row] = await db
    .select({
      sessionId: sql<string>`${sessions.id}`.as('session_id'),
      userId: sessions.userId,
      username: users.username,
      avatar: users.avatar,
      expiresAt: sessions.expiresAt,
      tier: users.tier,
      isEmailVerified: users.isEmailVerified,
      provedAt: sql<number>`coalesce(${sessions.provedAt}, ${sessions.createdAt})`.as('proved'),
      roleNames,
      permissionNames,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, sessionId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        eq(users.isActive, true),
      ),
    )
  if (!row) return undefined
  const { roleNames: held, permissionNames: allowed, ...state } = row
  return { ...state, roles: JSON.parse(held) as string[], permissions: JSON.parse(allowed) as Permission[] }
}

/** A session as the database has noted it; its person's object knows how far it has rotated since. */
export interface RefreshState {
  account: Account
  generation: number
  refreshHash: string
  createdAt: number
  rotatedAt: number
  /** The session ends by then, and sooner where it is not renewed. */
  expiresAt: number
  revokedAt: number | null
}

export async function findRefreshState(db: Db, sessionId: string): Promise<RefreshState | undefined> {
  const [row] = await db
    .select({
      ...account,
      generation: sessions.generation,
      refreshHash: sessions.refreshHash,
      sessionCreatedAt: sql<number>`${sessions.createdAt}`.as('session_created_at'),
      rotatedAt: sessions.rotatedAt,
      expiresAt: sessions.expiresAt,
      revokedAt: sessions.revokedAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sessionId))
  if (!row) return undefined
  const { generation, refreshHash, sessionCreatedAt, rotatedAt, expiresAt, revokedAt, ...rest } = row
  return {
    account: toAccount(rest),
    generation,
    refreshHash,
    createdAt: sessionCreatedAt,
    rotatedAt,
    expiresAt,
    revokedAt,
  }
}

export async function findSessionOwner(db: Db, id: string, now: number): Promise<string | undefined> {
  const [row] = await db
    .select({ userId: sessions.userId })
    .from(sessions)
    .where(and(eq(sessions.id, id), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
  return row?.userId
}

/**
 * All of them, in the order in which they began: nobody has more than this. As the database has noted them, which may
 * take one for alive for a day too long.
 */
export async function listLiveSessions(db: Db, userId: string, now: number) {
  const newestFirst = await db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      rotatedAt: sessions.rotatedAt,
      ip: sessions.ip,
      place: sessions.place,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.id))
    .limit(MOST_LIVE_SESSIONS)
  return newestFirst.toReversed()
}

/** The ids of a user's live sessions but this one. */
export async function listOtherSessions(db: Db, userId: string, sessionId: string, now: number): Promise<string[]> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        ne(sessions.id, sessionId),
      ),
    )
    .orderBy(desc(sessions.id))
    .limit(MOST_SESSIONS_NAMED)
  return rows.map(({ id }) => id)
}

/** Longer than any session lives: what began before has ended, whatever its row says. */
const KEEP_SESSIONS_MS = 120 * DAY_MS
const PRUNE_CHUNK = 1_000

/** Deletes sessions that ended long ago; their ids tell when they began. Answers how many. */
export function pruneSessions(db: Db, now: number): Promise<number> {
  const before = idFloor(now - KEEP_SESSIONS_MS)
  return pruneInChunks(async () => {
    const deleted = await db.all(sql`
      delete from ${sessions} where id in (
        select id from sessions where id < ${before} order by id limit ${PRUNE_CHUNK})
      returning 1 as gone
    `)
    return deleted.length
  })
}
