export { ChatRoom } from './chat-room/index.ts'
export { UserSocket } from './user-socket/index.ts'
