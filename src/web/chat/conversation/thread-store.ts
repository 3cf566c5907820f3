import type { Client, Message, RoomEvent } from '../../../client/index.ts'
import { createStore, type Store } from '../../store.ts'
import { addNewer, applyChange, arrive, EMPTY_HISTORY, type History, type Stretch } from './history.ts'
import { loadProblemText } from './problem-text.ts'

export interface ThreadState {
  status: 'loading' | 'ready' | 'failed'
  problem: string | null
  /** What it began with; null once that is deleted, while its answers stay. */
  root: Message | null
  /** While pages are missing the loaded ones are its `past`, and what has come since then its `live`. */
  history: History
  nextCursor: string | null
  isLoadingMore: boolean
}

export interface Thread {
  readonly state: Store<ThreadState>
  load(): Promise<void>
  loadMore(): Promise<void>
  hear(event: RoomEvent): void
}

interface Wiring {
  client: Client
  roomId: string
  rootId: string
  myId: string
}

const PAGE_SIZE = 50
const NO_ANSWERS: Stretch = { messages: [], hasOlder: false }

/** The answers to one message, oldest first, as they come and change. */
export function openThread({ client, roomId, rootId, myId }: Wiring): Thread {
  const state = createStore<ThreadState>({
    status: 'loading',
    problem: null,
    root: null,
    history: EMPTY_HISTORY,
    nextCursor: null,
    isLoadingMore: false,
  })
  const withPage = (history: History, { items, nextCursor }: { items: Message[]; nextCursor: string | null }) => {
    const grown = addNewer({ ...history, past: history.past ?? NO_ANSWERS }, items, nextCursor !== null)
    return { history: grown, nextCursor: grown.past && nextCursor }
  }

  /** What was said while the thread was on its way. */
  let held: RoomEvent[] | null = null
  let loads = 0

  const load = async () => {
    loads += 1
    const turn = loads
    held = []
    try {
      const [root, page] = await Promise.all([
        // The answers stay when what they answer is deleted.
        client.messages.get(roomId, rootId).catch(() => null),
        client.messages.thread(roomId, rootId, { limit: PAGE_SIZE }),
      ])
      if (turn !== loads) return
      const missed = held
      held = null
      state.set({ status: 'ready', root, ...withPage(EMPTY_HISTORY, page) })
      for (const event of missed) hear(event)
    } catch (error) {
      if (turn !== loads) return
      held = null
      state.set({ status: 'failed', problem: loadProblemText(error) })
    }
  }

  const hear = (event: RoomEvent) => {
    if (event.event === 'history:reset') return void load()
    if (held) return void held.push(event)
    switch (event.event) {
      case 'message:new': {
        const { data } = event
        if (data.threadId === rootId) state.set(({ history }) => ({ history: arrive(history, data) }))
        return
      }
      case 'message:edited':
      case 'message:deleted':
      case 'message:reaction':
      case 'message:pinned':
        return state.set(({ history, root }) => ({
          history: applyChange(history, event, myId),
          root: root && changedRoot(root, event, myId),
        }))
    }
  }

  return {
    state,
    hear,
    load: () => {
      state.set({ status: 'loading', problem: null })
      return load()
    },
    loadMore: async () => {
      const { nextCursor, isLoadingMore } = state.value
      if (!nextCursor || isLoadingMore) return
      state.set({ isLoadingMore: true })
      const page = await client.messages
        .thread(roomId, rootId, { limit: PAGE_SIZE, cursor: nextCursor })
        .catch(() => null)
      // Meanwhile it may have been loaded anew.
      const isWanted = page && state.value.nextCursor === nextCursor
      state.set(({ history }) => ({ isLoadingMore: false, ...(isWanted ? withPage(history, page) : {}) }))
    },
  }
}

function changedRoot(root: Message, event: Parameters<typeof applyChange>[1], myId: string): Message | null {
  const alone: History = { live: { messages: [root], hasOlder: false }, past: null }
  return applyChange(alone, event, myId).live.messages[0] ?? null
}
