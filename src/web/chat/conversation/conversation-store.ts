import {
  ApiError,
  type Client,
  type ConnectionState,
  type CurrentUser,
  type Message,
  type RoomEvent,
} from '../../../client/index.ts'
import { createStore } from '../../store.ts'
import type { Conversation, ConversationState } from './conversation.ts'
import { type DraftStore, type DraftWiring, openDraft } from './drafts.ts'
import { applyChange, arrive, EMPTY_HISTORY, withNewest } from './history.ts'
import { historyLoader } from './history-loader.ts'
import type { Outbox } from './outbox.ts'
import { createReadMarker } from './read-marker.ts'
import { changeRoom } from './room-changes.ts'
import { watchPeople } from './room-people.ts'
import { createSender } from './sender.ts'
import type { Shelf } from './shelf.ts'
import { createTypingSignal } from './typing-signal.ts'
import { createWishes } from './wishes.ts'

interface ConversationWiring {
  client: Client
  roomId: string
  user: CurrentUser
  outbox: Outbox
  shelf: Shelf
  onForeignChange: DraftWiring['onForeignChange']
  isInUse: DraftWiring['isInUse']
  onNewest(message: Message): void
  /** The person has read up to here. */
  onRead(seq: number): void
  /** Null when the conversation is left. */
  onConnection(state: ConnectionState | null): void
  /** Something was refused, in words. */
  onProblem(text: string): void
}

/** Who looks at another tab for less than this was never away. */
const HIDDEN_MS = 10_000
/** So many messages stay when the reader is at the end and there are many more, or when they leave. */
const MOST_KEPT = 300
const CUT_ABOVE = 400

export function openConversation(wiring: ConversationWiring): Conversation {
  const { client, roomId, user, outbox, shelf, onForeignChange, isInUse, onNewest, onProblem } = wiring
  const state = createStore<ConversationState>({
    status: 'loading',
    room: null,
    history: EMPTY_HISTORY,
    changes: [],
    older: 'idle',
    newer: 'idle',
    seenUpTo: null,
    target: null,
  })
  const people = watchPeople()
  const listeners = new Set<(event: RoomEvent) => void>()
  const threadDrafts = new Map<string, DraftStore>()
  let isShown = false
  let isWatched = true
  /** The newest message is in view. */
  let isAtEnd = true
  /** The page is hidden for longer than that. */
  let isAway = false
  let hiding: ReturnType<typeof setTimeout> | undefined
  let isLoading = false
  /** What was said while the history was on its way. */
  let held: RoomEvent[] | null = null
  /** The end of the room's log as far as it was told here. */
  let lastSeq = 0

  const loader = historyLoader({ client, roomId, state, onProblem })
  const tellReading = () => sender.reading(isShown && isWatched && isAtEnd)
  const draftOf = (place: string) => openDraft({ shelf, userId: user.id, place, onForeignChange, isInUse })
  const draft = draftOf(roomId)
  const sender = createSender({
    client,
    roomId,
    outbox,
    since: () => (state.value.status === 'ready' ? lastSeq : undefined),
    onEvent: (event) => (held ? held.push(event) : hear(event)),
    isOpened: () => isShown && isWatched,
    onState: (now, reason) => {
      if (now === 'open') tellReading()
      if (isShown) wiring.onConnection(now)
      if (now !== 'open') people.forget()
      if (now === 'closed' && (reason === 'not-found' || reason === 'removed' || reason === 'left')) {
        state.set(({ status }) => ({ status: status === 'ready' ? 'removed' : 'missing' }))
      }
    },
    onSent: (message) => hear({ event: 'message:new', seq: message.seq, data: message }),
    onIdle: () => (!isShown || isAway) && sender.disconnect(),
  })
  const marker = createReadMarker((seq) => sender.markRead(seq), wiring.onRead)
  const typing = createTypingSignal((isTyping) => sender.typing(isTyping))

  const load = async () => {
    if (isLoading) return
    isLoading = true
    held = []
    state.set(({ status }) => ({ status: status === 'ready' ? 'ready' : 'loading' }))
    try {
      const [room, stretch] = await Promise.all([client.rooms.get(roomId), loader.loadNewest()])
      const newest = stretch.messages.at(-1)
      lastSeq = Math.max(lastSeq, newest?.seq ?? 0)
      people.know(room)
      marker.know(room.own.readSeq)
      const hasNews = stretch.messages.some(({ seq, sender: { id } }) => seq > room.own.readSeq && id !== user.id)
      state.set({
        status: 'ready',
        room,
        history: { live: stretch, past: null },
        seenUpTo: hasNews ? room.own.readSeq : null,
      })
      confirm(stretch.messages)
      for (const event of held ?? []) hear(event)
      if (isShown) sender.connect()
    } catch (error) {
      const isGone = error instanceof ApiError && [400, 403, 404].includes(error.status)
      state.set({ status: isGone ? 'missing' : 'failed' })
    }
    held = null
    isLoading = false
  }

  const hear = (event: RoomEvent) => {
    if ('seq' in event) lastSeq = Math.max(lastSeq, event.seq)
    people.hear(event)
    switch (event.event) {
      case 'history:reset': {
        const { messages, nextCursor } = event.data
        lastSeq = Math.max(lastSeq, messages.at(-1)?.seq ?? 0)
        // Whoever reads further up goes on there.
        state.set(({ history: { past } }) => ({
          history: { live: { messages, hasOlder: nextCursor !== null }, past },
        }))
        confirm(messages)
        void learnRoom()
        break
      }
      case 'message:new':
        state.set(({ history }) => ({ history: arrive(history, event.data) }))
        confirm([event.data])
        if (event.data.sender.id === user.id) marker.know(event.data.seq)
        if (state.value.history.live.messages.at(-1)?.id === event.data.id) onNewest(event.data)
        break
      case 'message:edited':
      case 'message:deleted':
      case 'message:reaction':
      case 'message:pinned':
        state.set(({ history }) => ({ history: applyChange(history, event, user.id) }))
        break
      case 'room:read': {
        const mine = event.data.reads.find(({ userId }) => userId === user.id)
        if (mine) marker.know(mine.seq)
        break
      }
      default:
        state.set(({ room }) => ({ room: room && changeRoom(room, event, user.id) }))
    }
    tell(event)
  }

  /** After a gap in its log: the room itself, with what is said of it while it is on its way. */
  const learnRoom = async () => {
    const missed: RoomEvent[] = []
    const listener = (event: RoomEvent) => void missed.push(event)
    listeners.add(listener)
    // Where that fails the room stays as it was known.
    const fresh = await client.rooms.get(roomId).catch(() => null)
    listeners.delete(listener)
    if (!fresh) return
    people.know(fresh)
    marker.know(fresh.own.readSeq)
    state.set({ room: missed.reduce((room, event) => changeRoom(room, event, user.id), fresh) })
  }
  /** What the room has is sent, whatever became of the answer that was to say so. */
  const confirm = (messages: Message[]) => {
    for (const { clientMessageId } of messages) if (clientMessageId) outbox.remove(clientMessageId)
  }
  const tell = (event: RoomEvent) => {
    for (const listener of listeners) listener(event)
  }
  const onDeleted = (messageId: string) => hear({ event: 'message:deleted', seq: lastSeq, data: { roomId, messageId } })
  const newestSeq = () => state.value.history.live.messages.at(-1)?.seq ?? 0

  return {
    roomId,
    state,
    people: people.state,
    draft,
    typing,
    authorName: (userId) => {
      const { live, past } = state.value.history
      const isTheirs = ({ sender: { id } }: Message) => id === userId
      return (past?.messages.find(isTheirs) ?? live.messages.find(isTheirs))?.sender.username
    },
    threadDraft: (rootId) => {
      const known = threadDrafts.get(rootId)
      if (known) return known
      const opened = draftOf(`${roomId}:${rootId}`)
      threadDrafts.set(rootId, opened)
      return opened
    },
    enter: () => {
      isShown = true
      if (state.value.status === 'ready') {
        const isRead = marker.seq >= newestSeq()
        state.set({ seenUpTo: isRead ? null : marker.seq })
        sender.connect()
        tellReading()
      } else void load()
    },
    leave: () => {
      isShown = false
      tellReading()
      state.set(({ history }) => ({ history: withNewest(history, MOST_KEPT) }))
      clearTimeout(hiding)
      typing.stop()
      if (sender.isIdle) sender.disconnect()
      wiring.onConnection(null)
    },
    watch: (now) => {
      if (isWatched === now) return
      isWatched = now
      tellReading()
      if (!now && marker.seq >= newestSeq()) state.set({ seenUpTo: newestSeq() })
    },
    hide: (isHidden) => {
      clearTimeout(hiding)
      isAway = false
      if (isHidden) {
        hiding = setTimeout(() => {
          isAway = true
          if (sender.isIdle) sender.disconnect()
        }, HIDDEN_MS)
      } else if (isShown && state.value.status === 'ready') sender.connect()
    },
    away: () => {
      isAtEnd = false
      tellReading()
    },
    seen: () => {
      isAtEnd = true
      tellReading()
      const { live, past } = state.value.history
      if (!past && live.messages.length > CUT_ABOVE) {
        state.set(({ history }) => ({ history: withNewest(history, MOST_KEPT) }))
      }
      if (isShown && isWatched && state.value.status === 'ready') marker.seen(newestSeq())
    },
    send: (content, replyTo = null) => {
      typing.stop()
      state.set({ seenUpTo: null })
      sender.send(content, replyTo)
    },
    retry: sender.retry,
    discard: outbox.remove,
    resume: sender.resume,
    wish: createWishes({ client, roomId, state, tell, onDeleted, onProblem }),
    loadOlder: loader.loadOlder,
    loadNewer: loader.loadNewer,
    jumpTo: loader.jumpTo,
    toNewest: loader.toNewest,
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reload: () => {
      state.set({ status: 'loading' })
      void load()
    },
    dispose: () => {
      isShown = false
      clearTimeout(hiding)
      listeners.clear()
      for (const { close } of [draft, ...threadDrafts.values()]) close()
      marker.close()
      typing.stop()
      sender.dispose()
    },
  }
}
