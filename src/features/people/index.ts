/** What other features of this database use of people. */
export { blocksBetween } from './block-queries.ts'
export { findPeopleByIds, type PersonRow, person } from './queries.ts'
