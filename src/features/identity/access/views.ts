import * as z from 'zod'
import { isoTime } from '../../../platform/clock.ts'
import { effectivePermissions, highestRole, knownRoles, PERMISSIONS, type Permission } from '../domain/access.ts'
import type { Managed, MemberRow } from './access-queries.ts'
import type { Member, UserAccess } from './schemas.ts'

/** What `json_group_array` has made of names. */
export function namesOf(json: string): string[] {
  return z.array(z.string()).parse(JSON.parse(json))
}

/** Those of the names that are permissions of ours. */
export function knownPermissions(names: readonly string[]): Permission[] {
  return PERMISSIONS.filter((permission) => names.includes(permission))
}

export function toMember(row: Omit<MemberRow, 'roleNames' | 'email'>, held: readonly string[]): Member {
  const { id, username, firstName, lastName, avatar, isActive, createdAt } = row
  const roles = knownRoles(held)
  const shown = { id, username, firstName, lastName, avatar, isActive }
  return { ...shown, roles, role: highestRole(roles), createdAt: isoTime(createdAt) }
}

export function toUserAccess(userId: string, { roles, ofRoles, direct }: Managed): UserAccess {
  return {
    userId,
    roles: knownRoles(roles),
    permissions: knownPermissions(effectivePermissions(ofRoles, direct)),
    direct: direct.flatMap(({ name, createdAt, ...grant }) =>
      knownPermissions([name]).map((known) => ({ ...grant, name: known, createdAt: isoTime(createdAt) })),
    ),
  }
}
