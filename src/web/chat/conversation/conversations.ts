import type { Client, ConnectionState, CurrentUser, Message } from '../../../client/index.ts'
import { toast } from '../../components/toast.tsx'
import type { Store } from '../../store.ts'
import type { Conversation } from './conversation.ts'
import { openConversation } from './conversation-store.ts'
import { clearDrafts } from './drafts.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { onOtherTabs, openShelf } from './shelf.ts'

/** What of a conversation waits in this browser: shown in the list of rooms. */
interface Mark {
  draft: string
  waiting: number
  failed: number
}

interface ConversationsWiring {
  client: Client
  user: CurrentUser
  marks: Store<Record<string, Mark>>
  onNewest(message: Message): void
  onRead(roomId: string, seq: number): void
  onConnection(state: ConnectionState | null): void
}

/** All rooms of one person: kept while they look elsewhere, for what was typed and what is still being sent. */
export interface Conversations {
  readonly outbox: Outbox
  of(roomId: string): Conversation
  /** @param isLeaving the person has asked to be signed out: nothing of theirs stays on this device */
  dispose(isLeaving: boolean): void
}

/** What another tab has not sent by then is sent from here: it may be gone. */
const ADOPT_AFTER_MS = 15_000

export function openConversations({
  client,
  user,
  marks,
  onNewest,
  onRead,
  onConnection,
}: ConversationsWiring): Conversations {
  const shelf = openShelf()
  const outbox = createOutbox({ userId: user.id, shelf, onForeignChange: onOtherTabs })
  const all = new Map<string, Conversation>()

  const mark = (roomId: string) => {
    const entries = outbox.state.value.entries.filter((entry) => entry.roomId === roomId)
    const failed = entries.filter(({ state }) => state === 'failed').length
    const { text = '', mode } = all.get(roomId)?.draft.state.value ?? {}
    const draft = mode?.kind === 'edit' ? '' : text
    const now: Mark = { draft, waiting: entries.length - failed, failed }
    const before = marks.value[roomId] ?? { draft: '', waiting: 0, failed: 0 }
    const isSame = before.draft === now.draft && before.waiting === now.waiting && before.failed === now.failed
    if (!isSame) marks.set({ [roomId]: now })
  }
  const of = (roomId: string): Conversation => {
    const known = all.get(roomId)
    if (known) return known
    const opened = openConversation({
      client,
      roomId,
      user,
      outbox,
      shelf,
      onForeignChange: onOtherTabs,
      isInUse: () => document.hasFocus(),
      onNewest,
      onRead: (seq) => onRead(roomId, seq),
      onConnection,
      onProblem: (text) => toast({ text, tone: 'bad' }),
    })
    all.set(roomId, opened)
    opened.draft.state.subscribe(() => mark(roomId))
    mark(roomId)
    return opened
  }
  const waitingRooms = () => new Set(outbox.state.value.entries.map(({ roomId }) => roomId))
  const resume = (olderThanMs: number) => {
    for (const roomId of waitingRooms()) of(roomId).resume(olderThanMs)
  }

  const stop = outbox.state.subscribe(() => {
    for (const roomId of new Set([...Object.keys(marks.value), ...waitingRooms()])) mark(roomId)
  })
  // What an earlier page of this tab has left goes out first.
  resume(0)
  const adopting = setInterval(() => resume(ADOPT_AFTER_MS), ADOPT_AFTER_MS)

  return {
    outbox,
    of,
    dispose: (isLeaving) => {
      clearInterval(adopting)
      stop()
      for (const conversation of all.values()) conversation.dispose()
      outbox.close()
      if (!isLeaving) return
      outbox.clear()
      clearDrafts(shelf, user.id)
    },
  }
}
