import type { CurrentUser } from '../../client/index.ts'

const WORDS: Record<CurrentUser['role'], string> = {
  guest: 'Guest',
  user: 'Member',
  moderator: 'Moderator: decides on reports',
  admin: 'Administrator: may do everything',
}

export function describeRole(role: CurrentUser['role']): string {
  return WORDS[role]
}
