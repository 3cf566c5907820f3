/** What other features of this database use of people. */
export { findPeopleByIds, type PersonRow, person } from './queries.ts'
