import type { CurrentUser } from '../../client/index.ts'
import { mayOpen, PARTS } from '../admin/staff.ts'

/** Who finds anything behind the door to the operators' pages, besides reports, which have a door of their own. */
export function mayOperate(user: CurrentUser): boolean {
  return PARTS.some((part) => part.id !== 'reports' && mayOpen(user, part))
}

export function mayModerate({ permissions }: Pick<CurrentUser, 'permissions'>): boolean {
  return permissions.includes('moderate:content')
}
