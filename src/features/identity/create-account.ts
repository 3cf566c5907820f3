import { type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { searchKey } from '../../platform/text.ts'
import { ROLE_DEFINITIONS, type Role } from './domain/access.ts'
import { UserRegistered } from './events.ts'
import type { Account } from './queries.ts'
import { userRoles, users } from './tables.ts'

/** Lists by time find their place by row: nobody is older than who was made before them, whatever the clocks say. */
export function notBefore(now: number): SQL<number> {
  return sql`max(${now}, coalesce((select created_at from users order by rowid desc limit 1), 0))`
}

export interface NewAccount {
  email: string
  username: string
  passwordHash: string
  firstName: string
  lastName: string
  role: Role
}

/** The steps that make an account, and the account as it will be once they are committed. */
export function createAccount(ctx: ServiceContext, input: NewAccount): { steps: Step[]; account: Account } {
  const now = ctx.clock()
  const id = ctx.newId()
  const { role, ...given } = input
  const row = {
    id,
    ...given,
    nameKey: searchKey(`${input.firstName} ${input.lastName}`),
    lastNameKey: searchKey(input.lastName),
    lastLoginAt: now,
    createdAt: now,
    updatedAt: now,
  }
  const { db } = ctx.core
  return {
    steps: [
      db.insert(users).values({ ...row, createdAt: notBefore(now) }),
      sql`insert into ${userRoles} (user_id, role_id) select ${id}, id from roles where name = ${role}`,
      ctx.event(UserRegistered, { aggregateId: id, sequence: 1, payload: { userId: id, username: input.username } }),
      ctx.audit('USER_REGISTERED', { targetType: 'user', targetId: id, actorId: id, details: { role } }),
    ],
    account: {
      id,
      email: input.email,
      username: input.username,
      firstName: input.firstName,
      lastName: input.lastName,
      avatar: null,
      isEmailVerified: false,
      isActive: true,
      timezone: 'UTC',
      locale: 'en',
      createdAt: now,
      passwordChangedAt: null,
      mfaEnabledAt: null,
      roles: [role],
      permissions: ROLE_DEFINITIONS[role].permissions.toSorted(),
    },
  }
}
