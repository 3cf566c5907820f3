import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { UserSocket } from '../../durable-objects/user-socket/index.ts'
import { currentCall } from '../../src/platform/call.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Costs } from '../../src/platform/observability/meter.ts'
import { upgradeRequest } from '../../src/platform/realtime/upgrade.ts'
import { createApi } from '../support/api.ts'
import { holdQueues } from '../support/held-queues.ts'
import { makePerson } from '../support/people.ts'
import { costOf, type HeldRoom, type RoomCosts } from '../support/room-costs.ts'
import { actorOf, sending } from '../support/rooms.ts'
import { type LargeRoom, makeLargeRoom, type RoomSize } from '../support/sized-rooms.ts'
import { openSocket } from '../support/sockets.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Read by `npm run cost -- --chat`. */
    chatCosts?: { room: RoomSize; what: string; costs: RoomCosts }[]
  }
}

const held = holdQueues()
const api = createApi()

const SIZES: RoomSize[] = [
  { members: 2, sockets: 2, subscribers: 2 },
  { members: 50, sockets: 2, subscribers: 10 },
  { members: 50, sockets: 1_000, subscribers: 10 },
  { members: 100, sockets: 2, subscribers: 10 },
  { members: 100, sockets: 1_000, subscribers: 10 },
  { members: 1_000, sockets: 2, subscribers: 10 },
  { members: 1_000, sockets: 1_000, subscribers: 10 },
  { members: 1_000, sockets: 1_000, subscribers: 200 },
  { members: 1_000, sockets: 1_000, subscribers: 201 },
  { members: 10_000, sockets: 2, subscribers: 10 },
  { members: 10_000, sockets: 1_000, subscribers: 10 },
  { members: 10_000, sockets: 1_000, subscribers: 200 },
  { members: 10_000, sockets: 1_000, subscribers: 201 },
  { members: 10_000, sockets: 1_000, subscribers: 10_000 },
]

interface Act {
  what: string
  messages: number
  /** In so many ticks, and at most so many summaries. */
  ticks: number
  summaries: number
  run: (room: HeldRoom) => Promise<void>
}

const ACTS: Act[] = [
  { what: 'one message', messages: 1, ticks: 1, summaries: 1, run: ({ send }) => send(1) },
  { what: '100 in one tick', messages: 100, ticks: 1, summaries: 1, run: ({ send }) => send(100) },
  {
    what: 'one a second, 10 s',
    messages: 10,
    ticks: 10,
    summaries: 6,
    run: async ({ send, pass }) => {
      for (let n = 0; n < 10; n += 1) {
        await send(1)
        await pass(900)
      }
    },
  },
]

/** The most that may be counted. Nothing of it depends on time, and in a crowd nothing on how many there are. */
function boundsOf({ members, sockets, subscribers }: RoomSize, { messages, ticks, summaries }: Act) {
  const isCrowd = members > 100
  // By name: whose watermark moves with each summary, and who is told of what they miss.
  const present = isCrowd ? 0 : Math.min(members, sockets)
  const absent = members > 50 ? 0 : members - present
  const named = isCrowd ? 0 : Math.min(members, sockets + subscribers)
  return {
    read: 8 * messages + 10 * ticks + summaries * (60 + named + 26 * present + 18 * absent),
    written: 3 * messages + summaries * (8 + 3 * present + 4 * absent),
    frames: sockets * (ticks + (isCrowd ? 0 : summaries)),
    looks: 3 * summaries * present,
    calls: subscribers <= 200 ? subscribers * ticks : subscribers * (ticks + 1),
    callsASecond: 200,
    notified: summaries * absent,
    messages: summaries * (1 + Math.ceil(absent / 20)),
    sends: summaries,
    trips: summaries * (absent > 0 ? 4 : 1),
    // What a JSON parameter unfolds into counts as read.
    d1Read: summaries * (17 + (isCrowd ? 0 : 3 * members) + 4 * present + 7 * absent),
    d1Written: summaries * (3 + (isCrowd ? 0 : 2 * members) + 5 * absent),
    alarms: summaries,
  } satisfies RoomCosts
}

describe('what a message causes is bounded', () => {
  it.for(SIZES)(
    'in a room of $members with $sockets sockets and $subscribers subscribers',
    { timeout: 60_000 },
    async (size, { task }) => {
      const room = await makeLargeRoom(api, size)
      task.meta.chatCosts = []
      for (const act of ACTS) {
        const costs = await costOf(room, held, act.run)
        task.meta.chatCosts.push({ room: size, what: act.what, costs })
        const bounds = boundsOf(size, act)
        const over = Object.entries(costs).filter(([figure, count]) => count > bounds[figure as keyof RoomCosts])
        expect(Object.fromEntries(over), `${act.what}: ${JSON.stringify({ costs, bounds })}`).toEqual({})
        // Nobody is left out either: a frame each a tick, and to each subscriber a call.
        if (size.members > 100) expect(costs.frames).toBe(size.sockets * act.ticks)
        if (size.subscribers <= 200) expect(costs.calls).toBe(size.subscribers * act.ticks)
        else expect(costs.calls).toBeGreaterThanOrEqual(size.subscribers)
      }
    },
  )
})

describe('people who go', () => {
  it('all at once, as after a deploy, are told of in one frame', async () => {
    const room = await makeLargeRoom(api, { members: 100, sockets: 10, subscribers: 0 })
    await runInDurableObject(env.CHAT_ROOM.getByName(room.id), (_room, { storage }) => {
      storage.sql.exec('insert or ignore into present select user_id, null from members')
    })
    const alone = await costOf(room, held, ({ send }) => send(1))
    expect([alone.frames, alone.alarms]).toEqual([30, 2])
  })
})

describe('in a crowd', () => {
  it('only those whom a message mentions are notified, unless they are there', async () => {
    const room = await makeLargeRoom(api, { members: 10_000, sockets: 30, subscribers: 10 })
    const mention = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => `@member_${from + i}`).join(' ')
    const mentioning = (names: string) => costOf(room, held, ({ send }) => send(1, `${names} good morning`))
    expect(await mentioning(mention(5_000, 5_000))).toMatchObject({ notified: 1, trips: 4 })
    expect(await mentioning(mention(29, 31))).toMatchObject({ notified: 2, looks: 1 })
    const many = await mentioning(mention(6_000, 6_100))
    expect(many).toMatchObject({ notified: 20, trips: 4 })
    expect(Math.max(many.read, many.written, many.d1Read, many.d1Written)).toBeLessThan(1_000)
  })

  it('it costs as much to come and to read as among 200 people', async () => {
    const few = await makeLargeRoom(api, { members: 200, sockets: 2, subscribers: 10 })
    const many = await makeLargeRoom(api, { members: 10_000, sockets: 2, subscribers: 10 })
    for (const room of [few, many]) await costOf(room, held, ({ send }) => send(60))
    const [inFew, inMany] = [await costsToRead(few), await costsToRead(many)]
    expect(inMany).toEqual(inFew)
    for (const costs of Object.values(inFew)) expect(costs.d1RowsRead + costs.objectRowsRead).toBeLessThan(250)
  })

  it('it costs as much to join, and to be told of, as among 200 people', async () => {
    const costsToJoin = async (members: number) => {
      const room = await makeLargeRoom(api, { members, sockets: 2, subscribers: 10 })
      const person = await makePerson(api.isolate)
      return costOf(room, held, async ({ room: object, pass }) => {
        const joined = object.act(currentCall(), actorOf(person), { event: 'room:join', data: {} })
        await pass(100)
        expect(await joined).toMatchObject({ ok: true })
      })
    }
    const costs = await costsToJoin(9_999)
    expect(costs).toEqual(await costsToJoin(200))
    expect(costs).toMatchObject({ frames: 2, calls: 10 })
  })

  it('a socket opens at the same cost, with a greeting that names nobody', async () => {
    const [few, many] = [
      await openInRoomOf({ members: 200, sockets: 2, subscribers: 10 }),
      await openInRoomOf({ members: 10_000, sockets: 1_000, subscribers: 9_000 }),
    ]
    expect([many.costs.read, many.costs.written]).toEqual([few.costs.read, few.costs.written])
    expect([few.ready.online, many.ready.online]).toEqual([null, null])
    expect(many.ready.onlineCount).toBe(10_000)
    expect(JSON.stringify(many.ready).length).toBeLessThan(200)
    // All ten ask who is there, which is counted once, and once more when that is told.
    expect(many.costs.looks).toBeLessThan(3_000)
  })

  it('up to 100 people are greeted by name', async () => {
    const { ready } = await openInRoomOf({ members: 100, sockets: 1_000, subscribers: 100 })
    expect([ready.online.length, ready.onlineCount]).toEqual([100, 100])
  })

  it('people with a socket of their own get one call for all that is said in a tick', async () => {
    const room = await makeLargeRoom(api, { members: 1_000, sockets: 2, subscribers: 0 })
    const people = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const bells = []
    for (const person of people) {
      await api.as(person).post(`/v1/chat/rooms/${room.id}/join`, {})
      const bell = await openSocket(api, person, '/v1/notifications/ws')
      await bell.until(({ event }) => event === 'room:activity')
      bells.push(bell)
    }
    const relay = vi.spyOn(UserSocket.prototype, 'relay')
    await runInDurableObject(env.CHAT_ROOM.getByName(room.id), (object) =>
      Promise.all(Array.from({ length: 30 }, () => object.act(currentCall(), actorOf(room.owner), sending('hello')))),
    )
    for (const bell of bells) await vi.waitFor(() => expect(bell.messages()).toHaveLength(30))
    expect(relay).toHaveBeenCalledTimes(2)
    relay.mockRestore()
  })
})

/** What the owner's reading costs, each time in an isolate that knows nothing yet. */
async function costsToRead({ id, owner }: LargeRoom): Promise<Record<string, Costs>> {
  const room = `/v1/chat/rooms/${id}`
  const calls = [
    ['GET', '/v1/chat/rooms'],
    ...['', '/messages', '/members', '/presence'].map((path) => ['GET', `${room}${path}`] as const),
    ['POST', `${room}/read`],
  ] as const
  const costs: Record<string, Costs> = {}
  for (const [method, path] of calls) {
    const answer = await createApi()
      .as(owner)
      .request(method, path, method === 'GET' ? {} : { body: {} })
    expect(answer.status).toBe(200)
    costs[`${method} ${path.replace(id, ':id')}`] = answer.costs
  }
  return costs
}

/** Ten members open a socket each; what that costs, and how the last of them is greeted. */
async function openInRoomOf(size: RoomSize) {
  const room = await makeLargeRoom(api, size)
  const frames: string[] = []
  const costs = await costOf(room, held, async ({ room: object }) => {
    for (const userId of room.memberIds.slice(-10)) {
      const caller = { userId, sessionId: newId(), username: 'member', avatar: null, openedAt: Date.now() }
      const { webSocket } = await object.fetch(upgradeRequest({ caller, since: null }))
      webSocket?.addEventListener('message', ({ data }) => frames.push(String(data)))
      webSocket?.accept()
    }
  })
  const greetings = await vi.waitFor(() => {
    const lines = frames.flatMap((frame) => frame.split('\n').map((line) => JSON.parse(line)))
    const found = lines.filter(({ event }) => event === 'room:ready')
    if (found.length < 10) throw new Error(`${found.length} of 10 were greeted`)
    return found
  })
  return { costs, ready: greetings.at(-1).data }
}
