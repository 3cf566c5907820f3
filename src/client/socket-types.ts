export type ConnectionState = 'connecting' | 'open' | 'reconnecting' | 'closed'
export type CloseReason = 'asked' | 'session-ended' | 'not-found'

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

export const CLOSE_CODES = { sessionEnded: 4401, notAMember: 4403 } as const
