/** What other features, objects and the composition may use of identity. */
export { findGrants } from './access/access-queries.ts'
export {
  demandPermission,
  getUsersByRole,
  hasAllPermissions,
  hasAnyPermission,
  hasPermission,
  hasRole,
} from './access/has-permission.ts'
export { identityResources } from './access/resources.ts'
export { readContact, readProfiles, verifyAccessToken } from './describe-users.ts'
export { searchKey } from './domain/username.ts'
export { createSessionMemory } from './session-memory.ts'
export { findSessionState, pruneSessions } from './session-queries.ts'
export { pruneSpentTokens } from './spend-token.ts'
export { identitySubscribers } from './subscribers.ts'
export { users } from './tables.ts'
