import { eq, type SQL, sql } from 'drizzle-orm'
import type { Permission, Role, ServiceContext, SessionState } from '../../../context.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { changedSince, type Expected } from '../../../platform/expected.ts'
import { highestRole, reachesRole } from '../domain/access.ts'
import { mayNow } from '../queries.ts'
import { users } from '../tables.ts'
import type { Managed } from './access-queries.ts'

const LAST_ADMIN = 'access:last-admin'
const ACTOR = 'access:actor'
const EXPECTED = 'access:expected'
/** Somebody else has changed the same person since they were read: it is decided anew. */
export const CHANGED_MEANWHILE = 'access:changed'

/**
 * Whether somebody else is an admin who may do everything: active, and denied nothing. One with a denial is none, as
 * they could neither make an admin nor lift it from themselves (`demandHeld`). A condition, for a `where`.
 */
export function anotherAdmin(userId: string): SQL {
  return sql`exists (
    select 1 from user_roles as held join roles as named on named.id = held.role_id and named.name = 'admin'
    join users as other on other.id = held.user_id
    where held.user_id <> ${userId} and other.is_active and other.deleted_at is null
      and not exists (select 1 from user_permissions as direct
        where direct.user_id = held.user_id and direct.effect = 'deny'))`
}

/**
 * In the batch that takes something from an admin: there is another one who may do everything. Two who take it from
 * each other at once cannot both succeed, as the second batch finds what the first has left.
 */
export function keepAnAdmin(userId: string): Step[] {
  return [
    sql`update roles set level = level where name = 'admin' and ${anotherAdmin(userId)}`,
    expectChanged(LAST_ADMIN),
  ]
}

/** In the batch of an act: whoever acts has not lost their role since they were let in. */
export function stillHasRole(ctx: ServiceContext, actor: SessionState, role: Role): Step[] {
  return stillSo(
    ctx,
    actor,
    sql`users.is_active and users.deleted_at is null and exists (
      select 1 from user_roles join roles on roles.id = user_roles.role_id
      where user_roles.user_id = users.id and roles.name = ${role})`,
  )
}

/** The same of a permission. */
export function stillMay(ctx: ServiceContext, actor: SessionState, permission: Permission): Step[] {
  return stillSo(ctx, actor, mayNow(permission))
}

function stillSo(ctx: ServiceContext, { userId }: SessionState, condition: SQL): Step[] {
  return [
    ctx.core.db.update(users).set({ version: sql`version` }).where(sql`id = ${userId} and ${condition}`),
    expectChanged(ACTOR),
  ]
}

/** Raises the person's version, if it is still the one by which it was decided. */
export function raiseVersion(
  ctx: ServiceContext,
  userId: string,
  { version }: Managed,
  change: Partial<Omit<typeof users.$inferInsert, 'id' | 'version'>> = {},
): Step[] {
  return [
    ctx.core.db
      .update(users)
      .set({ ...change, version: version + 1, updatedAt: ctx.clock() })
      .where(sql`${eq(users.id, userId)} and version = ${version} and deleted_at is null`),
    expectChanged(CHANGED_MEANWHILE),
  ]
}

/** In the batch of what is for good: the person is still who the client knows. */
export function stillExpected(ctx: ServiceContext, userId: string, expected: Expected | undefined): Step[] {
  if (expected === undefined || expected === 'any') return []
  const known = sql`version in (select value from json_each(${JSON.stringify(expected)}))`
  return [
    ctx.core.db.update(users).set({ version: sql`version` }).where(sql`id = ${userId} and ${known}`),
    expectChanged(EXPECTED),
  ]
}

export const EXPECTED_REFUSAL = { [EXPECTED]: changedSince }

export const ACTOR_REFUSAL = { [ACTOR]: () => new Refusal('FORBIDDEN', 'You may not do this any more') }

/** What the guards mean to the caller. */
export const ACCESS_REFUSALS = {
  [LAST_ADMIN]: () =>
    new Refusal('CONFLICT', 'This is the last admin who may do everything. Make somebody else one first.'),
  ...ACTOR_REFUSAL,
}

export const changedMeanwhile = () =>
  new Refusal('CONFLICT', 'What this person may was changed just now. Look at it again.')

/** Nobody acts on whoever is above them, whatever else they may. @throws Refusal */
export function demandReach(actor: SessionState, { roles }: Pick<Managed, 'roles'>): void {
  const theirs = highestRole(roles)
  if (!reachesRole(actor.roles, [theirs])) throw new Refusal('FORBIDDEN', `This needs the role ${theirs}`)
}

/** Nobody gives what they lack. @throws Refusal that names it */
export function demandHeld(actor: SessionState, given: readonly string[]): void {
  const lacked = given.filter((name) => !actor.permissions.some((held) => held === name))
  if (lacked.length > 0) {
    throw new Refusal('FORBIDDEN', `You cannot give what you may not yourself. Missing: ${lacked.join(', ')}`)
  }
}
