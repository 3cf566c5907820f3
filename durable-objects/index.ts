export { ChatRoom } from './chat-room/index.ts'
export { RateLimiter } from './rate-limiter/index.ts'
export { UserSocket } from './user-socket/index.ts'
