import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Role, Tier } from '../../../context.ts'
import type { Db } from '../../../platform/db/store.ts'
import { COUNT_UP_TO } from '../../../platform/paging.ts'
import type { DirectGrant } from '../domain/access.ts'
import { roleNames } from '../queries.ts'
import { permissions, rolePermissions, roles, users } from '../tables.ts'
import { resourcePermissions, userPermissions } from './tables.ts'

const member = {
  id: users.id,
  email: users.email,
  username: users.username,
  firstName: users.firstName,
  lastName: users.lastName,
  avatar: users.avatar,
  isActive: users.isActive,
  createdAt: users.createdAt,
  roleNames,
}

/** Somebody whose access may be changed, as it is now. */
export interface Managed extends Omit<MemberRow, 'roleNames'> {
  phoneNumber: string | null
  bio: string | null
  address: string | null
  /** Raised by each change: a decision by an older one is made anew. */
  version: number
  updatedAt: number
  tier: Tier
  roles: string[]
  /** What the roles give. */
  ofRoles: string[]
  direct: (DirectGrant & { permissionId: string; grantedBy: string; createdAt: number })[]
}

/** Undefined for who has given up their account, and for who has no role at all: the system is nobody's to manage. */
export async function findManaged(db: Db, userId: string): Promise<Managed | undefined> {
  const [found, ofRoles, direct] = await db.batch([
    db
      .select({
        ...member,
        ...{ phoneNumber: users.phoneNumber, bio: users.bio, address: users.address },
        ...{ version: users.version, updatedAt: users.updatedAt, tier: users.tier },
      })
      .from(users)
      .where(and(eq(users.id, userId), sql`users.deleted_at is null`)),
    db
      .selectDistinct({ name: permissions.name })
      .from(permissions)
      .innerJoin(rolePermissions, eq(rolePermissions.permissionId, permissions.id))
      .where(sql`${rolePermissions.roleId} in (select role_id from user_roles where user_id = ${userId})`),
    db
      .select({
        permissionId: userPermissions.permissionId,
        name: permissions.name,
        effect: userPermissions.effect,
        grantedBy: userPermissions.grantedBy,
        createdAt: userPermissions.createdAt,
      })
      .from(userPermissions)
      .innerJoin(permissions, eq(permissions.id, userPermissions.permissionId))
      .where(eq(userPermissions.userId, userId))
      .orderBy(asc(permissions.name)),
  ])
  const [row] = found
  if (!row) return undefined
  const { roleNames: held, ...shown } = row
  const heldRoles = JSON.parse(held) as string[]
  if (heldRoles.length === 0) return undefined
  return { ...shown, roles: heldRoles, ofRoles: ofRoles.map(({ name }) => name), direct }
}

/** Whether there is somebody of this id, who has not given up their account. */
export async function isPerson(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, id), isNull(users.deletedAt)))
  return rows.length > 0
}

/** Of those who have not given up their accounts, by their ids. */
export async function findUsernames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({ id: users.id, username: users.username })
    .from(users)
    .where(and(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`, isNull(users.deletedAt)))
  return new Map(rows.map(({ id, username }) => [id, username]))
}

export async function findPermission(db: Db, id: string): Promise<string | undefined> {
  const [row] = await db.select({ name: permissions.name }).from(permissions).where(eq(permissions.id, id))
  return row?.name
}

export function listPermissions(db: Db) {
  const held = sql<string>`(
    select json_group_array(roles.name) from role_permissions join roles on roles.id = role_permissions.role_id
    where role_permissions.permission_id = permissions.id
  )`.as('held_by')
  return db
    .select({
      id: permissions.id,
      name: permissions.name,
      description: permissions.description,
      resource: permissions.resource,
      action: permissions.action,
      held,
    })
    .from(permissions)
    .orderBy(asc(permissions.resource), asc(permissions.name))
}

export function listRoles(db: Db) {
  const given = sql<string>`(
    select json_group_array(permissions.name) from role_permissions
    join permissions on permissions.id = role_permissions.permission_id where role_permissions.role_id = roles.id
  )`.as('given')
  return db
    .select({ id: roles.id, name: roles.name, description: roles.description, level: roles.level, given })
    .from(roles)
    .orderBy(asc(roles.level))
}

interface MemberPage {
  role: Role | undefined
  /** Without those who are deactivated. Who has given up their account is never among them. */
  onlyActive?: boolean | undefined
  after: string | undefined
  offset: number
  limit: number
}

export type MemberRow = Awaited<ReturnType<typeof selectMembers>>[number]

/** Whoever holds this role, or any; newest first. */
export function listMembers(db: Db, page: MemberPage): Promise<MemberRow[]> {
  return selectMembers(db, page)
}

/** The same, and how many there are, counted up to `COUNT_UP_TO`, in one trip. */
export async function listAndCountMembers(db: Db, page: MemberPage): Promise<[rows: MemberRow[], counted: number]> {
  const [rows, [count]] = await db.batch([
    selectMembers(db, page),
    db
      .select({
        held: sql<number>`(
        select count(*) from (${holders(page, sql`true`)} limit ${COUNT_UP_TO}))`.as('held'),
      })
      .from(roles)
      .limit(1),
  ])
  return [rows, count?.held ?? 0]
}

function selectMembers(db: Db, members: MemberPage) {
  const { after, offset, limit } = members
  const beyond = after === undefined ? sql`true` : sql`user_id < ${after}`
  const page = sql`select user_id from (${holders(members, beyond)} order by user_id desc limit ${limit} offset ${offset})`
  return db.select(member).from(users).where(sql`${users.id} in (${page})`).orderBy(desc(users.id))
}

/** The ids of a role come from its index in their order; those of all from the table of who has any. */
function holders({ role, onlyActive }: Pick<MemberPage, 'role' | 'onlyActive'>, beyond: SQL): SQL {
  const isActive = onlyActive ? sql`is_active and ` : sql``
  const among = sql`${beyond} and exists (select 1 from users where users.id = user_id and ${isActive}deleted_at is null)`
  if (role === undefined) return sql`select distinct user_id from user_roles where ${among}`
  return sql`select user_id from user_roles where role_id = (select id from roles where name = ${role}) and ${among}`
}

/** What a user was granted to do with one thing. */
export async function findGrants(db: Db, userId: string, resource: string, resourceId: string): Promise<string[]> {
  const rows = await db
    .select({ action: resourcePermissions.action })
    .from(resourcePermissions)
    .where(
      and(
        eq(resourcePermissions.userId, userId),
        eq(resourcePermissions.resource, resource),
        eq(resourcePermissions.resourceId, resourceId),
      ),
    )
    .limit(100)
  return rows.map(({ action }) => action)
}

/** A place in the list of what a user was granted. */
export type GrantPlace = [resource: string, resourceId: string, action: string]

export function listGrants(db: Db, userId: string, after: GrantPlace | undefined, limit: number) {
  const beyond = after && sql`(resource, resource_id, action) > (${after[0]}, ${after[1]}, ${after[2]})`
  return db
    .select()
    .from(resourcePermissions)
    .where(and(eq(resourcePermissions.userId, userId), beyond))
    .orderBy(asc(resourcePermissions.resource), asc(resourcePermissions.resourceId), asc(resourcePermissions.action))
    .limit(limit)
}
