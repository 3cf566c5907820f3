import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Client, ConnectionState, CurrentUser } from '../client/index.ts'
import { type AddressWatch, watchOwnAddress } from './account/own-address.ts'
import type { Conversation } from './chat/conversation/conversation.ts'
import { openConversations } from './chat/conversation/conversations.ts'
import type { Outbox } from './chat/conversation/outbox.ts'
import { openShelf } from './chat/conversation/shelf.ts'
import { createRoomDetails, type RoomDetails } from './chat/rooms/room-details-store.ts'
import { createRoomList, type RoomList, type RoomNote } from './chat/rooms/room-list-store.ts'
import { tellWhyGone } from './chat/rooms/tell-why-gone.ts'
import { createLive, type Live } from './live.ts'
import { createInbox, type Inbox, type InboxNote } from './notifications/inbox-store.ts'
import { type Blocks, createBlocks } from './people/blocks-store.ts'
import { createStore, type Store } from './store.ts'
import { joinNotes } from './tab-notes.ts'
import { clearTraces } from './traces.ts'

export interface Connection {
  inbox: ConnectionState
  /** Null while no room is open. */
  room: ConnectionState | null
}

/** What of a conversation waits in this browser: shown in the list of rooms. */
export interface RoomMark {
  /** Typed and not sent. */
  draft: string
  /** Sent, and not confirmed yet. */
  waiting: number
  /** Refused, or given up. */
  failed: number
}

/** Everything one signed-in person has on the page. It ends with the session. */
export interface Workspace {
  readonly client: Client
  readonly user: CurrentUser
  /** Where mail for the person goes, and whether that is known to arrive. */
  readonly address: AddressWatch
  /** The person's own socket, for whoever wants to hear. */
  readonly live: Live
  readonly rooms: RoomList
  readonly inbox: Inbox
  readonly blocks: Blocks
  /** By room; conversations write it, the list reads it. */
  readonly marks: Store<Record<string, RoomMark>>
  /** What is written and not confirmed, of all rooms. */
  readonly outbox: Outbox
  readonly connection: Store<Connection>
  /** True once the person asked to leave, in whichever tab, so that the way out is not told as a surprise. */
  readonly isLeaving: boolean
  /** Tells the other tabs too: the session of all of them ends. */
  setLeaving(isLeaving: boolean): void
  conversation(roomId: string): Conversation
  /** Settings, members and one's own place in a room; loaded when somebody looks. */
  details(roomId: string): RoomDetails
  dispose(): void
}

export function createWorkspace(client: Client, user: CurrentUser): Workspace {
  // Whoever was here before may have been signed out from elsewhere, and could not tidy up.
  clearTraces(openShelf(), { notOf: user.id })
  const connection = createStore<Connection>({ inbox: 'connecting', room: null })
  const live = createLive(client)
  const roomNotes = joinNotes<RoomNote>(client, 'rooms')
  const blockNotes = joinNotes<'changed'>(client, 'blocks')
  const leaveNotes = joinNotes<boolean>(client, 'leaving')
  const address = watchOwnAddress(client, user)
  let isLeaving = false
  const rooms = createRoomList({ client, live, userId: user.id, tabs: roomNotes, onGone: tellWhyGone })
  const inbox = createInbox({ client, live, userId: user.id, notes: joinNotes<InboxNote>(client, 'inbox') })
  const blocks = createBlocks({ client, tell: () => blockNotes.tell('changed') })
  const stops = [
    live.state.subscribe(() => connection.set({ inbox: live.state.value.connection })),
    blockNotes.listen(() => void blocks.load()),
    leaveNotes.listen((isAsked) => {
      isLeaving = isAsked
    }),
    wakes(() => {
      rooms.refreshSoon()
      if (!address.state.value.isVerified) void address.look()
    }),
  ]
  const marks = createStore<Record<string, RoomMark>>({})
  const conversations = openConversations({
    client,
    user,
    marks,
    onNewest: rooms.noteMessage,
    onRead: rooms.noteRead,
    onConnection: (state) => connection.set({ room: state }),
  })
  const details = new Map<string, RoomDetails>()
  return {
    client,
    user,
    address,
    live,
    rooms,
    inbox,
    blocks,
    marks,
    outbox: conversations.outbox,
    connection,
    get isLeaving() {
      return isLeaving
    },
    setLeaving(isAsked) {
      isLeaving = isAsked
      leaveNotes.tell(isAsked)
    },
    conversation: conversations.of,
    details(roomId) {
      const known = details.get(roomId)
      if (known) return known
      const made = createRoomDetails({
        client,
        live,
        roomId,
        userId: user.id,
        onOwn: (notify) => rooms.noteNotify(roomId, notify),
      })
      details.set(roomId, made)
      return made
    },
    dispose() {
      for (const stop of stops) stop()
      inbox.close()
      rooms.close()
      conversations.dispose(isLeaving)
      for (const detail of details.values()) detail.close()
      live.close()
      if (isLeaving) clearTraces(openShelf(), { of: user.id })
    },
  }
}

/** Calls back when the page is looked at again: what happened on another device meanwhile is in the lists. */
function wakes(onWake: () => void): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') onWake()
  }
  document.addEventListener('visibilitychange', look)
  return () => document.removeEventListener('visibilitychange', look)
}

export const WorkspaceContext = createContext<Workspace | null>(null)

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error('This part of the page needs somebody signed in')
  return workspace
}
