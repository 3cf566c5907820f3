/** What other features of this database use of people. */
export { findPeopleFor, listBlocked } from './block-queries.ts'
export { eraseBlocks } from './erase-blocks.ts'
export type { PersonRow } from './queries.ts'
