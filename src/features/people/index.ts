/** What other features of this database use of people. */
export { blocksBetween } from './block-queries.ts'
export { findPeopleFor, type PersonRow, person } from './queries.ts'
