import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { AsyncLocalStorage } from 'node:async_hooks'
import { type MockInstance, vi } from 'vitest'
import type { ChatRoom } from '../../durable-objects/chat-room/index.ts'
import { MeteredSql } from '../../durable-objects/shared/metered-sql.ts'
import type { UserSocket } from '../../durable-objects/user-socket/index.ts'
import { currentCall } from '../../src/platform/call.ts'
import { Meter } from '../../src/platform/observability/meter.ts'
import type { HeldQueues } from './held-queues.ts'
import { actorOf, sending } from './rooms.ts'
import type { LargeRoom } from './sized-rooms.ts'

/** What a room has done, counted where it goes out of it. */
export interface RoomCosts {
  /** Rows of the room's own database. */
  read: number
  written: number
  /** Frames that it sent on its sockets, and how often it looked whether one of them is alive. */
  frames: number
  looks: number
  /** Calls that brought lines to people's own objects, and how many of them began within one second at most. */
  calls: number
  callsASecond: number
  /** Calls that showed notifications there. */
  notified: number
  /** Messages put on queues, and with how many sends. */
  messages: number
  sends: number
  /** Trips to D1, of the room and of those who take its messages, and the rows that they touch. */
  trips: number
  d1Read: number
  d1Written: number
  alarms: number
}

/** A tick ends within it, and subscribers are called once in it. */
const STEP_MS = 100
/** Ten thousand subscribers are called 200 a second. */
const MOST_STEPS = 90_000 / STEP_MS

/** A room in the hands of a test: its time goes on when it is told to. */
export interface HeldRoom {
  room: ChatRoom
  /** So many at once, by the owner. They have been answered when this resolves. */
  send(count: number, content?: string): Promise<void>
  pass(ms: number): Promise<void>
}

/** Rooms note times, so each one's goes on where its last measurement has ended. */
const times = new Map<string, number>()

/**
 * What the work costs, and all that follows from it until the room and the queues rest. The work runs inside the
 * room's object. People's own objects are a counter at the border: where ten thousand are called, none is made.
 */
export async function costOf(
  { id, owner }: Pick<LargeRoom, 'id' | 'owner'>,
  held: HeldQueues,
  work: (held: HeldRoom) => Promise<void>,
): Promise<RoomCosts> {
  const counts: RoomCosts = {
    ...{ read: 0, written: 0, frames: 0, looks: 0, calls: 0, callsASecond: 0, notified: 0 },
    ...{ messages: 0, sends: 0, trips: 0, d1Read: 0, d1Written: 0, alarms: 0 },
  }
  await settle(id, held)
  const callTimes: number[] = []
  const spies = [countTrips(counts), countSends(counts, held), countCalls(counts, callTimes)]
  try {
    await runInDurableObject(env.CHAT_ROOM.getByName(id), (room, state) =>
      acting.run(counts, async () => {
        spies.push(...countSockets(counts, state))
        const sql = await sqlOf(room, owner.id)
        const before = { ...sql.total }
        await inHeldTime(id, room, state, work, {
          owner,
          onAlarm: () => {
            counts.alarms += 1
          },
        })
        counts.read = sql.total.rowsRead - before.rowsRead
        counts.written = sql.total.rowsWritten - before.rowsWritten
      }),
    )
    await acting.run(counts, () => held.deliver())
    counts.callsASecond = busiestSecond(callTimes)
    return counts
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

/** What is done for whom: a queue may deliver another test's messages in the middle of this one. */
const acting = new AsyncLocalStorage<RoomCosts>()

/** What is on its way from before belongs to before: what the room has yet to tell, and what it has told. */
async function settle(id: string, held: HeldQueues): Promise<void> {
  const room = env.CHAT_ROOM.getByName(id)
  const hasMore = () =>
    runInDurableObject(
      room,
      (_room, { storage }) => storage.sql.exec('select 1 from outbox limit 1').toArray().length > 0,
    )
  do {
    await runDurableObjectAlarm(room)
    await held.deliver()
    // A row goes when it has been sent: what its alarm sent after the delivery is held now.
  } while ((await hasMore()) || !held.isEmpty)
}

/** Runs the work, and then lets time pass until no timer and no alarm of the room waits. */
async function inHeldTime(
  id: string,
  room: ChatRoom,
  state: DurableObjectState,
  work: (held: HeldRoom) => Promise<void>,
  { owner, onAlarm }: { owner: LargeRoom['owner']; onAlarm: () => void },
): Promise<void> {
  let ringsAt: number | undefined
  const setAlarm = vi.spyOn(state.storage, 'setAlarm').mockImplementation(async (at) => {
    onAlarm()
    ringsAt = Number(at)
  })
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: times.get(id) ?? Date.now() })
  const pass = async (ms: number) => {
    for (const endMs = Date.now() + ms; Date.now() < endMs; ) {
      await vi.advanceTimersByTimeAsync(Math.min(STEP_MS, endMs - Date.now()))
      if (ringsAt === undefined || ringsAt > Date.now()) continue
      ringsAt = undefined
      await room.alarm()
    }
  }
  const send = async (count: number, content = 'good morning') => {
    const answers = Array.from({ length: count }, () => room.act(currentCall(), actorOf(owner), sending(content)))
    await pass(STEP_MS)
    await Promise.all(answers)
  }
  try {
    await work({ room, send, pass })
    for (let step = 0; vi.getTimerCount() > 0 || ringsAt !== undefined; step += 1) {
      if (step > MOST_STEPS) throw new Error('The room does not come to rest')
      await pass(STEP_MS)
    }
  } finally {
    times.set(id, Date.now())
    vi.useRealTimers()
    setAlarm.mockRestore()
  }
}

/** The room's own database: of all metered ones, that which it asks. */
async function sqlOf(room: ChatRoom, userId: string): Promise<MeteredSql> {
  const { all } = MeteredSql.prototype
  let found: MeteredSql | undefined
  const asked = vi.spyOn(MeteredSql.prototype, 'all').mockImplementation(function (this: MeteredSql, ...query) {
    found = this
    return all.apply(this, query)
  } as MeteredSql['all'])
  try {
    await room.ask(currentCall(), userId, { kind: 'pins', limit: 1 })
  } finally {
    asked.mockRestore()
  }
  if (!found) throw new Error('The room has asked no database')
  return found
}

type Spy = Pick<MockInstance, 'mockRestore'>

function countTrips(counts: RoomCosts): Spy {
  const { d1Trip } = Meter.prototype
  return vi.spyOn(Meter.prototype, 'd1Trip').mockImplementation(function (this: Meter, queries, trip, read) {
    if (acting.getStore() !== counts) return d1Trip.call(this, queries, trip, (answer) => read(answer as never))
    counts.trips += 1
    return d1Trip.call(this, queries, trip, (answer) => {
      const spent = read(answer as never)
      counts.d1Read += spent.rowsRead
      counts.d1Written += spent.rowsWritten
      return spent
    })
  } as Meter['d1Trip'])
}

function countSends(counts: RoomCosts, held: HeldQueues): Spy {
  const put = held.put.bind(held)
  return vi.spyOn(held, 'put').mockImplementation((queue, bodies) => {
    counts.sends += 1
    counts.messages += bodies.length
    put(queue, bodies)
  })
}

function countSockets(counts: RoomCosts, state: DurableObjectState): Spy[] {
  const { send } = WebSocket.prototype
  const look = state.getWebSocketAutoResponseTimestamp.bind(state)
  const own = new Set(state.getWebSockets())
  return [
    vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, message) {
      // The runner of the tests has one, too.
      if (own.has(this)) counts.frames += 1
      send.call(this, message)
    }),
    vi.spyOn(state, 'getWebSocketAutoResponseTimestamp').mockImplementation((socket) => {
      counts.looks += 1
      return look(socket)
    }),
  ]
}

function countCalls(counts: RoomCosts, callTimes: number[]): Spy {
  const spent = { rowsRead: 0, rowsWritten: 0 }
  const person: Pick<UserSocket, 'relay' | 'notify' | 'follow'> = {
    relay: async () => {
      counts.calls += 1
      callTimes.push(Date.now())
      return { ok: true, value: { reached: 1, keep: true }, spent }
    },
    notify: async () => {
      if (acting.getStore() === counts) counts.notified += 1
      return { ok: true, value: 1, spent }
    },
    follow: async () => ({ ok: true, value: null, spent }),
  }
  return vi.spyOn(env.USER_SOCKET, 'getByName').mockReturnValue(person as ReturnType<typeof env.USER_SOCKET.getByName>)
}

/** The most that began within any second. */
function busiestSecond(times: readonly number[]): number {
  let from = 0
  return times.reduce((most, at, i) => {
    while ((times[from] ?? at) <= at - 1_000) from += 1
    return Math.max(most, i - from + 1)
  }, 0)
}
