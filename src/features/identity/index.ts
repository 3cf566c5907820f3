/** What other features, objects and the composition may use of identity. */
export { findPeopleByIds, findSessionState, type PersonRow, searchPeople } from './queries.ts'
export { createSessionMemory } from './session-memory.ts'
export { identitySubscribers } from './subscribers.ts'
export { users } from './tables.ts'
