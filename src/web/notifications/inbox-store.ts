import type { Client, Notification } from '../../client/index.ts'
import type { Live } from '../live.ts'
import { createStore, type Store } from '../store.ts'

export interface InboxState {
  status: 'loading' | 'ready' | 'failed'
  items: Notification[]
  unread: number
  nextCursor: string | null
}

export interface Inbox {
  readonly state: Store<InboxState>
  load(): Promise<void>
  loadMore(): Promise<void>
  markRead(id: string): Promise<void>
  /** Looking at a room is reading what was told of it. */
  markRoomRead(roomId: string): void
  markAllRead(): Promise<void>
  close(): void
}

const LOAD_AGAIN_AFTER_MS = 2_000

export function roomIdOf({ data }: Notification): string | null {
  return data?.roomId ?? null
}

export function createInbox(client: Pick<Client, 'notifications'>, live: Pick<Live, 'listen'>): Inbox {
  const state = createStore<InboxState>({ status: 'loading', items: [], unread: 0, nextCursor: null })

  let again: ReturnType<typeof setTimeout> | undefined

  const load = async () => {
    try {
      const [page, unread] = await Promise.all([client.notifications.list(), client.notifications.unreadCount()])
      state.set(({ items }) => ({
        status: 'ready',
        items: merge(items, page.items),
        unread,
        nextCursor: page.nextCursor,
      }))
    } catch {
      state.set(({ items }) => ({ status: items.length > 0 ? 'ready' : 'failed' }))
    }
  }

  const take = (fresh: Notification) => {
    const known = state.value.items.find(({ id }) => id === fresh.id)
    const change = Number(!fresh.read) - Number(known !== undefined && !known.read)
    state.set(({ items, unread }) => ({ items: merge(items, [fresh]), unread: Math.max(0, unread + change) }))
  }

  const readLocally = (isMeant: (item: Notification) => boolean): Notification[] => {
    const meant = state.value.items.filter((item) => !item.read && isMeant(item))
    if (meant.length === 0) return meant
    state.set(({ items, unread }) => ({
      items: items.map((item) => (meant.includes(item) ? { ...item, read: true } : item)),
      unread: Math.max(0, unread - meant.length),
    }))
    return meant
  }

  /**
   * Shown as done at once; where it was not, the server's list says so. It is asked a little later, because a hint
   * may come before what it tells of is stored.
   */
  const tell = async (call: Promise<unknown>) => {
    await call.catch(() => {
      clearTimeout(again)
      again = setTimeout(() => void load(), LOAD_AGAIN_AFTER_MS)
    })
  }

  const markRead = async (id: string) => {
    if (readLocally((item) => item.id === id).length > 0) await tell(client.notifications.markRead(id))
  }

  const stop = live.listen({
    onEvent: (event) => event.event === 'notification:new' && take(event.data),
    onOpen: () => void load(),
  })
  void load()

  return {
    state,
    load,
    loadMore: async () => {
      const { nextCursor } = state.value
      if (!nextCursor) return
      const page = await client.notifications.list({ cursor: nextCursor }).catch(() => null)
      if (page) state.set(({ items }) => ({ items: merge(items, page.items), nextCursor: page.nextCursor }))
    },
    markRead,
    markRoomRead: (roomId) => {
      for (const { id } of readLocally((item) => roomIdOf(item) === roomId)) {
        void tell(client.notifications.markRead(id))
      }
    },
    markAllRead: async () => {
      readLocally(() => true)
      state.set({ unread: 0 })
      await tell(client.notifications.markAllRead())
    },
    close: () => {
      clearTimeout(again)
      stop()
    },
  }
}

/** One entry an id, the higher version wins, newest first. */
function merge(known: Notification[], fresh: Notification[]): Notification[] {
  const byId = new Map(known.map((item) => [item.id, item]))
  for (const item of fresh) {
    const older = byId.get(item.id)
    if (!older || older.version <= item.version) byId.set(item.id, item)
  }
  return [...byId.values()].sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
}
