import type { ApiError, ConnectionState, Message, RoomEvent, RoomWithMembers } from '../../../src/client/index.ts'
import { openConversation } from '../../../src/web/chat/conversation/conversation-store.ts'
import { createOutbox } from '../../../src/web/chat/conversation/outbox.ts'
import { memoryShelf } from '../../../src/web/chat/conversation/shelf.ts'
import { ME, message, ROOM } from './messages.ts'

type Client = Parameters<typeof openConversation>[0]['client']
type Place = { before?: number; after?: number; limit?: number }

export const roomOf = (change: Partial<RoomWithMembers> = {}): RoomWithMembers => ({
  ...({
    id: ROOM,
    type: 'group',
    name: 'Room',
    lastSeq: 0,
    members: [],
    memberCount: 1,
    peer: null,
  } as object as RoomWithMembers),
  own: { role: 'member', mutedUntil: null, readSeq: 0 } as RoomWithMembers['own'],
  ...change,
})

/** A conversation over a server of `size` messages, whose answers and events the test decides about. */
export function fakeRoom(size: number) {
  const all = Array.from({ length: size }, (_, at) => message(at + 1))
  /** Answers wait while this is set. */
  let gate: Promise<void> = Promise.resolve()
  let room = roomOf({ lastSeq: size })
  let onEvent: (event: RoomEvent) => void = () => {}
  const sends: { resolve: (sent: Message) => void; reject: (error: ApiError) => void }[] = []
  let isConnected = false

  const list = async (_: string, { before, after, limit = 40 }: Place) => {
    const held = gate
    const found =
      after === undefined
        ? all.filter(({ seq }) => before === undefined || seq < before).slice(-limit)
        : all.filter(({ seq }) => seq > after).slice(0, limit)
    await held
    const more = after === undefined ? found[0]?.seq !== 1 : found.at(-1)?.seq !== all.at(-1)?.seq
    return { items: found, nextCursor: more ? 'more' : null }
  }
  const openRoom = (_: string, wiring: { onEvent: typeof onEvent; onState: (state: ConnectionState) => void }) => {
    onEvent = wiring.onEvent
    isConnected = true
    return {
      close: () => {
        isConnected = false
      },
      typing: () => {},
      reading: () => {},
      command: async () => {},
      send: () => new Promise<Message>((resolve, reject) => sends.push({ resolve, reject })),
    }
  }
  const client = {
    rooms: { get: async () => gate.then(() => room), markRead: async () => {} },
    messages: { list },
    openRoom,
  } as object as Client
  const shelf = memoryShelf()
  const outbox = createOutbox({ userId: ME, shelf, onForeignChange: () => () => {} })
  const ignore = () => {}
  const conversation = openConversation({
    client,
    roomId: ROOM,
    user: { id: ME } as Parameters<typeof openConversation>[0]['user'],
    outbox,
    shelf,
    onForeignChange: () => () => {},
    isInUse: () => true,
    onNewest: ignore,
    onRead: ignore,
    onConnection: ignore,
    onProblem: ignore,
  })
  return {
    conversation,
    outbox,
    sends,
    tell: (event: RoomEvent) => {
      if (event.event === 'message:new') all.push(event.data)
      onEvent(event)
    },
    isConnected: () => isConnected,
    change: (change: Partial<RoomWithMembers>) => {
      room = { ...room, ...change }
    },
    /** Answers asked for from now on come when the returned function is called. */
    hold: () => {
      let release = () => {}
      gate = new Promise((resolve) => {
        release = resolve
      })
      return () => {
        gate = Promise.resolve()
        release()
      }
    },
    reset: (messages: Message[]) =>
      onEvent({ event: 'history:reset', data: { messages, nextCursor: 'more' } } as RoomEvent),
  }
}
