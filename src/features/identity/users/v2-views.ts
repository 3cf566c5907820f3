import { isoTime } from '../../../platform/clock.ts'
import { highestRole, knownRoles } from '../domain/access.ts'
import type { UserProfile, UserV2 } from './v2-schemas.ts'
import type { Sight, StoredUser } from './views.ts'

export function toUserV2(user: StoredUser, { seesReach }: Sight): UserV2 {
  const { id, firstName, lastName, avatar, isActive } = user
  const roles = knownRoles(user.roles)
  return {
    id,
    email: seesReach ? user.email : null,
    firstName,
    lastName,
    phoneNumber: seesReach ? user.phoneNumber : null,
    avatar,
    role: highestRole(roles),
    roles,
    isActive,
    createdAt: isoTime(user.createdAt),
    updatedAt: isoTime(user.updatedAt),
  }
}

export function toProfile(user: StoredUser): UserProfile {
  const { id, firstName, lastName, bio, avatar, phoneNumber: phone, address, updatedAt } = user
  return { id, firstName, lastName, bio, avatar, phone, address, updatedAt: isoTime(updatedAt) }
}
