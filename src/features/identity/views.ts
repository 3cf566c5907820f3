import { isoTime } from '../../platform/clock.ts'
import { highestRole } from './domain/access.ts'
import type { Account } from './queries.ts'
import type { CurrentUser } from './schemas.ts'

export function toCurrentUser(account: Account): CurrentUser {
  const { isActive: _inside, passwordChangedAt: _own, mfaEnabledAt: _too, createdAt, ...shown } = account
  return { ...shown, role: highestRole(account.roles), createdAt: isoTime(createdAt) }
}
