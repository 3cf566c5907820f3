/** The typed client of Selvage, for browsers and for Node 22 and newer. */
export { ApiError, CLIENT_CODES, type FieldProblem } from './api-error.ts'
export type { NewMessage, Page, PageRequest } from './calls.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export type { NotificationConnection, NotificationEvent, NotificationListener } from './notification-socket.ts'
export type { RoomConnection, RoomEvent, RoomListener } from './room-types.ts'
export type { CloseReason, ConnectionState } from './socket-types.ts'
export type * from './types.ts'
