/** What the composition may use of moderation. */
export { eraseFromReports } from './erase-from-reports.ts'
