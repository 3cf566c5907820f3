/** The closed lists of roles and permissions. The tables are seeded from them; a test compares. */

export const PERMISSIONS = [
  'create:user',
  'read:user',
  'update:user',
  'delete:user',
  'create:product',
  'read:product',
  'update:product',
  'delete:product',
  'publish:product',
  'create:order',
  'read:order',
  'update:order',
  'cancel:order',
  'refund:order',
  'moderate:content',
  'delete:content',
  'view:analytics',
  'manage:settings',
  'view:logs',
] as const
export type Permission = (typeof PERMISSIONS)[number]

export const ROLES = ['guest', 'user', 'moderator', 'admin'] as const
export type Role = (typeof ROLES)[number]

interface RoleDefinition {
  level: number
  description: string
  permissions: readonly Permission[]
}

export const ROLE_DEFINITIONS: Record<Role, RoleDefinition> = {
  guest: { level: 0, description: 'Anybody, signed in or not', permissions: ['read:product'] },
  user: {
    level: 1,
    description: 'A registered person; acts on what is their own',
    permissions: ['read:user', 'update:user', 'read:product', 'create:order', 'read:order'],
  },
  moderator: {
    level: 2,
    description: 'Looks after content, products and orders',
    permissions: [
      'read:user',
      'read:product',
      'update:product',
      'moderate:content',
      'delete:content',
      'read:order',
      'update:order',
      'view:analytics',
    ],
  },
  admin: { level: 3, description: 'May do everything', permissions: PERMISSIONS },
}

/** Those of the names that are roles of ours: unknown ones count for nothing. */
export function knownRoles(names: readonly string[]): Role[] {
  return ROLES.filter((role) => names.includes(role))
}

/** The role that stands for a person where only one is shown. */
export function highestRole(names: readonly string[]): Role {
  return knownRoles(names).toSorted((a, b) => ROLE_DEFINITIONS[b].level - ROLE_DEFINITIONS[a].level)[0] ?? 'guest'
}

/** Whether the highest role held is as high as the lowest that is wanted. Of nothing known nothing follows: no. */
export function reachesRole(held: readonly string[], wanted: readonly Role[]): boolean {
  const isKnown = wanted.length > 0 && wanted.every((role) => Object.hasOwn(ROLE_DEFINITIONS, role))
  if (!isKnown || knownRoles(held).length === 0) return false
  return ROLE_DEFINITIONS[highestRole(held)].level >= Math.min(...wanted.map((role) => ROLE_DEFINITIONS[role].level))
}

export interface DirectGrant {
  name: string
  effect: 'allow' | 'deny'
}

/** What somebody may: what their roles give and what they were given themselves, less what they were denied. */
export function effectivePermissions(ofRoles: readonly string[], direct: readonly DirectGrant[]): string[] {
  const named = (effect: DirectGrant['effect']) => direct.filter((one) => one.effect === effect).map(({ name }) => name)
  const denied = named('deny')
  return [...new Set([...ofRoles, ...named('allow')])].filter((name) => !denied.includes(name)).toSorted()
}
