import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS } from '../../src/features/chat/schemas.ts'
import { isolateOf } from '../../src/isolate.ts'
import { currentCall } from '../../src/platform/call.ts'
import { HOUR_MS, SECOND_MS } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/ids.ts'
import { upgradeRequest } from '../../src/platform/realtime/upgrade.ts'
import { createApi } from '../support/api.ts'
import { holdQueues } from '../support/held-queues.ts'
import { makePair, send } from '../support/rooms.ts'
import { type ShiftedTime, shiftTime } from '../support/shifted-time.ts'
import { openRoom, openSocket, type TestSocket } from '../support/sockets.ts'
import { type WatchedTimers, watchTimers } from '../support/watched-timers.ts'

const api = createApi()
const queues = holdQueues()
const stubOf = (objectName: string) => env.CHAT_ROOM.getByName(objectName)
const LONGER_THAN_GRACE_MS = 16 * SECOND_MS
/** Seconds become a moment. */
const SOONER = 100

let time: ShiftedTime
beforeEach(() => {
  time = shiftTime()
  // No alarm rings by itself.
  time.set(10 * SECOND_MS)
})
const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  time.stop()
})

function watch(timesSooner?: number): WatchedTimers {
  const timers = watchTimers(timesSooner)
  stops.push(timers.stop)
  return timers
}

const noTimer = (timers: WatchedTimers) => vi.waitFor(() => expect(timers.pending()).toBe(0), { interval: 5 })

/** Lets pass what there is to wait for. Answers how often the alarm has rung. */
async function bringToRest(stub: ReturnType<typeof stubOf>): Promise<number> {
  let rung = 0
  for (; (await runDurableObjectAlarm(stub)) && rung < 10; rung += 1) time.forward(LONGER_THAN_GRACE_MS)
  await queues.deliver()
  return rung
}

const alarmOf = (stub: ReturnType<typeof stubOf>) =>
  runInDurableObject(stub, (_room, state) => state.storage.getAlarm())

async function ping(socket: TestSocket): Promise<void> {
  const before = socket.frames.length
  socket.sendRaw('ping')
  await vi.waitFor(() => expect(socket.frames.slice(before)).toEqual(['pong']), { interval: 5 })
}

/** How often this object was made, by whom it is said at debug. */
function countConstructions(objectName: string): () => number {
  const debug = vi.spyOn(isolateOf(env).log, 'debug').mockImplementation(() => undefined)
  stops.push(() => debug.mockRestore())
  return () =>
    debug.mock.calls.filter(([message, fields]) => message === 'Room Constructed' && fields?.object === objectName)
      .length
}

describe('a room that has nothing to do', () => {
  it('is made for nothing: not by pings, not by time, and by the first message once (R13.24, R13.25)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = stubOf(objectName)
    const sockets = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    await send(api, ann, room.id, 'before it sleeps')
    await bringToRest(stub)
    expect(await alarmOf(stub)).toBeNull()
    const constructions = countConstructions(objectName)
    await evictDurableObject(stub)
    for (const socket of sockets) await ping(socket)
    time.forward(HOUR_MS)
    for (const socket of sockets) await ping(socket)
    expect(constructions()).toBe(0)
    sockets[0]?.send('message:send', { content: 'after it' })
    await Promise.all(sockets.map((socket) => socket.until(({ seq }) => seq === 2)))
    expect(constructions()).toBe(1)
  })

  it('keeps no timer once it has told those who are elsewhere, and has looked at a session again', async () => {
    const timers = watch()
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = stubOf(objectName)
    const a = await openRoom(api, ann, room.id)
    await send(api, bob, room.id, 'from elsewhere')
    await bringToRest(stub)
    await noTimer(timers)
    // A new instance has to look at the session.
    await evictDurableObject(stub)
    a.send('message:send', { content: 'for somebody who is elsewhere' }, 1)
    await a.ack(1)
    await noTimer(timers)
    await runDurableObjectAlarm(stub)
    await noTimer(timers)
    await queues.deliver()
    expect((await api.as(bob).get<unknown[]>('/v1/notifications')).body.data).toHaveLength(1)
  })

  it('keeps neither timer nor alarm when those who wrote have stopped and those who left are gone', async () => {
    const timers = watch(SOONER)
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = stubOf(objectName)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.send('typing:start', {})
    await b.until(({ event }) => event === 'typing:start')
    // A timer says so, as nobody does.
    await b.until(({ event }) => event === 'typing:stop')
    b.close()
    await vi.waitFor(async () => expect(await alarmOf(stub)).not.toBeNull(), { interval: 5 })
    await bringToRest(stub)
    await a.until(({ event }) => event === 'user:offline')
    await noTimer(timers)
    expect(await alarmOf(stub)).toBeNull()
    expect(await bringToRest(stub)).toBe(0)
  })

  it('counts who is here in a crowd only while people come and go', async () => {
    const timers = watch(SOONER)
    const [userId, roomId] = [newId(), newId()]
    const stub = stubOf(roomId)
    const people = [userId, ...Array.from({ length: 100 }, () => newId())]
    await stub.open(currentCall(), {
      id: roomId,
      objectName: roomId,
      type: 'group',
      name: 'Crowd',
      createdBy: userId,
      settings: DEFAULT_SETTINGS,
      members: people.map((id) => ({ userId: id, username: `user_${id}`, avatar: null, role: 'member' })),
    })
    const caller = { userId, sessionId: newId(), username: 'somebody', avatar: null, openedAt: Date.now() }
    const { webSocket } = await stub.fetch(upgradeRequest({ caller, since: null }))
    const lines: string[] = []
    webSocket?.accept()
    webSocket?.addEventListener('message', ({ data }) => void lines.push(String(data)))
    await vi.waitFor(() => expect(lines.join('\n')).toContain('"room:presence"'))
    await bringToRest(stub)
    await noTimer(timers)
    expect(await alarmOf(stub)).toBeNull()
  })
})

describe('a person’s object that has nothing to do', () => {
  it('is made for nothing: its sockets stay open while it sleeps, and pings do not wake it', async () => {
    const { ann } = await makePair(api)
    const bell = await openSocket(api, ann, '/v1/notifications/ws')
    const user = env.USER_SOCKET.getByName(ann.id)
    const proto = await runInDurableObject(user, (_user, state) => Object.getPrototypeOf(state))
    // What each instance says of itself to the platform when it is made.
    const made = vi.spyOn(proto, 'setWebSocketAutoResponse')
    stops.push(() => made.mockRestore())
    await evictDurableObject(user)
    await ping(bell)
    expect(made).toHaveBeenCalledTimes(0)
    await user.admit(currentCall(), { sessionId: newId(), sessionExpiresAt: Date.now() + HOUR_MS })
    expect(made).toHaveBeenCalledTimes(1)
  })
})
