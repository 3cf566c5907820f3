import { and, desc, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Permission, Tier } from '../../context.ts'
import { audit } from '../../platform/db/platform-tables.ts'
import type { Db } from '../../platform/db/store.ts'
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

export async function findTier(db: Db, userId: string): Promise<Tier | undefined> {
  const [row] = await db.select({ tier: users.tier }).from(users).where(eq(users.id, userId))
  return row?.tier
}

export const MAX_ACTS_LISTED = 500

/** What was done to a user's account, newest first. */
export function listActsOn(db: Db, userId: string) {
  return db
    .select({ action: audit.action, at: audit.at, ip: audit.ip, userAgent: audit.userAgent })
    .from(audit)
    .where(and(eq(audit.targetType, 'user'), eq(audit.targetId, userId)))
    .orderBy(desc(audit.at))
    .limit(MAX_ACTS_LISTED)
}
