import { PERMISSIONS, type Permission, ROLE_DEFINITIONS, ROLES } from './access.ts'

/** What a key may be given: to read, to change, and single permissions of its owner's. Neither includes another. */
export const SCOPES = ['read', 'write', ...PERMISSIONS] as const
export type Scope = (typeof SCOPES)[number]

/** A role gives all that it holds, so staff's do not go with a key: its scopes name what does. */
const ROLES_OF_KEYS: readonly string[] = ROLES.filter(
  (role) => ROLE_DEFINITIONS[role].level <= ROLE_DEFINITIONS.user.level,
)

/** What an owner may do, as far as a key of theirs may do it: never more than either. */
export function withinScopes<S extends { roles: string[]; permissions: string[] }>(
  owner: S,
  scopes: readonly Scope[],
): S {
  const named: readonly string[] = scopes
  return {
    ...owner,
    roles: owner.roles.filter((role) => ROLES_OF_KEYS.includes(role)),
    permissions: owner.permissions.filter((permission) => named.includes(permission)),
  }
}

/** The permissions among the scopes that their owner has not. */
export function beyondOwner(scopes: readonly Scope[], held: readonly Permission[]): Permission[] {
  return PERMISSIONS.filter((permission) => scopes.includes(permission) && !held.includes(permission))
}
