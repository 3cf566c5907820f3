import type { Client, ConnectionState, UserEvent } from '../client/index.ts'
import { createStore, type Store } from './store.ts'

export interface LiveListener {
  onEvent?(event: UserEvent): void
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
