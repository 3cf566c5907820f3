import type { Client, ConnectionState, Message, Notification, RoomMember } from '../client/index.ts'
import { createStore, type Store } from './store.ts'

interface LogEvents {
  'message:new': Message
  'message:edited': Message
  'message:deleted': { messageId: string; roomId: string }
  'room:user-joined': { userId: string; username: string; roomId: string }
  'room:user-left': { userId: string; username: string; roomId: string; reason: 'left' | 'removed' | 'banned' }
  'room:member-updated': { roomId: string; member: RoomMember }
  'room:updated': RoomUpdate
}

interface MomentEvents {
  'notification:new': Notification
  'user:online': { userId: string; username: string; roomId: string }
  'user:offline': { userId: string; username: string; roomId: string }
  'room:read': { roomId: string; reads: { userId: string; seq: number }[] }
  'room:activity': { roomId: string; seq: number }
  'room:joined': { roomId: string }
  'room:removed': { roomId: string; reason: 'left' | 'removed' | 'banned' }
}

export interface RoomUpdate {
  roomId: string
  name: string
  topic: string
  joinPolicy: 'open' | 'invite'
  whoInvites: 'members' | 'moderators'
  whoPosts: 'members' | 'moderators'
  slowModeSeconds: number
}

/** What comes over the person's own socket, as docs/realtime.md has it; what is of a room's log has a `seq`. */
export type LiveEvent =
  | { [E in keyof LogEvents]: { event: E; seq: number; data: LogEvents[E] } }[keyof LogEvents]
  | { [E in keyof MomentEvents]: { event: E; data: MomentEvents[E] } }[keyof MomentEvents]

export interface LiveListener {
  onEvent?(event: LiveEvent): void
  /** The socket is there, again or for the first time: what was missed is in the lists. */
  onOpen?(): void
}

/** The person's own socket, for all that listen to it: there is one a tab. */
export interface Live {
  readonly state: Store<{ connection: ConnectionState }>
  listen(listener: LiveListener): () => void
  close(): void
}

export function createLive(client: Pick<Client, 'openUserSocket'>): Live {
  const state = createStore<{ connection: ConnectionState }>({ connection: 'connecting' })
  const listeners = new Set<LiveListener>()
  const socket = client.openUserSocket({
    onEvent: (event) => {
      for (const { onEvent } of [...listeners]) onEvent?.(event)
    },
    onState: (connection) => {
      state.set({ connection })
      if (connection === 'open') for (const { onOpen } of [...listeners]) onOpen?.()
    },
  })
  return {
    state,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => {
      listeners.clear()
      socket.close()
    },
  }
}
