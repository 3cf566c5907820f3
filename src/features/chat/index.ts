/** What other features of this database may use of chat. */
export { openUserSocket } from './open-sockets.ts'
