import type { Client, Notification } from '../../client/index.ts'
import type { Live } from '../live.ts'
import { createStore, type Store } from '../store.ts'
import type { TabNotes } from '../tab-notes.ts'
import { EMPTY_LIST, type InboxList, roomIdOf, unreadOfRoom, withFirstPage, withFresh } from './inbox-lists.ts'
import { createRemovals } from './removals.ts'

export type InboxFilter = 'all' | 'unread'

export interface InboxState {
  /** How many are unread in all, also of what is not loaded. */
  count: number
  all: InboxList
  unread: InboxList
}

/** What the tabs of one person tell each other of it. */
export type InboxNote = { kind: 'read'; ids: string[] } | { kind: 'all-read' } | { kind: 'removed'; id: string }

export interface Inbox {
  readonly state: Store<InboxState>
  load(filter?: InboxFilter): Promise<void>
  loadMore(filter: InboxFilter): Promise<void>
  markRead(id: string): Promise<void>
  /** Looking at a room is reading what was told of it. */
  markRoomRead(roomId: string): void
  markAllRead(): Promise<void>
  /** Takes it away at once and for good a little later. Returns the way to have it back until then. */
  remove(id: string): () => void
  /** Of each that is newly unread while the page is open. */
  onArrival(listener: (fresh: Notification) => void): () => void
  /** Does at once what waits to be done. Resolves when the server has answered, whatever it said. */
  flush(): Promise<void>
  close(): void
}

export interface InboxWiring {
  client: Pick<Client, 'notifications'>
  live: Pick<Live, 'listen'>
  userId: string
  notes: TabNotes<InboxNote>
}

const LOAD_AGAIN_AFTER_MS = 2_000

export function createInbox({ client: { notifications }, live, userId, notes }: InboxWiring): Inbox {
  const state = createStore<InboxState>({ count: 0, all: EMPTY_LIST, unread: EMPTY_LIST })
  const arrivals = new Set<(fresh: Notification) => void>()
  /** Of each load that is under way: what has come meanwhile. */
  const watching = new Set<Set<string>>()
  let again: ReturnType<typeof setTimeout> | undefined
  /** Rises whenever something is read and whenever the server has answered to that: a number may be from before it. */
  let readTurn = 0
  let readsUnderWay = 0

  const setList = (filter: InboxFilter, change: (list: InboxList) => InboxList) => {
    const list = change(state.value[filter])
    const items = list.items.filter((item) => !removals.hides(item) && (filter === 'all' || !item.read))
    state.set(filter === 'all' ? { all: { ...list, items } } : { unread: { ...list, items } })
  }
  const changeItems = (change: (items: Notification[]) => Notification[]) => {
    for (const filter of ['all', 'unread'] as const) setList(filter, (list) => ({ ...list, items: change(list.items) }))
  }
  const addToCount = (more: number) => state.set(({ count }) => ({ count: Math.max(0, count + more) }))
  let isClosed = false
  const loadSoon = () => {
    clearTimeout(again)
    if (!isClosed) again = setTimeout(() => void load(), LOAD_AGAIN_AFTER_MS)
  }
  const removals = createRemovals({
    hide: (item) => {
      changeItems((items) => items)
      if (!item.read) addToCount(-1)
    },
    show: (item) => {
      changeItems((items) => withFresh(items, [item]))
      if (!item.read) addToCount(1)
    },
    remove: async (id) => {
      notes.tell({ kind: 'removed', id })
      await notifications.remove(id).catch(loadSoon)
    },
  })

  const load = async (filter: InboxFilter = 'all') => {
    clearTimeout(again)
    setList(filter, (list) => ({ ...list, status: list.status === 'ready' ? 'ready' : 'loading' }))
    const arrived = new Set<string>()
    watching.add(arrived)
    const turn = readTurn
    const isUnsettled = readsUnderWay > 0
    try {
      const unreadOnly = filter === 'unread'
      const [page, count] = await Promise.all([
        notifications.list(unreadOnly ? { unreadOnly } : {}),
        notifications.unreadCount(),
      ])
      setList(filter, (list) => withFirstPage(list, page, arrived))
      const isRead = isUnsettled || turn !== readTurn
      if (!isRead) state.set({ count: Math.max(0, count - removals.unreadCount()) })
      // Nobody knows whether the number was taken before or after.
      if (isRead || arrived.size > 0) loadSoon()
    } catch (problem) {
      setList(filter, (list) => ({ ...list, problem, status: list.status === 'ready' ? 'ready' : 'failed' }))
    }
    watching.delete(arrived)
  }
  const loadWhatIsSeen = () => {
    void load()
    if (state.value.unread.status !== 'idle') void load('unread')
  }

  const find = (id: string) => [...state.value.all.items, ...state.value.unread.items].find((item) => item.id === id)

  const take = (fresh: Notification) => {
    const known = find(fresh.id)
    if (known && known.version >= fresh.version) return
    for (const arrived of watching) arrived.add(fresh.id)
    removals.forget(fresh.id)
    const isNewlyUnread = !fresh.read && (!known || known.read)
    changeItems((items) => withFresh(items, [fresh]))
    if (isNewlyUnread) addToCount(1)
    else if (fresh.read && known && !known.read) addToCount(-1)
    // It may have been counted before, on a page that is not loaded.
    if (!known && fresh.count > 1) loadSoon()
    if (isNewlyUnread) for (const listener of arrivals) listener(fresh)
  }

  /** Answers those that it has changed. */
  const setRead = (isMeant: (item: Notification) => boolean, read: boolean): string[] => {
    const { all, unread } = state.value
    const wrong = [...all.items, ...unread.items].filter((item) => item.read !== read && isMeant(item))
    const meant = new Map(wrong.map((item) => [item.id, item]))
    if (meant.size === 0) return []
    readTurn += 1
    const changed = [...meant.values()].map((item) => ({ ...item, read }))
    changeItems((items) => items.map((item) => (meant.has(item.id) ? { ...item, read } : item)))
    if (!read) setList('unread', (list) => ({ ...list, items: withFresh(list.items, changed) }))
    addToCount(read ? -meant.size : meant.size)
    return [...meant.keys()]
  }

  /** Shown as done at once. Where it was not, it is taken back, and the server's list says how things are. */
  const tellRead = async (ids: string[], call: () => Promise<unknown>) => {
    readsUnderWay += 1
    try {
      await call()
    } catch {
      setRead(({ id }) => ids.includes(id), false)
      loadSoon()
    }
    readsUnderWay -= 1
    readTurn += 1
  }
  const readOnes = async (isMeant: (item: Notification) => boolean) => {
    const ids = setRead(isMeant, true)
    if (ids.length > 0) notes.tell({ kind: 'read', ids })
    await Promise.all(ids.map((id) => tellRead([id], () => notifications.markRead(id))))
  }

  const readEverything = (): string[] => {
    const ids = setRead(() => true, true)
    readTurn += 1
    state.set({ count: 0 })
    return ids
  }

  const stops = [
    live.listen({
      onOpen: loadWhatIsSeen,
      onEvent: (event) => {
        if (event.event === 'notification:new') take(event.data)
        if (event.event !== 'room:read') return
        // Read on another device: the server has marked it already.
        const { roomId, reads } = event.data
        const upTo = reads.find((read) => read.userId === userId)?.seq ?? -1
        setRead((item) => roomIdOf(item) === roomId && item.category === 'new_message' && item.version <= upTo, true)
      },
    }),
    notes.listen((note) => {
      if (note.kind === 'all-read') readEverything()
      else if (note.kind === 'read') setRead(({ id }) => note.ids.includes(id), true)
      else {
        const item = find(note.id)
        changeItems((items) => items.filter(({ id }) => id !== note.id))
        if (item && !item.read) addToCount(-1)
      }
    }),
  ]
  void load()

  return {
    state,
    load,
    loadMore: async (filter) => {
      const { nextCursor, isLoadingMore } = state.value[filter]
      if (!nextCursor || isLoadingMore) return
      setList(filter, (list) => ({ ...list, isLoadingMore: true }))
      try {
        const page = await notifications.list({
          cursor: nextCursor,
          ...(filter === 'unread' ? { unreadOnly: true } : {}),
        })
        setList(filter, (list) => ({
          ...list,
          items: withFresh(list.items, page.items),
          nextCursor: page.nextCursor,
          problem: null,
        }))
      } catch (problem) {
        setList(filter, (list) => ({ ...list, problem }))
      }
      setList(filter, (list) => ({ ...list, isLoadingMore: false }))
    },
    markRead: (id) => readOnes((item) => item.id === id),
    markRoomRead: (roomId) => {
      const meant = unreadOfRoom(state.value.all.items, roomId)
      if (meant.length > 0) void readOnes((item) => meant.some(({ id }) => id === item.id))
    },
    markAllRead: async () => {
      const ids = readEverything()
      notes.tell({ kind: 'all-read' })
      await tellRead(ids, () => notifications.markAllRead())
    },
    remove: (id) => {
      const item = find(id)
      return item ? removals.add(item) : () => {}
    },
    onArrival: (listener) => {
      arrivals.add(listener)
      return () => arrivals.delete(listener)
    },
    flush: () => removals.flush(),
    close: () => {
      isClosed = true
      clearTimeout(again)
      void removals.flush()
      for (const stop of stops) stop()
    },
  }
}
