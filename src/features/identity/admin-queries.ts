import { and, desc, eq, ne, type SQL, sql } from 'drizzle-orm'
import { type Role, SYSTEM_USER_ID, type Tier } from '../../context.ts'
import { startsWith } from '../../platform/db/prefix.ts'
import type { Db } from '../../platform/db/store.ts'
import { searchKey } from '../../platform/text.ts'
import { permissionNames, roleNames } from './queries.ts'
import { users } from './tables.ts'

/** So many people are looked at for one page, where both role and tier are asked, and of each range of a search. */
export const MOST_SCANNED = 500

/** Of whom only the id is left, and the system itself: there is nothing to look after. Of columns of one `users` row. */
const isSomebody = sql`deleted_at is null and id <> ${SYSTEM_USER_ID}`

const listed = {
  id: users.id,
  email: users.email,
  username: users.username,
  firstName: users.firstName,
  lastName: users.lastName,
  avatar: users.avatar,
  tier: users.tier,
  isActive: users.isActive,
  isEmailVerified: users.isEmailVerified,
  createdAt: users.createdAt,
  lastLoginAt: users.lastLoginAt,
  roleNames,
}

export interface UserFilter {
  role?: Role | undefined
  tier?: Tier | undefined
}

export interface UserScan {
  rows: UserRow[]
  /** Where the look ended because it had seen enough; who comes after that may fit too. */
  stoppedAt: string | undefined
}

export type UserRow = Awaited<ReturnType<typeof selectUsers>>[number]

/**
 * Newest first. The index of the rarer thing leads, and what else is asked is looked for among the next so many of
 * those: nearly everybody is a `user` and `free`, so these two lead only where nothing else does.
 */
export async function listUsers(
  db: Db,
  { filter, after, limit }: { filter: UserFilter; after: string | undefined; limit: number },
): Promise<UserScan> {
  const beyond = (id: SQL) => (after === undefined ? sql`true` : sql`${id} < ${after}`)
  const [leading, rest] = leadingIndex(filter, beyond)
  if (!rest)
    return { rows: await selectUsers(db, sql`${leading} limit ${limit}`, undefined, limit), stoppedAt: undefined }
  const [rows, ends] = await db.batch([
    selectUsers(db, sql`${leading} limit ${MOST_SCANNED}`, rest, limit),
    db
      .select({ id: users.id })
      .from(users)
      .where(sql`id in (${leading} limit 1 offset ${MOST_SCANNED - 1})`),
  ])
  return { rows, stoppedAt: ends[0]?.id }
}

/** People whose address, username, whole name or last name begins with the text: the first of each, newest first. */
export async function findUsers(db: Db, text: string, filter: UserFilter, limit: number): Promise<UserRow[]> {
  const key = searchKey(text)
  if (key === '') return []
  const ranges = ['email', 'username', 'name_key', 'last_name_key'].map((column) => {
    const name = sql.identifier(column)
    // SQLite takes a limit in a part of a union only inside a query of its own.
    return sql`select id from (
      select id from users where ${startsWith(name, key)} order by ${name} limit ${MOST_SCANNED})`
  })
  const { role, tier } = filter
  return selectUsers(
    db,
    sql.join(ranges, sql` union all `),
    and(isSomebody, role === undefined ? undefined : isIn(role), tier === undefined ? undefined : eq(users.tier, tier)),
    limit,
  )
}

export async function findUser(db: Db, id: string, now: number) {
  const [row] = await db
    .select({
      ...listed,
      timezone: users.timezone,
      locale: users.locale,
      updatedAt: users.updatedAt,
      deletedAt: users.deletedAt,
      permissionNames,
      liveSessions: sql<number>`(
        select count(*) from (select 1 from sessions where sessions.user_id = users.id
          and sessions.revoked_at is null and sessions.expires_at > ${now} limit 1000))`.as('live_sessions'),
    })
    .from(users)
    .where(and(eq(users.id, id), ne(users.id, SYSTEM_USER_ID)))
  return row
}

/** @returns the ids in their order, without a limit, and what is left to be asked of each */
function leadingIndex({ role, tier }: UserFilter, beyond: (id: SQL) => SQL): [leading: SQL, rest: SQL | undefined] {
  const isRareTier = tier !== undefined && tier !== 'free'
  if (isRareTier && (role === undefined || role === 'user')) {
    const ids = sql`select id from users
      where tier <> 'free' and tier = ${tier} and ${isSomebody} and ${beyond(sql`id`)} order by id desc`
    return [ids, role && isIn(role)]
  }
  if (role !== undefined) {
    const ids = sql`select user_id as id from user_roles where role_id = (select id from roles where name = ${role})
      and ${beyond(sql`user_id`)} and exists (select 1 from users where id = user_id and ${isSomebody})
      order by user_id desc`
    return [ids, tier && eq(users.tier, tier)]
  }
  return [
    sql`select id from users where ${isSomebody} and ${beyond(sql`id`)} order by id desc`,
    tier && eq(users.tier, tier),
  ]
}

function isIn(role: Role): SQL {
  return sql`exists (select 1 from user_roles join roles on roles.id = user_roles.role_id
    where user_roles.user_id = users.id and roles.name = ${role})`
}

function selectUsers(db: Db, ids: SQL, rest: SQL | undefined, limit: number) {
  return db
    .select(listed)
    .from(users)
    .where(and(sql`${users.id} in (select id from (${ids}))`, rest))
    .orderBy(desc(users.id))
    .limit(limit)
}
