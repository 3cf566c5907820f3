import { isoTime } from '../../../platform/clock.ts'
import type { Member } from '../access/schemas.ts'
import { highestRole, knownRoles } from '../domain/access.ts'
import type { ListedUserV1, UserV1 } from './v1-schemas.ts'
import type { Sight, StoredUser } from './views.ts'

/** What version 1 tells is made from less than is stored. */
type Told = Pick<StoredUser, 'id' | 'email' | 'firstName' | 'lastName' | 'createdAt'>

/** Without a space at its end where a part of it is empty. */
function wholeName({ firstName, lastName }: Pick<StoredUser, 'firstName' | 'lastName'>): string {
  return `${firstName} ${lastName}`.trim()
}

export function toUserV1(user: Told, { seesReach }: Sight): UserV1 {
  return {
    id: user.id,
    email: seesReach ? user.email : null,
    name: wholeName(user),
    createdAt: isoTime(user.createdAt),
  }
}

/** As a list of version 1 has them. */
export function toListedUserV1(
  user: Told & Pick<StoredUser, 'username' | 'avatar' | 'isActive' | 'roles'>,
  sight: Sight,
): ListedUserV1 {
  const { username, firstName, lastName, avatar, isActive } = user
  const roles = knownRoles(user.roles)
  const member: Omit<Member, 'id' | 'createdAt'> = {
    username,
    firstName,
    lastName,
    avatar,
    isActive,
    role: highestRole(roles),
    roles,
  }
  return { ...member, ...toUserV1(user, sight) }
}
