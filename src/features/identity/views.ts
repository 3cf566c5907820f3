import { isoTime } from '../../platform/clock.ts'
import { highestRole } from './domain/access.ts'
import type { Account } from './queries.ts'
import type { CurrentUser } from './schemas.ts'

/** Field by field: an account that is read to sign in to it has more than its owner is told. */
export function toCurrentUser(account: Account): CurrentUser {
  const { id, email, username, firstName, lastName, avatar, roles, permissions } = account
  const { isEmailVerified, timezone, locale, createdAt } = account
  return {
    ...{ id, email, username, firstName, lastName, avatar, roles, permissions },
    ...{ isEmailVerified, timezone, locale, createdAt: isoTime(createdAt) },
    role: highestRole(roles),
  }
}
