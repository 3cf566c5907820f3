import { sql } from 'drizzle-orm'
import { type Role, requireUser, type ServiceContext, type SessionState } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { highestRole, knownRoles, ROLE_DEFINITIONS } from '../domain/access.ts'
import { notice } from '../notice.ts'
import type { Managed } from './access-queries.ts'
import { demandHeld, keepAnAdmin, raiseVersion, stillHasRole } from './guards.ts'
import { manageUser } from './manage-user.ts'
import type { Member } from './schemas.ts'
import { toMember } from './views.ts'

interface Change {
  role: Role
  reason?: string | undefined
  /** @throws Refusal where the person is not as the caller knows them */
  check?: (version: number) => void
}

/** Makes this the one role of a user. @throws Refusal for oneself, for the last admin, and where nobody is called so */
export function setRole(ctx: ServiceContext, userId: string, change: Change): Promise<Member> {
  return changeRoles(ctx, userId, change, () => [change.role])
}

/** Gives a user one role more. */
export function addRole(ctx: ServiceContext, userId: string, change: Change): Promise<Member> {
  return changeRoles(ctx, userId, change, (held) => [...held, change.role])
}

/** Takes one of a user's roles; the last one stays with them. */
export function removeRole(ctx: ServiceContext, userId: string, change: Change): Promise<Member> {
  return changeRoles(ctx, userId, change, (held) => {
    const left = held.filter((role) => role !== change.role)
    if (left.length === 0) throw new Refusal('CONFLICT', 'This is their only role. Give them another one first.')
    return left
  })
}

async function changeRoles(
  ctx: ServiceContext,
  userId: string,
  { reason, check }: Change,
  wish: (held: readonly Role[]) => Role[],
): Promise<Member> {
  if (userId === requireUser(ctx).userId) throw ownRole('id')
  return manageUser(ctx, userId, (person, actor) => {
    check?.(person.version)
    const after = knownRoles(wish(knownRoles(person.roles)))
    const answer = toMember(person, after)
    const kept = ctx.idempotency.answered(200, answer)
    const change = roleSteps(ctx, { person, actor }, after, reason)
    if (change.length === 0) return { steps: kept, answer }
    return { steps: [...kept, ...change, ...raiseVersion(ctx, userId, person)], answer }
  })
}

/** Nobody makes themselves more, or less by mistake. `field` is where they said so. */
export function ownRole(field: string): Refusal {
  return new Refusal('VALIDATION_FAILED', 'Nobody changes their own role', {
    fields: [{ field, message: 'This is you' }],
  })
}

/**
 * What makes these the roles of somebody else, for the batch that also raises their version: audited, told to them, and
 * guarded. Nothing where they are so already. @throws Refusal where the caller would give what they lack
 */
export function roleSteps(
  ctx: ServiceContext,
  { person, actor }: { person: Managed; actor: SessionState },
  after: readonly Role[],
  reason?: string,
): Step[] {
  const { id: userId } = person
  const before = knownRoles(person.roles)
  const given = after.filter((role) => !before.includes(role))
  const taken = before.filter((role) => !after.includes(role))
  if (given.length + taken.length === 0) return []
  demandHeld(
    actor,
    given.flatMap((role) => ROLE_DEFINITIONS[role].permissions),
  )
  const details = { oldRole: highestRole(before), newRole: highestRole(after), oldRoles: before, newRoles: after }
  return [
    ctx.audit('ROLE_CHANGE', { targetType: 'user', targetId: userId, ...(reason && { reason }), details }),
    notice(ctx, userId, 'roles-changed', after.join(', ')),
    ...stillHasRole(ctx, actor, 'admin'),
    ...(taken.includes('admin') ? keepAnAdmin(userId) : []),
    // First what is new: nobody is without a role in between, for whoever reads the statements one by one.
    sql`insert into user_roles (user_id, role_id) select ${userId}, id from roles
      where name in (select value from json_each(${JSON.stringify(given)})) on conflict do nothing`,
    sql`delete from user_roles where user_id = ${userId} and role_id in (
      select id from roles where name in (select value from json_each(${JSON.stringify(taken)})))`,
  ]
}
