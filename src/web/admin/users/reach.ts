import type { CurrentUser, UserDetails } from '../../../client/index.ts'
import { ROLE_NAMES } from './user-words.ts'

type Permission = CurrentUser['permissions'][number]

/** Lowest first, as their names stand. */
const LEVELS = Object.keys(ROLE_NAMES)

/** Why the API would let this person change nothing about that one; null where it would. */
export function whyOutOfReach(me: Pick<CurrentUser, 'id' | 'role'>, user: Pick<UserDetails, 'id' | 'role'>) {
  if (me.id === user.id) return 'Nobody changes what they may themselves.'
  if (LEVELS.indexOf(me.role) < LEVELS.indexOf(user.role)) return `Only ${ROLE_NAMES[user.role].toLowerCase()}s can.`
  return null
}

/** Nobody gives what they lack; to lift a denial may give it. */
export function mayGive({ permissions }: Pick<CurrentUser, 'permissions'>, name: Permission): boolean {
  return permissions.includes(name)
}

/** Whether a role can be taken: the only one stays. */
export function mayTake({ roles }: Pick<UserDetails, 'roles'>): boolean {
  return roles.length > 1
}
