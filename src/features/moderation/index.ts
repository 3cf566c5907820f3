/** What the composition and other features of this database may use of moderation. */
export { eraseFromReports } from './erase-from-reports.ts'
export { listOwnReports } from './queries.ts'
