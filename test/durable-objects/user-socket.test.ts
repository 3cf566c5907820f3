import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChatRoom } from '../../durable-objects/chat-room/index.ts'
import { UserSocket } from '../../durable-objects/user-socket/index.ts'
import { RoomLeases } from '../../durable-objects/user-socket/leases.ts'
import { SocketSessions } from '../../durable-objects/user-socket/sessions.ts'
import { currentCall } from '../../src/platform/call.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/platform/clock.ts'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { newId } from '../../src/platform/ids.ts'
import { createApi } from '../support/api.ts'
import { holdQueues } from '../support/held-queues.ts'
import { makePerson, makeSession, type TestPerson } from '../support/people.ts'
import { makePair, send } from '../support/rooms.ts'
import { openSocket, type TestSocket, upgrade } from '../support/sockets.ts'

const api = createApi()
const PATH = '/v1/notifications/ws'
const GRACE_MS = 15 * SECOND_MS
const LEASE_MS = 2 * HOUR_MS
const LOOK_EVERY_MS = 5 * MINUTE_MS
const call = currentCall()

const userOf = (person: { id: string }) => env.USER_SOCKET.getByName(person.id)
const roomOf = (objectName: string) => env.CHAT_ROOM.getByName(objectName)
const bellOf = (person: TestPerson) => openSocket(api, person, PATH)

/** Until the alarm has done what was due now. */
async function settle(person: { id: string }): Promise<void> {
  await vi.waitFor(
    async () => {
      const { alarm, attendance, leases } = await stateOf(person)
      const dues = [attendance?.list_at ?? 0, ...leases.map(({ due_at }) => due_at)]
      expect([alarm !== null, dues.filter((at) => at <= Date.now())]).toEqual([true, []])
    },
    { timeout: 20_000, interval: 5 },
  )
}

async function openBell(person: TestPerson): Promise<TestSocket> {
  const bell = await bellOf(person)
  await settle(person)
  return bell
}

/** As if so much time had passed for the person's object: all that it has noted is older. */
async function pass(person: { id: string }, ms: number): Promise<void> {
  await runInDurableObject(userOf(person), (_user, { storage }) => {
    storage.sql.exec('update watches set until = until - ?', ms)
    storage.sql.exec('update attendance set gone_at = gone_at - ?1, list_at = list_at - ?1', ms)
    storage.sql.exec(
      'update leases set leased_until = iif(leased_until > 0, leased_until - ?1, 0), due_at = due_at - ?1',
      ms,
    )
  })
}

async function ring(person: { id: string }): Promise<void> {
  await runDurableObjectAlarm(userOf(person))
}

const subscribersOf = (objectName: string) =>
  runInDurableObject(roomOf(objectName), (_room, state) =>
    state.storage.sql
      .exec<{ user_id: string }>('select user_id from subscribers')
      .toArray()
      .map(({ user_id }) => user_id),
  )

const stateOf = (person: { id: string }) =>
  runInDurableObject(userOf(person), async (_user, { storage }) => ({
    alarm: await storage.getAlarm(),
    attendance: storage.sql.exec<{ gone_at: number | null; list_at: number }>('select * from attendance').toArray()[0],
    leases: storage.sql
      .exec<{ room_id: string; leased_until: number; due_at: number; failures: number }>('select * from leases')
      .toArray(),
  }))

/** Closes it, and waits until the object has seen that. */
async function close(person: { id: string }, bell: TestSocket): Promise<void> {
  bell.close()
  await vi.waitFor(async () => expect((await stateOf(person)).attendance?.gone_at).not.toBeNull(), { timeout: 8_000 })
}

/** As a deploy or a crash does: sockets are gone, and nobody is told. */
async function crash(person: { id: string }, bell: TestSocket): Promise<void> {
  await runInDurableObject(userOf(person), (_user, state) => state.abort('crashed')).catch(() => undefined)
  await bell.untilClosed()
}

const relay = (person: { id: string }, roomId: string, lines = ['{"event":"x","data":1}']) =>
  userOf(person).relay(call, { roomId, lines })

/** This many rooms of a person that only the database knows, the last of them the most recently active. */
async function projectRooms(userId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId())
  await env.DB.batch([
    env.DB.prepare(
      `insert into rooms (id, object_name, type, name, created_by, created_at, last_seq)
       select value, value, 'group', 'Room', ?1, 0, 0 from json_each(?2)`,
    ).bind(userId, JSON.stringify(ids)),
    env.DB.prepare(
      `insert into room_members (room_id, user_id, role, joined_at, active_at)
       select value, ?1, 'member', 0, key from json_each(?2)`,
    ).bind(userId, JSON.stringify(ids)),
  ])
  return ids
}

const ok = <T>(value: T) => ({ ok: true as const, value, spent: { rowsRead: 0, rowsWritten: 0 } })

let subscribe = vi.spyOn(ChatRoom.prototype, 'subscribe')
let unsubscribe = vi.spyOn(ChatRoom.prototype, 'unsubscribe')
const subscriptionsOf = (person: { id: string }) =>
  subscribe.mock.calls.filter(([, { userId }]) => userId === person.id).length
const departuresOf = (person: { id: string }) =>
  unsubscribe.mock.calls.filter(([, userId]) => userId === person.id).length

beforeEach(() => {
  subscribe = vi.spyOn(ChatRoom.prototype, 'subscribe')
  unsubscribe = vi.spyOn(ChatRoom.prototype, 'unsubscribe')
})
afterEach(() => void vi.restoreAllMocks())

describe('a person’s socket', () => {
  it('brings what happens in all of their rooms, without being asked to (R13.7, R14.26)', async () => {
    const { ann, bob, room } = await makePair(api)
    const third = await makePerson(api.isolate)
    const { body } = await api.as(third).post<{ id: string }>('/v1/chat/rooms/private', { userId: bob.id })
    const [bell, tab] = [await openBell(bob), await openBell(bob)]
    await send(api, ann, room.id, 'hello')
    await send(api, third, body.data.id, 'hello too')
    for (const socket of [bell, tab]) {
      const line = await socket.until(({ event, data }) => event === 'message:new' && data.roomId === room.id)
      expect(line).toMatchObject({ seq: 1, data: { content: 'hello' } })
      await socket.until(({ event, data }) => event === 'message:new' && data.roomId === body.data.id)
    }
  })

  it('says how far each room is once it relays: what came before is no secret, and nothing is between', async () => {
    const { ann, bob, room } = await makePair(api)
    await send(api, ann, room.id, 'before')
    const bell = await openBell(bob)
    const hint = await bell.until(({ event }) => event === 'room:activity')
    expect(hint).toEqual({ event: 'room:activity', data: { roomId: room.id, seq: 1 } })
  })

  it('opens before any room was called, also where they do not answer', async () => {
    const { bob } = await makePair(api)
    let isSilent = true
    subscribe.mockImplementation(async () => {
      while (isSilent) await scheduler.wait(1)
      return ok({ seq: 0 })
    })
    const bell = await bellOf(bob)
    await bell.until(({ event }) => event === 'user:ready')
    await vi.waitFor(() => expect(subscriptionsOf(bob)).toBe(1))
    isSilent = false
    await settle(bob)
  })

  it('costs one query, and at most 200 calls to the most recently active rooms, ten at a time', async () => {
    const ann = await makePerson(api.isolate)
    const ids = await projectRooms(ann.id, 230)
    const trips = vi.spyOn(MeteredD1.prototype, 'trip')
    let [underWay, most] = [0, 0]
    subscribe.mockImplementation(async () => {
      underWay += 1
      most = Math.max(most, underWay)
      await scheduler.wait(1)
      underWay -= 1
      return ok({ seq: 0 })
    })
    await openBell(ann)
    const { leases } = await stateOf(ann)
    expect(leases.map(({ room_id }) => room_id).toSorted()).toEqual(ids.slice(30).toSorted())
    expect([subscriptionsOf(ann), most]).toEqual([200, 10])
    const answers = trips.mock.calls.flatMap(([sql], i) => {
      return sql.join().includes('as roomId') ? [trips.mock.results[i]?.value as Promise<D1Result>] : []
    })
    expect(answers).toHaveLength(1)
    expect((await answers[0])?.meta.rows_read).toBeLessThanOrEqual(2 * 200)
  })

  it('is one of twenty at most: the next is refused with 429, unless one has been silent for a minute', async () => {
    const ann = await makePerson(api.isolate)
    const bells = await Promise.all(Array.from({ length: 20 }, () => bellOf(ann)))
    const headers = { authorization: `Bearer ${ann.accessToken}` }
    const refused = await upgrade(api, PATH, headers)
    expect(refused).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await runInDurableObject(userOf(ann), (_user, state) => {
      for (const socket of state.getWebSockets().slice(0, 3)) {
        const attachment = socket.deserializeAttachment()
        socket.serializeAttachment({ ...attachment, openedAt: attachment.openedAt - MINUTE_MS })
      }
    })
    // A new instance reads it.
    await evictDurableObject(userOf(ann))
    const { status, response } = await upgrade(api, PATH, headers)
    expect(status).toBe(101)
    response.webSocket?.accept()
    await vi.waitFor(() => expect(bells.filter(({ closed }) => closed?.code === 4408)).toHaveLength(1))
  })
})

describe('the lease of a room', () => {
  it('is not asked for again while it is good, however often sockets come and go (R13.8)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const bell = await openBell(bob)
    expect(await subscribersOf(objectName)).toEqual([bob.id])
    const listed = vi.spyOn(RoomLeases.prototype, 'addListed')
    await crash(bob, bell)
    const again = await openBell(bob)
    await close(bob, again)
    const third = await openBell(bob)
    expect([subscriptionsOf(bob), departuresOf(bob), listed.mock.calls.length]).toEqual([1, 0, 0])
    await send(api, ann, room.id, 'hello')
    await third.until(({ event }) => event === 'message:new')
  })

  it('is renewed before the room may forget it, for as long as a socket is open', async () => {
    const { bob, objectName } = await makePair(api)
    await openBell(bob)
    for (let n = 2; n <= 4; n += 1) {
      const [{ leases }] = [await stateOf(bob)]
      const { due_at: dueAt, leased_until: leasedUntil } = leases[0] ?? { due_at: 0, leased_until: 0 }
      // A room that slept knows of no renewal within the last half hour.
      expect(leasedUntil - dueAt).toBeGreaterThan(30 * MINUTE_MS)
      await pass(bob, dueAt - Date.now() - LOOK_EVERY_MS - SECOND_MS)
      await ring(bob)
      expect(subscriptionsOf(bob)).toBe(n - 1)
      await pass(bob, LOOK_EVERY_MS + SECOND_MS)
      // A sleep in between changes nothing.
      await evictDurableObject(userOf(bob))
      await ring(bob)
      expect(subscriptionsOf(bob)).toBe(n)
    }
    expect(await subscribersOf(objectName)).toEqual([bob.id])
  })

  it('is renewed by a relay that reached somebody, without a call', async () => {
    const { bob, room } = await makePair(api)
    await openBell(bob)
    for (let n = 0; n < 4; n += 1) {
      await pass(bob, 45 * MINUTE_MS)
      expect(await relay(bob, room.id)).toMatchObject({ value: { reached: 1, keep: true } })
      await ring(bob)
      const { leased_until: until } = (await stateOf(bob)).leases[0] ?? { leased_until: 0 }
      expect(until - Date.now()).toBeGreaterThan(LEASE_MS - SECOND_MS)
    }
    expect(subscriptionsOf(bob)).toBe(1)
  })

  it('is asked for again by the alarm where the room failed, and keeps no other room waiting', async () => {
    const ann = await makePerson(api.isolate)
    const [bad, good] = await projectRooms(ann.id, 2)
    const isBroken = new Set([bad])
    subscribe.mockImplementation(async function (this: ChatRoom) {
      const name = await (this as unknown as { ctx: DurableObjectState }).ctx.id.name
      if (isBroken.has(name ?? '')) throw new Error('The room is broken')
      return ok({ seq: 3 })
    })
    const bell = await bellOf(ann)
    await bell.until(({ data }) => data.roomId === good)
    await settle(ann)
    // One, or more where the machine is slow enough for the alarm to have come again by itself.
    const failures = subscriptionsOf(ann) - 1
    expect((await stateOf(ann)).leases.find(({ room_id }) => room_id === bad)).toMatchObject({ failures })
    isBroken.clear()
    await pass(ann, 10 * SECOND_MS)
    await ring(ann)
    await bell.until(({ data }) => data.roomId === bad)
    await settle(ann)
    expect((await stateOf(ann)).leases.map((lease) => lease.failures)).toEqual([0, 0])
    expect(subscriptionsOf(ann)).toBe(failures + 2)
  })

  it('is not given by a room of which the person is no member, which is then forgotten (R13.24)', async () => {
    const ann = await makePerson(api.isolate)
    await projectRooms(ann.id, 1)
    await openBell(ann)
    expect((await stateOf(ann)).leases).toEqual([])
  })

  it('is asked for when the list of rooms could not be read at first', async () => {
    const { bob, objectName } = await makePair(api)
    const list = vi.spyOn(RoomLeases.prototype, 'addListed').mockImplementation(() => {
      throw new Error('The database is down')
    })
    // That the pair is new is told by a queue, which may come to it meanwhile.
    const follow = vi.spyOn(UserSocket.prototype, 'follow').mockImplementation(async () => ok(null))
    await openBell(bob)
    expect(await subscribersOf(objectName)).toEqual([])
    list.mockRestore()
    await pass(bob, 10 * SECOND_MS)
    await ring(bob)
    await settle(bob)
    expect(await subscribersOf(objectName)).toEqual([bob.id])
    follow.mockRestore()
  })
})

describe('a person', () => {
  it('is gone 15 seconds after their last socket has closed, not earlier, and a sleep changes nothing (R13.8, R13.10)', async () => {
    const { bob, objectName } = await makePair(api)
    const [bell, tab] = [await openBell(bob), await openBell(bob)]
    bell.close()
    await vi.waitFor(async () =>
      expect(await runInDurableObject(userOf(bob), (_user, state) => state.getWebSockets().length)).toBeLessThanOrEqual(
        1,
      ),
    )
    await pass(bob, GRACE_MS)
    await ring(bob)
    expect(await subscribersOf(objectName)).toEqual([bob.id])
    await close(bob, tab)
    await pass(bob, GRACE_MS - 5 * SECOND_MS)
    await evictDurableObject(userOf(bob))
    await ring(bob)
    expect(await subscribersOf(objectName)).toEqual([bob.id])
    await pass(bob, 5 * SECOND_MS)
    await ring(bob)
    expect(await subscribersOf(objectName)).toEqual([])
    expect(await stateOf(bob)).toMatchObject({ attendance: undefined, leases: [] })
  })

  it('who is back within the grace has never been gone, and is told where the rooms are that spoke meanwhile (R13.8)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    await close(bob, await openBell(bob))
    await send(api, ann, room.id, 'unheard')
    await vi.waitFor(async () => expect((await stateOf(bob)).leases[0]?.leased_until).toBe(0))
    await pass(bob, GRACE_MS - 5 * SECOND_MS)
    const bell = await openBell(bob)
    await pass(bob, 5 * SECOND_MS)
    await ring(bob)
    expect([await subscribersOf(objectName), departuresOf(bob)]).toEqual([[bob.id], 0])
    const hint = await bell.until(({ event }) => event === 'room:activity')
    expect(hint.data).toEqual({ roomId: room.id, seq: 1 })
  })

  it('whose sockets were dropped without a word is gone 15 seconds after that is seen (R13.10)', async () => {
    const { bob, objectName } = await makePair(api)
    await crash(bob, await openBell(bob))
    const [{ alarm }] = [await stateOf(bob)]
    expect(alarm).toBeLessThanOrEqual(Date.now() + LOOK_EVERY_MS)
    await pass(bob, LOOK_EVERY_MS)
    await ring(bob)
    expect([await subscribersOf(objectName), subscriptionsOf(bob)]).toEqual([[bob.id], 1])
    await pass(bob, GRACE_MS)
    await ring(bob)
    expect(await subscribersOf(objectName)).toEqual([])
  })

  it('whose sockets were dropped is seen to be away by the first relay, and the next after the grace is the last', async () => {
    const { bob, room } = await makePair(api)
    await crash(bob, await openBell(bob))
    expect(await relay(bob, room.id)).toMatchObject({ value: { reached: 0, keep: true } })
    await pass(bob, GRACE_MS)
    expect(await relay(bob, room.id)).toMatchObject({ value: { reached: 0, keep: false } })
    expect((await stateOf(bob)).leases).toEqual([])
  })

  it('who comes back while rooms still hear of the departure is there again', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    await close(bob, await openBell(bob))
    await pass(bob, GRACE_MS)
    unsubscribe.mockRejectedValueOnce(new Error('The room is broken'))
    await ring(bob)
    expect((await stateOf(bob)).leases).toMatchObject([{ failures: 1 }])
    const bell = await openBell(bob)
    expect(await subscribersOf(objectName)).toEqual([bob.id])
    await send(api, ann, room.id, 'welcome back')
    await bell.until(({ event }) => event === 'message:new')
  })

  it('whose departure a room could not hear is forgotten there by itself, and here after as long', async () => {
    const { bob } = await makePair(api)
    await close(bob, await openBell(bob))
    await pass(bob, GRACE_MS)
    unsubscribe.mockRejectedValue(new Error('The room is broken'))
    for (let n = 1; n <= 5; n += 1) {
      await ring(bob)
      expect((await stateOf(bob)).leases).toMatchObject([{ failures: n }])
      await pass(bob, MINUTE_MS - 1)
    }
    await pass(bob, LEASE_MS)
    await ring(bob)
    await pass(bob, 31 * MINUTE_MS)
    await ring(bob)
    expect((await stateOf(bob)).leases).toEqual([])
  })
})

describe('joining and leaving', () => {
  it('is told of a room that begins with the person in it, which relays from then on (R13.7)', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const bell = await openBell(bob)
    const { body } = await api.as(ann).post<{ id: string }>('/v1/chat/rooms/private', { userId: bob.id })
    expect((await bell.until(({ event }) => event === 'room:joined')).data).toEqual({ roomId: body.data.id })
    await bell.until(({ event }) => event === 'room:activity')
    await send(api, ann, body.data.id, 'a first word')
    expect((await bell.until(({ event }) => event === 'message:new')).data.content).toBe('a first word')
  })
})

describe('joining and leaving, as a queue tells of it', () => {
  // What these tests tell themselves is told by no real one meanwhile.
  holdQueues()

  it('is told on the socket, once for each event, and the new room relays from then on (R13.7)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    await env.DB.prepare('delete from room_members where user_id = ?').bind(bob.id).run()
    const bell = await openBell(bob)
    expect(await subscribersOf(objectName)).toEqual([])
    const eventId = newId()
    for (let n = 0; n < 3; n += 1) await userOf(bob).follow(call, { roomId: room.id, objectName }, eventId)
    await settle(bob)
    await send(api, ann, room.id, 'welcome')
    await bell.until(({ event }) => event === 'message:new')
    expect(bell.lines.filter(({ event }) => event === 'room:joined')).toEqual([
      { event: 'room:joined', data: { roomId: room.id } },
    ])
    expect(subscriptionsOf(bob)).toBe(1)
  })

  it('while the person is away is known when they come, though the database may not know of it yet (R13.7)', async () => {
    const { bob, room, objectName } = await makePair(api)
    await env.DB.prepare('delete from room_members where user_id = ?').bind(bob.id).run()
    await userOf(bob).follow(call, { roomId: room.id, objectName })
    expect(subscriptionsOf(bob)).toBe(0)
    await openBell(bob)
    expect(await subscribersOf(objectName)).toEqual([bob.id])
  })

  it('stops the room’s lines at once, whatever it still sends (R13.24)', async () => {
    const { bob, room } = await makePair(api)
    const bell = await openBell(bob)
    const removed = { roomId: room.id, reason: 'kicked' }
    const eventId = newId()
    for (let n = 0; n < 2; n += 1) await userOf(bob).unfollow(call, removed, eventId)
    expect(await relay(bob, room.id)).toMatchObject({ value: { reached: 0, keep: false } })
    await bell.until(({ event }) => event === 'room:removed')
    const told = bell.lines.filter(({ event }) => event === 'room:removed' || event === 'x')
    expect(told).toEqual([{ event: 'room:removed', data: removed }])
  })

  it('keeps to 200 rooms: a new one takes the place of one that was not heard of for longest', async () => {
    const ann = await makePerson(api.isolate)
    const ids = await projectRooms(ann.id, 200)
    subscribe.mockImplementation(async () => ok({ seq: 0 }))
    await openBell(ann)
    // The others have relayed since.
    await runInDurableObject(userOf(ann), (_user, { storage }) => {
      storage.sql.exec('update leases set leased_until = leased_until + ? where room_id <> ?', MINUTE_MS, ids[0])
    })
    const joined = newId()
    await userOf(ann).follow(call, { roomId: joined, objectName: joined })
    const { leases } = await stateOf(ann)
    expect(leases.map(({ room_id }) => room_id).toSorted()).toEqual([...ids.slice(1), joined].toSorted())
  })
})

describe('a relay', () => {
  it('is one frame on each open socket, whatever number of lines it has', async () => {
    const { bob, room } = await makePair(api)
    const bells = [await openBell(bob), await openBell(bob)]
    await Promise.all(bells.map((bell) => bell.until(({ event }) => event === 'user:ready')))
    const before = bells.map(({ frames }) => frames.length)
    const lines = ['{"event":"x","data":1}', '{"event":"x","data":2}', '{"event":"x","data":3}']
    expect(await relay(bob, room.id, lines)).toMatchObject({ value: { reached: 2, keep: true } })
    for (const bell of bells) await bell.until(({ data }) => data === 3)
    expect(bells.map(({ frames }, i) => frames.slice(before[i]).filter((frame) => frame.includes('"x"')))).toEqual([
      [lines.join('\n')],
      [lines.join('\n')],
    ])
  })

  it('reaches no socket of a session that has ended, nor one that was opening meanwhile (R13.24)', async () => {
    const { bob, room } = await makePair(api)
    const phone = { ...bob, ...(await makeSession(api.isolate, bob.id)) }
    const [bell, other] = [await openBell(bob), await openBell(phone)]
    await userOf(bob).endSessions(call, { sessionIds: [bob.sessionId], before: Date.now() })
    expect(await relay(bob, room.id)).toMatchObject({ value: { reached: 1 } })
    await other.until(({ event }) => event === 'x')
    expect((await bell.untilClosed()).code).toBe(4401)
    expect(bell.lines.some(({ event }) => event === 'x')).toBe(false)
    // The isolate has looked at the session just before it ended.
    const headers = { authorization: `Bearer ${bob.accessToken}` }
    vi.spyOn(SocketSessions.prototype, 'admit').mockImplementation(() => undefined)
    expect((await upgrade(api, PATH, headers)).status).toBe(401)
  })
})

describe('the end of sessions', () => {
  it('is told to every room in which they had a socket, ten at a time, also where one of them fails', async () => {
    const ann = await makePerson(api.isolate)
    const names = Array.from({ length: 35 }, (_, n) => `room ${n} of ${ann.id}`)
    for (const objectName of names) {
      await userOf(ann).admit(call, { sessionId: ann.sessionId, sessionExpiresAt: Date.now() + MINUTE_MS, objectName })
    }
    let [underWay, most, told] = [0, 0, 0]
    vi.spyOn(ChatRoom.prototype, 'endSessions').mockImplementation(async () => {
      underWay += 1
      told += 1
      // Twelve: no turn is lost with the one who failed in it.
      const isBroken = told <= 12
      most = Math.max(most, underWay)
      await scheduler.wait(1)
      underWay -= 1
      if (isBroken) throw new Error('The room is broken')
      return ok(0)
    })
    const ended = { sessionIds: [ann.sessionId], before: Date.now() }
    const end = async () => await userOf(ann).endSessions(call, ended, newId())
    await expect(end()).rejects.toThrow('The room is broken')
    expect([told, most]).toEqual([35, 10])
  })

  it('by expiry shares the alarm with the leases: whichever is first rings, and both come to their end', async () => {
    const { bob, objectName } = await makePair(api)
    const bell = await openBell(bob)
    const [{ leases }] = [await stateOf(bob)]
    const alarm = () => runInDurableObject(userOf(bob), (_user, state) => state.storage.getAlarm())
    expect(await alarm()).toBeLessThan(leases[0]?.due_at ?? 0)
    const soon = Date.now() + MINUTE_MS
    await env.DB.prepare('update sessions set expires_at = 1 where id = ?').bind(bob.sessionId).run()
    await userOf(bob).admit(call, { sessionId: bob.sessionId, sessionExpiresAt: soon })
    expect(await alarm()).toBe(soon)
    await evictDurableObject(userOf(bob))
    await pass(bob, MINUTE_MS)
    await ring(bob)
    expect((await bell.untilClosed()).code).toBe(4401)
    await pass(bob, GRACE_MS)
    await ring(bob)
    expect(await subscribersOf(objectName)).toEqual([])
  })
})
