import { isoTime } from '../../../platform/clock.ts'
import type { Member } from '../access/schemas.ts'
import { highestRole, knownRoles } from '../domain/access.ts'
import type { ListedUserV1, UserProfile, UserV1, UserV2 } from './schemas.ts'

/** A user as they are stored, whichever version of the API tells of them. Times are milliseconds. */
export interface StoredUser {
  id: string
  email: string
  username: string
  firstName: string
  lastName: string
  phoneNumber: string | null
  avatar: string | null
  bio: string | null
  address: string | null
  isActive: boolean
  version: number
  createdAt: number
  updatedAt: number
  roles: readonly string[]
}

/** Whether the caller may know how to reach the person: themselves, and those who look after accounts. */
export interface Sight {
  seesReach: boolean
}

/** What a version of the API tells is made from less than is stored. */
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
