/** What other features, objects and the composition may use of identity. */
export { bidFarewell, eraseAccount, finishErasure, listUnerased } from './account/erase-account.ts'
export { DELETED_NAME } from './domain/deleted-user.ts'
export { searchKey } from './domain/username.ts'
export { createSessionMemory } from './session-memory.ts'
export { findSessionState, pruneSessions } from './session-queries.ts'
export { pruneSpentTokens } from './spend-token.ts'
export { identitySubscribers } from './subscribers.ts'
export { users } from './tables.ts'
