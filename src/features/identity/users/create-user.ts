import { sql } from 'drizzle-orm'
import type { Role, ServiceContext, SessionState } from '../../../context.ts'
import type { Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Shown } from '../../../platform/idempotency/idempotency.ts'
import { searchKey } from '../../../platform/text.ts'
import { ACTOR_REFUSAL, demandHeld, stillMay } from '../access/guards.ts'
import { notBefore } from '../create-account.ts'
import { ROLE_DEFINITIONS, reachesRole } from '../domain/access.ts'
import { usernameBase } from '../domain/username.ts'
import { UserInvited } from '../events.ts'
import { NO_PASSWORD } from '../new-password.ts'
import { findTaken } from '../queries.ts'
import { emailTaken, usernameTaken, withUsername } from '../register.ts'
import { userRoles, users } from '../tables.ts'
import type { CreateUserBody } from './schemas.ts'
import type { StoredUser } from './views.ts'

/**
 * Makes an account for somebody else, who chooses a password by the link that is mailed to them. `show` is what a repeat
 * with the same key is answered.
 * @throws Refusal 403 where the caller would give what they lack, 409 for an address that somebody has
 */
export async function createUser(
  ctx: ServiceContext,
  { role, ...given }: CreateUserBody,
  show: (user: StoredUser) => { data: unknown; shown: Shown },
): Promise<StoredUser> {
  const base = usernameBase(given.firstName, given.lastName)
  const [taken, actor] = await Promise.all([findTaken(ctx.core.db, given.email, base), ctx.session()])
  demandGiving(actor, role)
  if (taken.email || given.email === ctx.settings.BOOTSTRAP_ADMIN_EMAIL) throw emailTaken()
  const now = ctx.clock()
  const user = {
    ...given,
    id: ctx.newId(),
    ...{ avatar: null, bio: null, address: null, isActive: true, version: 1, createdAt: now, updatedAt: now },
    roles: [role],
  }
  const isFree = !taken.username && base !== 'user'
  return withUsername(base, isFree, (username) => make(ctx, { actor, user: { ...user, username }, show }))
}

interface Making {
  actor: SessionState
  user: StoredUser
  show: (user: StoredUser) => { data: unknown; shown: Shown }
}

async function make(ctx: ServiceContext, { actor, user, show }: Making): Promise<StoredUser> {
  const { roles, ...row } = user
  const [role = 'user'] = roles
  const { data, shown } = show(user)
  const steps: Step[] = [
    ...ctx.idempotency.answered(201, data, shown),
    ...stillMay(ctx, actor, 'create:user'),
    ctx.core.db.insert(users).values({
      ...row,
      createdAt: notBefore(row.createdAt),
      passwordHash: NO_PASSWORD,
      nameKey: searchKey(`${user.firstName} ${user.lastName}`),
      lastNameKey: searchKey(user.lastName),
    }),
    sql`insert into ${userRoles} (user_id, role_id) select ${user.id}, id from roles where name = ${role}`,
    ctx.event(UserInvited, { aggregateId: user.id, sequence: 1, payload: { userId: user.id } }),
    ctx.audit('USER_CREATED', { targetType: 'user', targetId: user.id, details: { role } }),
  ]
  await ctx.core.commit(steps, {
    refusals: { ...ACTOR_REFUSAL, 'users.email': emailTaken, 'users.username': usernameTaken },
  })
  return user
}

/** Nobody makes somebody who is above them, or may what they may not. */
function demandGiving(actor: SessionState, role: Role): void {
  if (!reachesRole(actor.roles, [role])) throw new Refusal('FORBIDDEN', `This needs the role ${role}`)
  demandHeld(actor, role === 'user' ? [] : ROLE_DEFINITIONS[role].permissions)
}
