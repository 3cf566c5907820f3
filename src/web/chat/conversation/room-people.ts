import type { RoomEvent, RoomWithMembers } from '../../../client/index.ts'
import { createStore, type Store } from '../../store.ts'
import { type Reads, withReads } from './read-state.ts'

/** Who is about in a room: of the moment, and apart from its messages so that neither draws the other anew. */
export interface PeopleState {
  typing: { id: string; username: string }[]
  /** Null in rooms whose members are only counted. */
  online: ReadonlySet<string> | null
  onlineCount: number
  reads: Reads
}

export interface RoomPeople {
  readonly state: Store<PeopleState>
  know(room: RoomWithMembers): void
  hear(event: RoomEvent): void
  /** Without a connection nobody is known to be here. */
  forget(): void
}

/** A little longer than the server's, which says when somebody has stopped unless it is lost. */
const TYPING_MS = 6_000

export function watchPeople(): RoomPeople {
  const state = createStore<PeopleState>({ typing: [], online: null, onlineCount: 0, reads: new Map() })
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  const stopTyping = (userId: string) => {
    clearTimeout(timers.get(userId))
    if (timers.delete(userId)) state.set(({ typing }) => ({ typing: typing.filter(({ id }) => id !== userId) }))
  }
  const startTyping = (userId: string, username: string) => {
    clearTimeout(timers.get(userId))
    const isKnown = timers.has(userId)
    timers.set(
      userId,
      setTimeout(() => stopTyping(userId), TYPING_MS),
    )
    if (!isKnown) state.set(({ typing }) => ({ typing: [...typing, { id: userId, username }] }))
  }
  const setOnline = (userId: string, isOnline: boolean) => {
    const { online } = state.value
    if (!online || online.has(userId) === isOnline) return
    const now = new Set(online)
    if (isOnline) now.add(userId)
    else now.delete(userId)
    state.set({ online: now, onlineCount: now.size })
  }

  return {
    state,
    know: (room) =>
      state.set(({ reads }) => ({
        reads: withReads(
          reads,
          room.members.map(({ id, readSeq }) => ({ userId: id, seq: readSeq })),
        ),
      })),
    forget: () => {
      for (const userId of timers.keys()) stopTyping(userId)
      state.set({ online: null, onlineCount: 0 })
    },
    hear: (event) => {
      switch (event.event) {
        case 'room:ready':
          return state.set({
            online: event.data.online && new Set(event.data.online),
            onlineCount: event.data.onlineCount,
          })
        case 'typing:start':
          return startTyping(event.data.userId, event.data.username)
        case 'typing:stop':
          return stopTyping(event.data.userId)
        case 'user:online':
          return setOnline(event.data.userId, true)
        case 'user:offline':
          return setOnline(event.data.userId, false)
        case 'room:presence':
          return state.set({ online: null, onlineCount: event.data.count })
        case 'room:read':
          return state.set(({ reads }) => ({ reads: withReads(reads, event.data.reads) }))
        case 'message:new':
          stopTyping(event.data.sender.id)
          return state.set(({ reads }) => ({
            reads: withReads(reads, [{ userId: event.data.sender.id, seq: event.data.seq }]),
          }))
        case 'room:user-left':
          stopTyping(event.data.userId)
          return setOnline(event.data.userId, false)
      }
    },
  }
}
