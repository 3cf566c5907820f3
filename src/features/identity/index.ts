/** What other features, objects and the composition may use of identity. */
export { searchKey } from './domain/username.ts'
export { findSessionState, pruneSessions } from './queries.ts'
export { createSessionMemory } from './session-memory.ts'
export { identitySubscribers } from './subscribers.ts'
export { users } from './tables.ts'
