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

/** The role that stands for a person where only one is shown. Unknown names count for nothing. */
export function highestRole(names: readonly string[]): Role {
  const held = ROLES.filter((role) => names.includes(role))
  return held.toSorted((a, b) => ROLE_DEFINITIONS[b].level - ROLE_DEFINITIONS[a].level)[0] ?? 'guest'
}
