export { ChatRoom } from './chat-room/index.ts'
export { Figures } from './figures/index.ts'
export { RateLimiter } from './rate-limiter/index.ts'
export { UserSocket } from './user-socket/index.ts'
