import type { Client, Message, Room } from '../../client/index.ts'
import { createStore, type Store } from '../store.ts'

export interface RoomListState {
  status: 'loading' | 'ready' | 'failed'
  rooms: Room[]
  nextCursor: string | null
}

export interface RoomList {
  readonly state: Store<RoomListState>
  load(): Promise<void>
  loadMore(): Promise<void>
  /** Something happened in a room that is not open here. */
  refreshSoon(): void
  /** A message that the page saw by itself. */
  noteMessage(message: Message): void
  add(room: Room): void
  close(): void
}

/** The list is a projection that follows its rooms within some two seconds: ask at once, and until then. */
const ASK_AFTER_MS = [200, 1_000, 2_600]

export function createRoomList(client: Client): RoomList {
  const state = createStore<RoomListState>({ status: 'loading', rooms: [], nextCursor: null })
  let timers: ReturnType<typeof setTimeout>[] = []

  const load = async () => {
    try {
      const page = await client.rooms.list()
      state.set(({ rooms }) => ({ status: 'ready', rooms: merge(rooms, page.items), nextCursor: page.nextCursor }))
    } catch {
      state.set(({ rooms }) => ({ status: rooms.length > 0 ? 'ready' : 'failed' }))
    }
  }
  const close = () => {
    for (const timer of timers) clearTimeout(timer)
    timers = []
  }
  const refreshSoon = () => {
    close()
    timers = ASK_AFTER_MS.map((ms) => setTimeout(() => void load(), ms))
  }
  void load()

  return {
    state,
    load,
    refreshSoon,
    close,
    loadMore: async () => {
      const { nextCursor } = state.value
      if (!nextCursor) return
      const page = await client.rooms.list({ cursor: nextCursor }).catch(() => null)
      if (page) state.set(({ rooms }) => ({ rooms: merge(rooms, page.items), nextCursor: page.nextCursor }))
    },
    noteMessage: ({ id, seq, roomId, content, sender, createdAt }) => {
      const known = state.value.rooms.find((room) => room.id === roomId)
      if (!known) return refreshSoon()
      const lastMessage = { id, seq, content, senderId: sender.id, createdAt }
      state.set(({ rooms }) => ({
        rooms: merge(rooms, [{ ...known, lastMessage, lastSeq: seq, updatedAt: createdAt }]),
      }))
    },
    add: (room) => state.set(({ rooms }) => ({ rooms: merge(rooms, [room]) })),
  }
}

/** One entry a room; what is known from the room itself is never replaced by an older projection. */
function merge(known: Room[], fresh: Room[]): Room[] {
  const byId = new Map(known.map((room) => [room.id, room]))
  for (const room of fresh) {
    const older = byId.get(room.id)
    if (!older || older.lastSeq <= room.lastSeq) byId.set(room.id, room)
  }
  return [...byId.values()].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
}
