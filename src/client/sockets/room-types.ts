import type { Message, RoomCommands } from '../api-types.ts'
import type { AckOf, RoomCommandName } from './commands.ts'
import type { RoomEvent } from './events.ts'
import type { CloseReason, ConnectionState } from './socket-types.ts'

export interface RoomListener {
  /** The newest seq that the caller has. Without it, only what comes after the connection is told. */
  since?: number
  /** False: nobody looks at the room yet. */
  isReading?: boolean
  /** What has a `seq`: each exactly once, in that order. */
  onEvent(event: RoomEvent): void
  onState?(state: ConnectionState, reason: CloseReason | null): void
}

export interface SendOptions {
  /** The same id is the same message, however often it is sent. */
  clientMessageId?: string | undefined
  /** The id of the message that this answers. */
  replyTo?: string | undefined
}

export interface RoomConnection {
  /** Resolves when the server has it. Kept over lost connections, and sent again with the same id. */
  send(content: string, options?: SendOptions): Promise<Message>
  /**
   * Any command of docs/realtime.md; resolves with its acknowledgement. It waits for a connection. Where one is lost
   * before the answer, it is said again on the next, but for what cannot be said twice: that rejects with
   * `CONNECTION_LOST`, and the route of the same meaning tells how it stands.
   */
  command<N extends RoomCommandName>(event: N, data: RoomCommands[N]): Promise<AckOf<N>>
  /** With each key true, and false when the writing stops: it is told to others no more often than they need. */
  typing(isTyping: boolean): void
  /** Whether somebody looks at the end of the room: what comes while nobody does is unread. They do from the start. */
  reading(isReading: boolean): void
  close(reason?: CloseReason): void
}
