/** What features with sockets of their own use. */
export { admitSocket, socketAnswer } from './admit-socket.ts'
export { openUserSocket } from './open-user-socket.ts'
