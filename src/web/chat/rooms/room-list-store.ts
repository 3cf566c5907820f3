import type { Message, Page, Room } from '../../../client/index.ts'
import type { Live } from '../../live.ts'
import { createStore, type Store } from '../../store.ts'
import {
  dropMissing,
  type Heard,
  hear,
  hearMessage,
  type KnownRooms,
  markRead,
  mergePage,
  removeRoom,
} from './room-hints.ts'

export interface RoomListState extends KnownRooms {
  status: 'loading' | 'ready' | 'failed'
  nextCursor: string | null
  more: 'idle' | 'loading' | 'failed'
  /** Rooms that tell this person nothing, as far as this browser has learnt. */
  muted: ReadonlySet<string>
}

export interface RoomList {
  readonly state: Store<RoomListState>
  find(roomId: string): Room | undefined
  load(): Promise<void>
  loadMore(): Promise<void>
  /** Something happened that only the server's list can tell. */
  refreshSoon(): void
  /** The room on the screen, or none: what comes there is not unread. */
  look(roomId: string | null): void
  /** A message that the page saw by itself, such as over the room's socket. */
  noteMessage(message: Message): void
  /** Read up to `seq`, or all of it: the counts go down here and in the other tabs. Tells the server nothing. */
  noteRead(roomId: string, seq?: number): void
  /** What one wants to be told of a room: one that tells nothing looks quieter. */
  noteNotify(roomId: string, notify: Notify): void
  /** A room that was made, joined or read anew. */
  add(room: Room): void
  /** No member any more. */
  remove(roomId: string): void
  close(): void
}

export interface RoomListWiring {
  client: { rooms: { list(page?: { cursor?: string | null; limit?: number }): Promise<Page<Room>> } }
  live: Pick<Live, 'listen'>
  userId: string
  /** Called while the room is still known. */
  onGone?(room: Room, reason: string): void
  tabs: {
    tell(note: RoomNote): void
    listen(onNote: (note: RoomNote) => void): () => void
  }
}

/** What tabs of one person tell each other. */
export type RoomNote =
  | { kind: 'read'; roomId: string; seq: number }
  | { kind: 'notify'; roomId: string; notify: Notify }
  | { kind: 'left' | 'changed'; roomId: string }

type Notify = 'all' | 'mentions' | 'none'

const PAGE_SIZE = 30
/**
 * The list is a projection that follows its rooms within some two seconds, or later where a queue is late: ask at once,
 * when it should be so, and once more.
 */
const ASK_AFTER_MS = [250, 2_600, 7_000]

export function createRoomList({ client, live, userId, tabs, onGone }: RoomListWiring): RoomList {
  const state = createStore<RoomListState>({
    status: 'loading',
    rooms: [],
    readSeqs: {},
    nextCursor: null,
    more: 'idle',
    muted: loadMuted(userId),
  })
  let openRoomId: string | null = null
  let timers: ReturnType<typeof setTimeout>[] = []
  let isClosed = false

  const load = async () => {
    const asked = new Set(state.value.rooms.map(({ id }) => id))
    try {
      const { items, nextCursor } = await client.rooms.list({ limit: PAGE_SIZE })
      state.set((now) => {
        const merged = mergePage(now, items)
        const hasOlder = now.status === 'ready' && nextCursor !== null && now.rooms.length > items.length
        return {
          ...(nextCursor === null ? dropMissing(merged, items, asked) : merged),
          status: 'ready',
          // The pages after the first one stay loaded.
          nextCursor: hasOlder ? now.nextCursor : nextCursor,
        }
      })
      if (openRoomId) read(openRoomId)
    } catch {
      state.set(({ status }) => ({ status: status === 'ready' ? 'ready' : 'failed' }))
    }
  }

  const refreshSoon = () => {
    for (const timer of timers) clearTimeout(timer)
    timers = isClosed ? [] : ASK_AFTER_MS.map((ms) => setTimeout(() => void load(), ms))
  }

  const take = ({ list, isStale }: Heard) => {
    state.set(list)
    if (isStale) refreshSoon()
  }

  const read = (roomId: string, seq?: number) => take(markRead(state.value, roomId, seq))

  const mute = (roomId: string, notify: Notify) => {
    const muted = new Set(state.value.muted)
    if (notify === 'none' ? muted.has(roomId) : !muted.has(roomId)) return false
    if (notify === 'none') muted.add(roomId)
    else muted.delete(roomId)
    state.set({ muted })
    keepMuted(userId, muted)
    return true
  }

  const find = (roomId: string) => state.value.rooms.find(({ id }) => id === roomId)

  const stops = [
    live.listen({
      onOpen: refreshSoon,
      onEvent: (event) => {
        const gone = event.event === 'room:removed' && find(event.data.roomId)
        if (gone) onGone?.(gone, event.data.reason)
        take(hear(state.value, event, { userId, openRoomId }))
      },
    }),
    tabs.listen((note) => {
      if (note.kind === 'read') read(note.roomId, note.seq)
      else if (note.kind === 'notify') mute(note.roomId, note.notify)
      else if (note.kind === 'left') state.set((now) => removeRoom(now, note.roomId))
      else refreshSoon()
    }),
  ]
  void load()

  return {
    state,
    find,
    load,
    refreshSoon,
    loadMore: async () => {
      const { nextCursor, more } = state.value
      if (!nextCursor || more === 'loading') return
      state.set({ more: 'loading' })
      try {
        const page = await client.rooms.list({ cursor: nextCursor, limit: PAGE_SIZE })
        state.set((now) => ({ ...mergePage(now, page.items), nextCursor: page.nextCursor, more: 'idle' }))
      } catch {
        state.set({ more: 'failed' })
      }
    },
    look: (roomId) => {
      openRoomId = roomId
      if (roomId) read(roomId)
    },
    noteMessage: (message) => take(hearMessage(state.value, message, { userId, openRoomId })),
    noteRead: (roomId, seq) => {
      read(roomId, seq)
      tabs.tell({ kind: 'read', roomId, seq: state.value.readSeqs[roomId] ?? 0 })
    },
    noteNotify: (roomId, notify) => {
      if (mute(roomId, notify)) tabs.tell({ kind: 'notify', roomId, notify })
    },
    add: (room) => {
      state.set((now) => mergePage(now, [room]))
      tabs.tell({ kind: 'changed', roomId: room.id })
    },
    remove: (roomId) => {
      state.set((now) => removeRoom(now, roomId))
      tabs.tell({ kind: 'left', roomId })
    },
    close: () => {
      isClosed = true
      for (const stop of stops) stop()
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

const mutedKey = (userId: string) => `selvage-muted-${userId}`

/** The list of rooms does not say it, so it is remembered from when a room was open. */
function loadMuted(userId: string): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(mutedKey(userId)) ?? '[]')
    return new Set(Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [])
  } catch {
    return new Set()
  }
}

function keepMuted(userId: string, muted: ReadonlySet<string>): void {
  try {
    localStorage.setItem(mutedKey(userId), JSON.stringify([...muted]))
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
}
