import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Client, ConnectionState, CurrentUser } from '../client/index.ts'
import { type Conversation, openConversation } from './chat/conversation-store.ts'
import { createRoomList, type RoomList } from './chat/room-list-store.ts'
import { createInbox, type Inbox } from './notifications/inbox-store.ts'
import { createStore, type Store } from './store.ts'

export interface Connection {
  inbox: ConnectionState
  /** Null while no room is open. */
  room: ConnectionState | null
}

/** Everything one signed-in person has on the page. It ends with the session. */
export interface Workspace {
  readonly client: Client
  readonly user: CurrentUser
  readonly rooms: RoomList
  readonly inbox: Inbox
  readonly connection: Store<Connection>
  /** True once the person asked to leave, so that the way out is not told as a surprise. */
  isLeaving: boolean
  conversation(roomId: string): Conversation
  dispose(): void
}

export function createWorkspace(client: Client, user: CurrentUser): Workspace {
  const connection = createStore<Connection>({ inbox: 'connecting', room: null })
  const rooms = createRoomList(client)
  const inbox = createInbox(client, {
    onNews: (roomId) => roomId && rooms.refreshSoon(),
    onState: (state) => {
      connection.set({ inbox: state })
      // Frames are hints: whatever was missed while away is in the list.
      if (state === 'open') rooms.refreshSoon()
    },
  })
  /** Kept while the person looks elsewhere: what was typed, and what is still being sent. */
  const conversations = new Map<string, Conversation>()
  return {
    client,
    user,
    rooms,
    inbox,
    connection,
    isLeaving: false,
    conversation(roomId) {
      const known = conversations.get(roomId)
      if (known) return known
      const opened = openConversation({
        client,
        roomId,
        onNewest: rooms.noteMessage,
        onConnection: (state) => connection.set({ room: state }),
      })
      conversations.set(roomId, opened)
      return opened
    },
    dispose() {
      inbox.close()
      rooms.close()
      for (const conversation of conversations.values()) conversation.dispose()
    },
  }
}

export const WorkspaceContext = createContext<Workspace | null>(null)

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('This part of the page needs somebody signed in')
  return workspace
}
