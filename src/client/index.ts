/** The typed client of Selvage, for browsers and for Node 22 and newer. */
export {
  ApiError,
  CLIENT_CODES,
  type ClientCode,
  type ErrorCode,
  type FieldProblem,
  type StepUp,
} from './api-error.ts'
export type * from './api-types.ts'
export type { Call, CallSettings, InputOf, Method, OperationOf, PathOf, ProveAgain, QueryOf } from './call.ts'
export type { BackupSecondStep, Credentials, Registration, SecondStep } from './calls/auth.ts'
export type { HistoryRequest } from './calls/messages.ts'
export type { NewGroup } from './calls/rooms.ts'
export type { Page, PageRequest } from './calls/shared.ts'
export type { AuditSearch } from './calls/staff.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export type { KeyClient, KeyClientOptions } from './key-client.ts'
export type { SessionMode } from './session.ts'
export type { AckOf, RoomCommandName } from './sockets/commands.ts'
export type { HistoryReset, RoomEvent, UserEvent } from './sockets/events.ts'
export type { RoomConnection, RoomListener, SendOptions } from './sockets/room-types.ts'
export type { CloseReason, ConnectionState } from './sockets/socket-types.ts'
export type { UserConnection, UserListener } from './sockets/user-socket.ts'
export type { Tabs } from './tabs.ts'
