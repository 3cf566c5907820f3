import type { UserAccess } from '../../../client/index.ts'

type Permission = UserAccess['permissions'][number]
type Direct = UserAccess['direct'][number]

/** What is granted to somebody besides their roles: nothing, or one of the two. */
export type Grant = 'none' | Direct['effect']

export const GRANT_WORDS: Record<Grant, string> = {
  none: 'As their roles say',
  allow: 'Granted',
  deny: 'Denied',
}

export function grantOf(access: UserAccess, name: Permission): Grant {
  return access.direct.find((direct) => direct.name === name)?.effect ?? 'none'
}

/** Where it comes from that they may or may not. */
export function sourceOf(access: UserAccess, name: Permission): string {
  const grant = grantOf(access, name)
  if (grant === 'allow') return 'Granted to them'
  if (grant === 'deny') return 'Denied to them'
  return access.permissions.includes(name) ? 'By a role' : '–'
}
