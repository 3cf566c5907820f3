import {
  ApiError,
  type Client,
  type CloseReason,
  type ConnectionState,
  type Message,
  type RoomConnection,
  type RoomEvent,
  type RoomWithMembers,
} from '../../client/index.ts'
import { createStore, type Store } from '../store.ts'
import { addMessages, changeMessages, type Pending, settle } from './message-order.ts'

export interface ConversationState {
  status: 'loading' | 'ready' | 'failed' | 'missing'
  room: RoomWithMembers | null
  messages: Message[]
  /** Mine that the server has not confirmed, in the order of writing. */
  pending: Pending[]
  olderCursor: string | null
  older: 'idle' | 'loading' | 'failed'
}

export interface Conversation {
  readonly roomId: string
  readonly state: Store<ConversationState>
  /** What is typed; apart, so that a key press draws nothing else. */
  readonly draft: Store<{ text: string }>
  enter(): void
  leave(): void
  send(content: string): void
  retry(clientMessageId: string): void
  discard(clientMessageId: string): void
  loadOlder(): Promise<void>
  reload(): void
  dispose(): void
}

interface Wiring {
  client: Client
  roomId: string
  onNewest(message: Message): void
  /** Null when the conversation is left. */
  onConnection(state: ConnectionState | null): void
}

const PAGE_SIZE = 40

export function openConversation({ client, roomId, onNewest, onConnection }: Wiring): Conversation {
  const state = createStore<ConversationState>({
    status: 'loading',
    room: null,
    messages: [],
    pending: [],
    olderCursor: null,
    older: 'idle',
  })
  let connection: RoomConnection | null = null
  let isShown = false
  let isLoading = false

  const load = async () => {
    if (isLoading) return
    isLoading = true
    state.set({ status: 'loading' })
    try {
      const [room, page] = await Promise.all([
        client.rooms.get(roomId),
        client.messages.list(roomId, { limit: PAGE_SIZE }),
      ])
      state.set({ status: 'ready', room, messages: page.items, olderCursor: page.nextCursor })
      connect()
    } catch (error) {
      const isGone = error instanceof ApiError && [400, 403, 404].includes(error.status)
      state.set({ status: isGone ? 'missing' : 'failed' })
    }
    isLoading = false
  }

  const connect = () => {
    if (connection || !isShown) return
    connection = client.openRoom(roomId, {
      since: state.value.messages.at(-1)?.seq ?? 0,
      onEvent: heard,
      onState: changed,
    })
    onConnection('connecting')
  }

  const changed = (now: ConnectionState, reason: CloseReason | null) => {
    if (isShown) onConnection(now)
    if (now !== 'closed') return
    connection = null
    if (reason === 'not-found' || reason === 'removed' || reason === 'left') state.set({ status: 'missing' })
  }

  const heard = (event: RoomEvent) => {
    if (event.event === 'history:reset') {
      state.set({ messages: event.data.messages, olderCursor: event.data.nextCursor })
      return
    }
    if (event.event === 'message:new') arrive(event.data)
    else if (event.event === 'message:edited' || event.event === 'message:deleted') {
      state.set(({ messages }) => ({ messages: changeMessages(messages, event) }))
    }
  }

  const arrive = (message: Message) => {
    state.set(({ messages, pending }) => ({
      messages: addMessages(messages, [message]),
      pending: pending.filter(({ clientMessageId }) => clientMessageId !== message.clientMessageId),
    }))
    if (state.value.messages.at(-1)?.id === message.id) onNewest(message)
  }

  const transmit = async ({ clientMessageId, content }: Pending) => {
    state.set(({ pending }) => ({ pending: settle(pending, clientMessageId, { state: 'sending', problem: null }) }))
    try {
      // Without a socket, such as after a refusal, the same id goes over HTTP.
      arrive(
        await (connection?.send(content, { clientMessageId }) ??
          client.messages.post(roomId, { content, clientMessageId })),
      )
    } catch (error) {
      const problem = error instanceof ApiError ? error.message : 'Something went wrong'
      state.set(({ pending }) => ({ pending: settle(pending, clientMessageId, { state: 'failed', problem }) }))
    }
    if (!isShown) rest()
  }

  /** The socket of a room that nobody looks at stays only for what is still on its way. */
  const rest = () => {
    if (state.value.pending.some(({ state }) => state === 'sending')) return
    connection?.close()
    connection = null
  }

  return {
    roomId,
    state,
    draft: createStore({ text: '' }),
    enter: () => {
      isShown = true
      if (state.value.status === 'ready') connect()
      else void load()
    },
    leave: () => {
      isShown = false
      rest()
      onConnection(null)
    },
    send: (content) => {
      const fresh: Pending = {
        clientMessageId: crypto.randomUUID(),
        content,
        createdAt: new Date().toISOString(),
        state: 'sending',
        problem: null,
      }
      state.set(({ pending }) => ({ pending: [...pending, fresh] }))
      void transmit(fresh)
    },
    retry: (id) => {
      const failed = state.value.pending.find(({ clientMessageId }) => clientMessageId === id)
      if (failed) void transmit(failed)
    },
    discard: (id) =>
      state.set(({ pending }) => ({ pending: pending.filter(({ clientMessageId }) => clientMessageId !== id) })),
    loadOlder: async () => {
      const { olderCursor, older } = state.value
      if (!olderCursor || older === 'loading') return
      state.set({ older: 'loading' })
      try {
        const page = await client.messages.list(roomId, { cursor: olderCursor, limit: PAGE_SIZE })
        state.set(({ messages }) => ({
          messages: addMessages(messages, page.items),
          olderCursor: page.nextCursor,
          older: 'idle',
        }))
      } catch {
        state.set({ older: 'failed' })
      }
    },
    reload: () => void load(),
    dispose: () => {
      isShown = false
      connection?.close()
      connection = null
    },
  }
}
