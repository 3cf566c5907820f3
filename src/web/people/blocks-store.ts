import type { BlockedPerson, Client, Person, Room } from '../../client/index.ts'
import { createStore, type Store } from '../store.ts'

export interface BlocksState {
  status: 'loading' | 'ready' | 'failed'
  /** Newest first. */
  people: BlockedPerson[]
  /** The same by id, to look up whom a message is from. */
  ids: ReadonlySet<string>
}

/** Whom the person has blocked: all of them, so that each message can be asked about. */
export interface Blocks {
  readonly state: Store<BlocksState>
  load(): Promise<void>
  /** Shown at once, and taken back when it did not work: then it rejects. */
  block(person: Person): Promise<void>
  unblock(userId: string): Promise<void>
}

/** Stands where the words would be. */
export const HIDDEN_WORDS = 'Message of somebody you blocked'

/**
 * Whether the words of a message are not shown, wherever they would be. In a conversation of two there is nobody else to
 * hide among: there they are shown.
 */
export function isHidden({ ids }: Pick<BlocksState, 'ids'>, room: Pick<Room, 'type'>, senderId: string): boolean {
  return room.type === 'group' && ids.has(senderId)
}

const PAGE_SIZE = 100
/** Who has blocked more than this sees the messages of the oldest ones. */
const MOST_PAGES = 10

export interface BlocksWiring {
  client: Pick<Client, 'people'>
  /** Tells the other tabs. */
  tell(): void
}

export function createBlocks({ client, tell }: BlocksWiring): Blocks {
  const state = createStore<BlocksState>({ status: 'loading', people: [], ids: new Set() })
  /** A list that was asked for before a change does not undo it. */
  let changes = 0

  const show = (people: BlockedPerson[]) =>
    state.set({ status: 'ready', people, ids: new Set(people.map(({ id }) => id)) })

  const load = async () => {
    const before = changes
    try {
      const people: BlockedPerson[] = []
      let cursor: string | null = null
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { items, nextCursor } = await client.people.blocked({ cursor, limit: PAGE_SIZE })
        people.push(...items)
        cursor = nextCursor
        if (!cursor) break
      }
      if (before === changes) show(people)
    } catch {
      state.set(({ status }) => ({ status: status === 'ready' ? 'ready' : 'failed' }))
    }
  }

  const change = async (shown: BlockedPerson[], call: () => Promise<void>) => {
    const { people } = state.value
    changes += 1
    show(shown)
    try {
      await call()
      tell()
    } catch (error) {
      changes += 1
      show(people)
      throw error
    }
  }

  void load()
  return {
    state,
    load,
    block: (person) => {
      const others = state.value.people.filter(({ id }) => id !== person.id)
      const blocked = { ...person, blockedAt: new Date().toISOString() }
      return change([blocked, ...others], () => client.people.block(person.id))
    },
    unblock: (userId) =>
      change(
        state.value.people.filter(({ id }) => id !== userId),
        () => client.people.unblock(userId),
      ),
  }
}
