import { and, asc, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Permission, SessionState, Tier } from '../../context.ts'
import { DAY_MS } from '../../platform/clock.ts'
import { audit } from '../../platform/db/platform-tables.ts'
import { inChunks } from '../../platform/db/prune.ts'
import type { Db } from '../../platform/db/store.ts'
import { idFloor } from '../../platform/ids.ts'
import { roles, sessions, userRoles, users } from './tables.ts'

// Written out: in a query of one table drizzle drops the tables' names from columns, inner queries included.
const roleNames = sql<string>`(
  select json_group_array(roles.name) from user_roles join roles on roles.id = user_roles.role_id
  where user_roles.user_id = users.id
)`.as('role_names')

const permissionNames = sql<string>`(
  select json_group_array(distinct permissions.name) from user_roles
  join role_permissions on role_permissions.role_id = user_roles.role_id
  join permissions on permissions.id = role_permissions.permission_id
  where user_roles.user_id = users.id
)`.as('permission_names')

const account = {
  id: users.id,
  email: users.email,
  username: users.username,
  firstName: users.firstName,
  lastName: users.lastName,
  avatar: users.avatar,
  isEmailVerified: users.isEmailVerified,
  isActive: users.isActive,
  timezone: users.timezone,
  locale: users.locale,
  createdAt: users.createdAt,
  roleNames,
  permissionNames,
}

/** A user with what sign-in and `GET /auth/me` show of them. */
export interface Account {
  id: string
  email: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  isEmailVerified: boolean
  isActive: boolean
  timezone: string
  locale: string
  createdAt: number
  roles: string[]
  permissions: string[]
}

type AccountRow = Omit<Account, 'roles' | 'permissions'> & { roleNames: string; permissionNames: string }

function toAccount({ roleNames: held, permissionNames: allowed, ...row }: AccountRow): Account {
  return { ...row, roles: JSON.parse(held) as string[], permissions: (JSON.parse(allowed) as string[]).toSorted() }
}

export async function findAccountById(db: Db, id: string): Promise<Account | undefined> {
  const [row] = await db.select(account).from(users).where(eq(users.id, id))
  return row && toAccount(row)
}

/** For sign-in only: with the stored hash. */
export async function findCredentials(
  db: Db,
  email: string,
): Promise<{ account: Account; passwordHash: string } | undefined> {
  const [row] = await db
    .select({ ...account, passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.email, email))
  if (!row) return undefined
  const { passwordHash, ...rest } = row
  return { account: toAccount(rest), passwordHash }
}

export async function adminExists(db: Db): Promise<boolean> {
  const rows = await db
    .select({ id: userRoles.userId })
    .from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId))
    .where(eq(roles.name, 'admin'))
    .limit(1)
  return rows.length > 0
}

/** Which of the two are taken, in one trip. */
export async function findTaken(
  db: Db,
  email: string,
  username: string,
): Promise<{ email: boolean; username: boolean }> {
  const rows = await db
    .select({ email: users.email, username: users.username })
    .from(users)
    .where(or(eq(users.email, email), eq(users.username, username)))
  return {
    email: rows.some((row) => row.email === email),
    username: rows.some((row) => row.username === username),
  }
}

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
      provedAt: sql<number>`${sessions.createdAt}`.as('proved_at'),
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

export async function findTier(db: Db, userId: string): Promise<Tier | undefined> {
  const [row] = await db.select({ tier: users.tier }).from(users).where(eq(users.id, userId))
  return row?.tier
}

const MAX_ACTS_LISTED = 500

/** What was done to a user's account, newest first. */
export function listActsOn(db: Db, userId: string) {
  return db
    .select({ action: audit.action, at: audit.at, ip: audit.ip, userAgent: audit.userAgent })
    .from(audit)
    .where(and(eq(audit.targetType, 'user'), eq(audit.targetId, userId)))
    .orderBy(desc(audit.at))
    .limit(MAX_ACTS_LISTED)
}

export interface RefreshState {
  account: Account
  generation: number
  refreshHash: string
  createdAt: number
  rotatedAt: number
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

const MAX_SESSIONS_LISTED = 100

export function listLiveSessions(db: Db, userId: string, now: number) {
  return db
    .select({
      id: sessions.id,
      createdAt: sessions.createdAt,
      rotatedAt: sessions.rotatedAt,
      expiresAt: sessions.expiresAt,
      ip: sessions.ip,
      userAgent: sessions.userAgent,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, now)))
    .orderBy(asc(sessions.id))
    .limit(MAX_SESSIONS_LISTED)
}

/** Longer than any session lives: what began before has ended, whatever its row says. */
const KEEP_SESSIONS_MS = 120 * DAY_MS
const PRUNE_CHUNK = 1_000

/** Deletes sessions that ended long ago; their ids tell when they began. Answers how many. */
export function pruneSessions(db: Db, now: number): Promise<number> {
  const before = idFloor(now - KEEP_SESSIONS_MS)
  return inChunks(async () => {
    const deleted = await db.all(sql`
      delete from ${sessions} where id in (
        select id from sessions where id < ${before} order by id limit ${PRUNE_CHUNK})
      returning 1 as gone
    `)
    return deleted.length
  })
}
