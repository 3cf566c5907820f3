import type { CurrentUser } from '../../client/index.ts'
import { ADDRESSES } from '../route.ts'

/** The parts of the area, in their order, each with what the API asks of who reads it: one of these permissions. */
export const PARTS = [
  { id: 'overview', label: 'Overview', href: ADDRESSES.admin, needs: ['view:analytics', 'view:logs'] },
  { id: 'health', label: 'Health', href: ADDRESSES.adminHealth, needs: ['view:logs'] },
  { id: 'dead-letters', label: 'Dead letters', href: ADDRESSES.adminDeadLetters, needs: ['view:logs'] },
  { id: 'audit', label: 'Audit trail', href: ADDRESSES.adminAudit, needs: ['view:logs'] },
  { id: 'users', label: 'People', href: ADDRESSES.adminUsers, needs: ['manage:settings'] },
  { id: 'access', label: 'Access', href: ADDRESSES.adminAccess, needs: ['manage:settings'] },
  { id: 'catalog', label: 'Catalogue', href: ADDRESSES.adminCatalog, needs: ['update:product'] },
  { id: 'limits', label: 'Limits', href: ADDRESSES.adminLimits, needs: ['view:logs'] },
  { id: 'reports', label: 'Reports', href: ADDRESSES.adminReports, needs: ['moderate:content'] },
] as const

export type Part = (typeof PARTS)[number]
export type PartId = Part['id']

/** The server decides anyway: this spares people doors that do not open. */
export function mayOpen({ permissions }: CurrentUser, { needs }: Part): boolean {
  return needs.some((permission) => permissions.includes(permission))
}

/** The same by its id, for links from elsewhere. */
export function mayOpenPart(user: CurrentUser, id: PartId): boolean {
  return PARTS.some((part) => part.id === id && mayOpen(user, part))
}

export function mayOpenAny(user: CurrentUser): boolean {
  return PARTS.some((part) => mayOpen(user, part))
}
