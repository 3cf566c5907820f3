import type { CloseReason, ConnectionState } from './socket-types.ts'
import type { Message } from './types.ts'

export type RoomEvent =
  | { event: 'message:new'; seq: number; data: Message }
  /** What is known of the message is no longer so: this is all of it. */
  | { event: 'message:edited'; seq: number; data: Message }
  | { event: 'message:deleted'; seq: number; data: { roomId: string; messageId: string } }
  /** More was missed than can be told one by one: forget what is shown and start from these, the newest. */
  | { event: 'history:reset'; data: { messages: Message[]; nextCursor: string | null } }

export interface RoomListener {
  /** The newest seq that the caller has. Without it, only what comes after the connection is told. */
  since?: number
  /** Each exactly once, in the order of `seq`. */
  onEvent(event: RoomEvent): void
  onState?(state: ConnectionState, reason: CloseReason | null): void
}

export interface RoomConnection {
  /** Resolves when the server has it. Kept over lost connections, and sent again with the same id. */
  send(content: string, clientMessageId?: string): Promise<Message>
  close(reason?: CloseReason): void
}
