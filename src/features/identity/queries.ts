import { and, desc, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Permission } from '../../context.ts'
import { audit } from '../../platform/db/platform-tables.ts'
import type { Db } from '../../platform/db/store.ts'
import { MOST_LIVE_SESSIONS } from './domain/session-policy.ts'
import { roles, userRoles, users } from './tables.ts'

// Written out: in a query of one table drizzle drops the tables' names from columns, inner queries included.
export const roleNames = sql<string>`(
  select json_group_array(roles.name) from user_roles join roles on roles.id = user_roles.role_id
  where user_roles.user_id = users.id
)`.as('role_names')

/**
 * Of the users row around it: what their roles give and was not denied to them, and what was granted to them. Names may
 * come twice. Two parts of one stream: SQLite would store a `union` or `except` first, and read it again.
 */
const effective = sql`
  select permissions.name from user_roles
  join role_permissions on role_permissions.role_id = user_roles.role_id
  join permissions on permissions.id = role_permissions.permission_id
  where user_roles.user_id = users.id and not exists (
    select 1 from user_permissions where user_permissions.user_id = users.id
      and user_permissions.permission_id = role_permissions.permission_id and user_permissions.effect = 'deny')
  union all
  select permissions.name from user_permissions join permissions on permissions.id = user_permissions.permission_id
  where user_permissions.user_id = users.id and user_permissions.effect = 'allow'
`

export const permissionNames = sql<string>`(
  select json_group_array(distinct name) from (${effective})
)`.as('permission_names')

/** Whether the users row around it is somebody who may do this now. */
export function mayNow(permission: Permission): SQL {
  return sql`users.is_active and users.deleted_at is null and ${permission} in (${effective})`
}

export const account = {
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
  passwordChangedAt: users.passwordChangedAt,
  mfaEnabledAt: users.mfaEnabledAt,
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
  passwordChangedAt: number | null
  /** Since when signing in takes a second step. */
  mfaEnabledAt: number | null
  roles: string[]
  permissions: string[]
}

export type AccountRow = Omit<Account, 'roles' | 'permissions'> & { roleNames: string; permissionNames: string }

export function toAccount({ roleNames: held, permissionNames: allowed, ...row }: AccountRow): Account {
  return { ...row, roles: JSON.parse(held) as string[], permissions: (JSON.parse(allowed) as string[]).toSorted() }
}

export async function findAccountById(db: Db, id: string): Promise<Account | undefined> {
  const [row] = await db.select(account).from(users).where(eq(users.id, id))
  return row && toAccount(row)
}

/** Somebody who signs in. */
export interface Entrant extends Account {
  /** Their sessions that end where another one begins, newest first; beyond what a message can name, the first of them. */
  surplusSessions: string[]
}

export type EntrantRow = AccountRow & { surplusSessions: string }

/** More than one message can name: those beyond end as well, and their sockets when they are looked at next. */
export const MOST_SESSIONS_NAMED = 2_000

/** An account as it is read to sign in to it. Of the users row around it: the live sessions that leave no room for another. */
export function entrant(now: number) {
  const surplusSessions = sql<string>`(select json_group_array(id) from (
    select sessions.id from sessions
    where sessions.user_id = users.id and sessions.revoked_at is null and sessions.expires_at > ${now}
    order by sessions.id desc limit ${MOST_SESSIONS_NAMED} offset ${MOST_LIVE_SESSIONS - 1}
  ))`.as('surplus_sessions')
  return { ...account, surplusSessions }
}

export function toEntrant({ surplusSessions, ...row }: EntrantRow): Entrant {
  return { ...toAccount(row), surplusSessions: JSON.parse(surplusSessions) as string[] }
}

export async function findEntrant(db: Db, id: string, now: number): Promise<Entrant | undefined> {
  const [row] = await db.select(entrant(now)).from(users).where(eq(users.id, id))
  return row && toEntrant(row)
}

/** For sign-in only: with the stored hash. */
export async function findCredentials(
  db: Db,
  email: string,
  now: number,
): Promise<{ account: Entrant; passwordHash: string } | undefined> {
  const [row] = await db
    .select({ ...entrant(now), passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.email, email))
  if (!row) return undefined
  const { passwordHash, ...rest } = row
  return { account: toEntrant(rest), passwordHash }
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

export const MAX_ACTS_LISTED = 500

/**
 * What was done to a user's account, newest first. Address and browser are the user's own, or those of a caller whom
 * nobody knew: where somebody else acts, such as an admin, theirs are not told.
 */
export function listActsOn(db: Db, userId: string) {
  const isTold = sql`(${audit.actorId} is null or ${audit.actorId} = ${userId})`
  return db
    .select({
      action: audit.action,
      at: audit.at,
      ip: sql<string | null>`case when ${isTold} then ${audit.ip} end`.as('told_ip'),
      userAgent: sql<string | null>`case when ${isTold} then ${audit.userAgent} end`.as('told_user_agent'),
    })
    .from(audit)
    .where(and(eq(audit.targetType, 'user'), eq(audit.targetId, userId)))
    .orderBy(desc(audit.at))
    .limit(MAX_ACTS_LISTED)
}
