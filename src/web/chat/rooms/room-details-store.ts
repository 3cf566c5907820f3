import { ApiError, type Client, type RoomMember, type RoomWithMembers, type UserEvent } from '../../../client/index.ts'
import type { Live } from '../../live.ts'
import { createStore, type Store } from '../../store.ts'
import { hearOfMembers, type MembersKnown } from './member-hints.ts'

export interface RoomDetailsState extends MembersKnown {
  status: 'idle' | 'loading' | 'ready' | 'failed' | 'missing'
  /** Why it failed. */
  problem: unknown
  more: 'idle' | 'loading' | 'failed'
}

/** One room's settings and people, as they are now. */
export interface RoomDetails {
  readonly roomId: string
  readonly state: Store<RoomDetailsState>
  /** Asks the room anew; what is shown stays until the answer is there. */
  load(): Promise<void>
  loadMore(): Promise<void>
  /** What an answer has told, before the event comes. */
  note(change: Partial<Pick<RoomWithMembers, 'name' | 'topic' | 'settings' | 'own' | 'memberCount'>>): void
  noteMember(member: RoomMember): void
  noteGone(userId: string): void
  close(): void
}

interface Wiring {
  client: Pick<Client, 'rooms'>
  live: Pick<Live, 'listen'>
  roomId: string
  userId: string
  /** What the person wants to be told of the room, for the list. */
  onOwn(notify: RoomWithMembers['own']['notify']): void
}

const PAGE_SIZE = 100
/** Many may come and go at once. */
const ASK_AGAIN_MS = 400

export function createRoomDetails({ client, live, roomId, userId, onOwn }: Wiring): RoomDetails {
  const state = createStore<RoomDetailsState>({
    status: 'idle',
    problem: null,
    room: null,
    members: [],
    membersCursor: null,
    online: null,
    onlineCount: 0,
    more: 'idle',
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const isWanted = () => state.value.status !== 'idle'

  const load = async () => {
    if (!state.value.room) state.set({ status: 'loading' })
    try {
      const [room, page, presence] = await Promise.all([
        client.rooms.get(roomId),
        client.rooms.members(roomId, { limit: PAGE_SIZE }),
        client.rooms.presence(roomId).catch(() => null),
      ])
      onOwn(room.own.notify)
      state.set({
        status: 'ready',
        problem: null,
        room,
        members: page.items,
        membersCursor: page.nextCursor,
        online: presence?.userIds ? new Set(presence.userIds) : null,
        onlineCount: presence?.count ?? 0,
        more: 'idle',
      })
    } catch (problem) {
      const isMissing = problem instanceof ApiError && [400, 403, 404].includes(problem.status)
      if (isMissing) state.set({ status: 'missing', problem, room: null })
      else state.set(({ room }) => ({ status: room ? 'ready' : 'failed', problem }))
    }
  }

  const loadSoon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), ASK_AGAIN_MS)
  }

  const heard = (event: UserEvent) => {
    if (!isWanted()) return
    const { known, isStale, isOver } = hearOfMembers(state.value, event, { roomId, userId })
    state.set(known)
    if (isOver) state.set({ status: 'missing', room: null })
    else if (isStale) loadSoon()
  }

  const stop = live.listen({ onEvent: heard, onOpen: () => isWanted() && loadSoon() })

  return {
    roomId,
    state,
    load,
    loadMore: async () => {
      const { membersCursor, more } = state.value
      if (!membersCursor || more === 'loading') return
      state.set({ more: 'loading' })
      try {
        const page = await client.rooms.members(roomId, { cursor: membersCursor, limit: PAGE_SIZE })
        state.set(({ members }) => {
          const known = new Set(members.map(({ id }) => id))
          return {
            members: [...members, ...page.items.filter(({ id }) => !known.has(id))],
            membersCursor: page.nextCursor,
            more: 'idle',
          }
        })
      } catch {
        state.set({ more: 'failed' })
      }
    },
    note: (change) => state.set(({ room }) => ({ room: room && { ...room, ...change } })),
    noteMember: (member) =>
      state.set(({ members }) => ({ members: members.map((known) => (known.id === member.id ? member : known)) })),
    noteGone: (goneId) =>
      state.set(({ members, room }) => ({
        members: members.filter(({ id }) => id !== goneId),
        room: room && { ...room, memberCount: room.memberCount - Number(members.some(({ id }) => id === goneId)) },
      })),
    close: () => {
      clearTimeout(timer)
      stop()
    },
  }
}
