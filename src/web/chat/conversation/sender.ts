import {
  ApiError,
  CLIENT_CODES,
  type Client,
  type CloseReason,
  type ConnectionState,
  type Message,
  type RoomConnection,
  type RoomEvent,
} from '../../../client/index.ts'
import type { Outbox, Pending } from './outbox.ts'
import { previewOf } from './preview.ts'
import { problemText } from './problem-text.ts'

/** One room's connection, and what goes out over it. */
export interface Sender {
  /** Nothing of this page is on its way. */
  readonly isIdle: boolean
  connect(): void
  disconnect(): void
  send(content: string, replyTo: Message | null): void
  retry(clientMessageId: string): void
  /** Sends what is kept and as old as this; younger ones are another tab's to send. */
  resume(olderThanMs: number): void
  markRead(seq: number): Promise<unknown>
  typing(isTyping: boolean): void
  /** Whether somebody looks at the newest messages. */
  reading(isReading: boolean): void
  dispose(): void
}

export interface SenderWiring {
  client: Client
  roomId: string
  outbox: Outbox
  /** Where the log goes on; undefined where nothing is known of it. */
  since(): number | undefined
  /** Whether the room that a new connection opens is before somebody's eyes. */
  isOpened(): boolean
  onEvent(event: RoomEvent): void
  onState(state: ConnectionState, reason: CloseReason | null): void
  onSent(message: Message): void
  onIdle(): void
}

export function createSender({
  client,
  roomId,
  outbox,
  since,
  isOpened,
  onEvent,
  onState,
  onSent,
  onIdle,
}: SenderWiring): Sender {
  let connection: RoomConnection | null = null
  let state: ConnectionState = 'closed'
  let isDisposed = false
  const underWay = new Set<string>()

  const connect = (): RoomConnection => {
    connection ??= client.openRoom(roomId, {
      since: since(),
      isReading: isOpened(),
      onEvent,
      onState: (now, reason) => {
        state = now
        if (now === 'closed') connection = null
        onState(now, reason)
      },
    })
    return connection
  }

  const transmit = async ({ clientMessageId, content, replyTo }: Pending) => {
    if (underWay.has(clientMessageId) || isDisposed) return
    underWay.add(clientMessageId)
    outbox.change(clientMessageId, { state: 'sending', problem: null })
    try {
      // It is kept over lost connections and sent again with the same id: the server takes it once.
      const message = await connect().send(content, { clientMessageId, ...(replyTo ? { replyTo: replyTo.id } : {}) })
      if (!isDisposed) onSent(message)
      outbox.remove(clientMessageId)
    } catch (error) {
      // A page that goes away leaves it to the next one.
      const isCut = error instanceof ApiError && error.code === CLIENT_CODES.closed
      if (!isDisposed) {
        outbox.change(clientMessageId, {
          state: 'failed',
          problem: isCut ? 'The connection was closed' : problemText(error),
        })
      }
    }
    underWay.delete(clientMessageId)
    if (underWay.size === 0) onIdle()
  }

  const own = () => outbox.state.value.entries.filter((entry) => entry.roomId === roomId)

  return {
    get isIdle() {
      return underWay.size === 0
    },
    connect: () => void connect(),
    disconnect: () => {
      connection?.close()
      connection = null
    },
    send: (content, replyTo) => {
      const answered = replyTo && {
        id: replyTo.id,
        seq: replyTo.seq,
        senderId: replyTo.sender.id,
        content: previewOf(replyTo.content),
      }
      const entry = outbox.add({
        clientMessageId: crypto.randomUUID(),
        roomId,
        content,
        replyTo: answered,
        threadId: replyTo && (replyTo.threadId ?? replyTo.id),
        createdAt: new Date().toISOString(),
      })
      void transmit(entry)
    },
    retry: (id) => {
      const failed = own().find(({ clientMessageId }) => clientMessageId === id)
      if (failed) void transmit(failed)
    },
    resume: (olderThanMs) => {
      const now = Date.now()
      for (const entry of own()) {
        if (entry.state === 'sending' && now - Date.parse(entry.createdAt) >= olderThanMs) void transmit(entry)
      }
    },
    markRead: (seq) => {
      if (connection && state === 'open') return connection.command('message:read', { seq })
      return client.rooms.markRead(roomId, seq)
    },
    typing: (isTyping) => connection?.typing(isTyping),
    reading: (isReading) => connection?.reading(isReading),
    dispose: () => {
      isDisposed = true
      connection?.close()
      connection = null
    },
  }
}
