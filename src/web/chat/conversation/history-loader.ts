import type { Client, Message } from '../../../client/index.ts'
import type { Store } from '../../store.ts'
import type { ConversationState } from './conversation.ts'
import { addNewer, addOlder, type Stretch, shownStretch } from './history.ts'
import { loadProblemText } from './problem-text.ts'

export type LoadState = 'idle' | 'loading' | 'failed'

export interface HistoryLoader {
  loadNewest(): Promise<Stretch>
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** The last of several decides, also where an earlier one is answered later. */
  jumpTo(seq: number): Promise<void>
  toNewest(): void
}

interface Wiring {
  client: Client
  roomId: string
  state: Store<ConversationState>
  onProblem(text: string): void
}

const PAGE_SIZE = 40
/** Before and after the message that is jumped to. */
const AROUND = 25

/** Brings the pages of a room's history as the reader comes near them. */
export function historyLoader({ client, roomId, state, onProblem }: Wiring): HistoryLoader {
  const load = (place: { before: number } | { after: number } | object, limit = PAGE_SIZE) =>
    client.messages.list(roomId, { ...place, limit })
  /** An answer to what is no longer shown is thrown away. */
  const isStill = (messages: Message[]) => shownStretch(state.value.history).messages[0]?.id === messages[0]?.id

  /** Raised by each move of the reader: an answer to an earlier one is late. */
  let turn = 0

  return {
    loadNewest: async () => {
      const { items, nextCursor } = await load({})
      return { messages: items, hasOlder: nextCursor !== null }
    },
    loadOlder: async () => {
      const { messages, hasOlder } = shownStretch(state.value.history)
      const [first] = messages
      if (!hasOlder || !first || state.value.older === 'loading') return
      state.set({ older: 'loading' })
      try {
        const page = await load({ before: first.seq })
        state.set(({ history }) => ({
          history: isStill(messages) ? addOlder(history, page.items, page.nextCursor !== null) : history,
          older: 'idle',
        }))
      } catch {
        state.set({ older: 'failed' })
      }
    },
    loadNewer: async () => {
      const { past } = state.value.history
      const last = past?.messages.at(-1)
      if (!past || !last || state.value.newer === 'loading') return
      state.set({ newer: 'loading' })
      try {
        const page = await load({ after: last.seq })
        state.set(({ history }) => ({
          history: isStill(past.messages) ? addNewer(history, page.items, page.nextCursor !== null) : history,
          newer: 'idle',
        }))
      } catch {
        state.set({ newer: 'failed' })
      }
    },
    toNewest: () => {
      turn += 1
      state.set(({ history }) => ({ history: { ...history, past: null }, newer: 'idle', older: 'idle' }))
    },
    jumpTo: async (seq) => {
      turn += 1
      const mine = turn
      const { history } = state.value
      if (holds(shownStretch(history), seq)) return state.set({ target: { seq } })
      if (holds(history.live, seq)) return state.set({ history: { ...history, past: null }, target: { seq } })
      try {
        const [before, after] = await Promise.all([load({ before: seq + 1 }, AROUND), load({ after: seq }, AROUND)])
        if (mine !== turn) return
        const past = { messages: before.items, hasOlder: before.nextCursor !== null }
        state.set((now) => ({
          history: addNewer({ ...now.history, past }, after.items, after.nextCursor !== null),
          older: 'idle',
          newer: 'idle',
          target: { seq },
        }))
      } catch (error) {
        if (mine === turn) onProblem(loadProblemText(error))
      }
    },
  }
}

function holds({ messages, hasOlder }: Stretch, seq: number): boolean {
  const first = messages[0]?.seq ?? Number.POSITIVE_INFINITY
  const last = messages.at(-1)?.seq ?? 0
  return (seq >= first || !hasOlder) && seq <= last
}
