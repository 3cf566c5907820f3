/** What the composition uses of operations. */
export { keepDeadLetter } from './keep-dead-letter.ts'
export { findGivenUp } from './queries.ts'
export { operationsSubscribers } from './subscribers.ts'
