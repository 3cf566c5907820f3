/** What other features, objects and the composition may use of identity. */
export { searchKey } from './domain/username.ts'
export { identityMailSamples } from './mail-samples.ts'
export { createSessionMemory } from './session-memory.ts'
export { findSessionState, pruneSessions } from './session-queries.ts'
export { pruneSpentTokens } from './spend-token.ts'
export { identitySubscribers } from './subscribers.ts'
export { users } from './tables.ts'
