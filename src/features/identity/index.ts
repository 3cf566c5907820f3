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
export { bidFarewell, eraseAccount, finishErasure, listUnerased } from './account/erase-account.ts'
export { MetKeys } from './api-keys/met-keys.ts'
export { pruneApiKeys } from './api-keys/queries.ts'
export { type KeyUse, meetKey, readKeyState } from './api-keys/read-key.ts'
export { readContact, readProfiles, verifyAccessToken } from './describe-users.ts'
export { DELETED_NAME } from './domain/deleted-user.ts'
export { identityMailSamples } from './mail-samples.ts'
export { findProofStanding } from './mfa/queries.ts'
export { createSessionMemory } from './session-memory.ts'
export { findSessionState, pruneSessions } from './session-queries.ts'
export { pruneSpentTokens } from './spend-token.ts'
export { identitySubscribers } from './subscribers.ts'
export { users } from './tables.ts'
