/** What objects use of chat. */
export { listActiveRooms } from './queries.ts'
