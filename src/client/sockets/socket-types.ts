export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'closed'

/** Why a connection has come to its end; it does not come back by itself. */
export type CloseReason =
  /** By `close()`. */
  | 'asked'
  | 'session-ended'
  /** There is no such room, or not for this person. */
  | 'not-found'
  /** Removed from the room, or banned. */
  | 'removed'
  /** Left the room, perhaps on another device. */
  | 'left'

/** The close codes of docs/realtime.md; after any other the connection comes back. */
export const CLOSE_CODES = { sessionEnded: 4401, removed: 4403, left: 4404, gaveWay: 4408, tooMuch: 4429 } as const

export interface ServerEvent {
  event: string
  id?: string
  seq?: number
  data?: unknown
}

export interface LiveSocketOptions {
  /** Asked before every try, because each ticket works once and `since` moves on. */
  address(): Promise<string>
  /** Rejects with a 404 when there is nothing (any more) to connect to; asked after refused upgrades. */
  probe?(): Promise<unknown>
  /** Resolves to false when the session is over. */
  renewSession(): Promise<boolean>
  onOpen?(): void
  /** One JSON object; a frame may hold several. */
  onEvent(event: ServerEvent): void
  onState(state: ConnectionState, reason: CloseReason | null): void
}
