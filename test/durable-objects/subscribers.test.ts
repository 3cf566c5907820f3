import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Subscribers } from '../../durable-objects/chat-room/subscribers.ts'
import type { Relayed } from '../../durable-objects/shared/lease.ts'
import { MeteredSql } from '../../durable-objects/shared/metered-sql.ts'
import { currentCall } from '../../src/platform/call.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/ids.ts'
import { createApi } from '../support/api.ts'
import { makePair, send } from '../support/rooms.ts'
import { openSocket } from '../support/sockets.ts'

const LEASE_MS = 2 * HOUR_MS
const START = Date.parse('2026-03-01T12:00:00Z')
const nothing = () => undefined
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, isEnabled: () => false }

interface World {
  subscribers: Subscribers
  /** As after a sleep, over the same table. */
  wake(): Subscribers
  nowMs: number
  calls: { userId: string; lines: string[] }[]
  /** Called for each call, in order; what it answers the person's object answers. */
  answer: (userId: string) => Relayed | Promise<Relayed>
  ended: string[]
  rows(): { user_id: string; username: string; until: number }[]
}

/** Subscribers of a room that does not exist, over the table of an object that does. */
function inWorld(count: number, work: (world: World) => Promise<void>): Promise<void> {
  return runInDurableObject(env.CHAT_ROOM.getByName(newId()), async (_room, { storage }) => {
    const sql = new MeteredSql(storage.sql)
    const make = (): Subscribers =>
      new Subscribers(sql, {
        roomId: () => 'the room',
        callUser: async (userId, lines) => {
          world.calls.push({ userId, lines })
          return world.answer(userId)
        },
        clock: () => world.nowMs,
        log,
        onEnded: (userIds) => world.ended.push(...userIds),
      })
    const world: World = {
      subscribers: make(),
      wake: make,
      nowMs: START,
      calls: [],
      answer: () => ({ reached: 1, keep: true }),
      ended: [],
      rows: () => sql.all('select * from subscribers order by user_id'),
    }
    for (let n = 0; n < count; n += 1) subscribe(world, `user ${n}`)
    await work(world)
  })
}

function subscribe({ subscribers, nowMs }: World, userId: string): void {
  subscribers.subscribe({ userId, username: `Name of ${userId}`, until: nowMs + LEASE_MS })
}

/** Until what was told has gone out and was answered. */
const quiet = () => scheduler.wait(40)

/** Timers and the clock go on together. */
async function pass(world: World, ms: number): Promise<void> {
  for (const endMs = world.nowMs + ms; world.nowMs < endMs; world.nowMs += 10) await scheduler.wait(10)
}

describe('a room’s subscribers', () => {
  it('are there until their lease ends, in memory as in the table', () =>
    inWorld(2, async (world) => {
      const { subscribers } = world
      expect(subscribers.userIds()).toEqual(['user 0', 'user 1'])
      world.nowMs += LEASE_MS - 1
      subscribe(world, 'user 1')
      expect(world.wake().list()).toEqual([
        { userId: 'user 0', username: 'Name of user 0' },
        { userId: 'user 1', username: 'Name of user 1' },
      ])
      expect(subscribers.nextEnd()).toBe(START + LEASE_MS)
      world.nowMs += 1
      expect(subscribers.userIds()).toEqual(['user 1'])
      expect([world.ended, world.rows().map(({ user_id }) => user_id)]).toEqual([['user 0'], ['user 1']])
      expect(world.wake().userIds()).toEqual(['user 1'])
      subscribers.unsubscribe('user 1')
      expect([subscribers.userIds(), world.rows(), subscribers.nextEnd()]).toEqual([[], [], undefined])
    }))

  it('cannot ask for more than two hours', () =>
    inWorld(0, async ({ subscribers, rows }) => {
      subscribers.subscribe({ userId: 'user', username: 'User', until: START + 24 * HOUR_MS })
      expect(rows()).toEqual([{ user_id: 'user', username: 'User', until: START + LEASE_MS }])
    }))

  it('are called once each for what is told in one turn, with all of it', () =>
    inWorld(200, async (world) => {
      for (let n = 1; n <= 30; n += 1) world.subscribers.tell([`line ${n}`], n)
      expect(world.calls).toEqual([])
      await quiet()
      expect(world.calls).toHaveLength(200)
      const all = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`)
      for (const { lines } of world.calls) expect(lines).toEqual(all)
    }))

  it('are told how far the room is where there are many of them', () =>
    inWorld(201, async (world) => {
      world.subscribers.tell(['a line'], 7)
      await pass(world, 1_300)
      expect(world.calls).toHaveLength(201)
      expect(new Set(world.calls.map(({ userId }) => userId)).size).toBe(201)
      const line = JSON.stringify({ event: 'room:activity', data: { roomId: 'the room', seq: 7 } })
      for (const { lines } of world.calls) expect(lines).toEqual([line])
    }))

  it('renew their lease by being reached, which is written down twice an hour at most', () =>
    inWorld(1, async (world) => {
      const { subscribers } = world
      for (const afterMs of [10, 29, 31, 45, 100].map((minutes) => minutes * MINUTE_MS)) {
        world.nowMs = START + afterMs
        subscribers.tell(['a line'], 1)
        await quiet()
      }
      expect(world.rows()).toMatchObject([{ until: START + 100 * MINUTE_MS + LEASE_MS }])
      world.nowMs = START + 120 * MINUTE_MS
      subscribers.tell(['a line'], 1)
      await quiet()
      expect(world.rows()).toMatchObject([{ until: START + 100 * MINUTE_MS + LEASE_MS }])
      world.nowMs = START + 120 * MINUTE_MS + LEASE_MS - 1
      expect([subscribers.userIds(), world.wake().userIds()]).toEqual([['user 0'], []])
    }))

  it('who ask again within half an hour are not written down again', () =>
    inWorld(1, async (world) => {
      world.nowMs += 29 * MINUTE_MS
      subscribe(world, 'user 0')
      expect(world.rows()).toMatchObject([{ until: START + LEASE_MS }])
      world.nowMs += 2 * MINUTE_MS
      subscribe(world, 'user 0')
      expect(world.rows()).toMatchObject([{ until: world.nowMs + LEASE_MS }])
    }))

  it('keep their lease until it ends where the call fails or reaches nobody, and lose it where there is nobody', () =>
    inWorld(3, async (world) => {
      world.answer = (userId) => {
        if (userId === 'user 0') throw new Error('The object is broken')
        return { reached: 0, keep: userId === 'user 1' }
      }
      world.subscribers.tell(['a line'], 1)
      await quiet()
      expect([world.subscribers.userIds(), world.ended]).toEqual([['user 0', 'user 1'], ['user 2']])
      world.nowMs = START + LEASE_MS
      expect(world.subscribers.userIds()).toEqual([])
    }))

  it('who come back while their object still says that they are gone keep the new lease', () =>
    inWorld(1, async (world) => {
      let isUnderWay = true
      world.answer = async () => {
        while (isUnderWay) await scheduler.wait(1)
        return { reached: 0, keep: false }
      }
      world.subscribers.tell(['a line'], 1)
      await quiet()
      expect(world.calls).toHaveLength(1)
      subscribe(world, 'user 0')
      isUnderWay = false
      await quiet()
      expect(world.subscribers.userIds()).toEqual(['user 0'])
      await pass(world, 50)
      world.subscribers.tell(['a line'], 2)
      await quiet()
      expect([world.calls.length, world.subscribers.userIds()]).toEqual([2, []])
    }))

  it('who are dropped get nothing more: not what waited, nor what is told later (R13.24)', () =>
    inWorld(2, async (world) => {
      let isUnderWay = true
      world.answer = async () => {
        while (isUnderWay) await scheduler.wait(1)
        return { reached: 1, keep: true }
      }
      world.subscribers.tell(['line 1'], 1)
      await quiet()
      expect(world.calls).toHaveLength(2)
      world.subscribers.tell(['line 2'], 2)
      world.subscribers.drop('user 0')
      world.subscribers.tell(['line 3'], 3)
      isUnderWay = false
      await pass(world, 100)
      expect(world.calls.filter(({ userId }) => userId === 'user 0')).toEqual([{ userId: 'user 0', lines: ['line 1'] }])
      expect(world.calls.filter(({ userId }) => userId === 'user 1').flatMap(({ lines }) => lines)).toEqual([
        'line 1',
        'line 2',
        'line 3',
      ])
      // The answer to a call that was under way brings nobody back.
      expect([world.subscribers.userIds(), world.wake().userIds()]).toEqual([['user 1'], ['user 1']])
    }))
})

describe('the timer of a room’s subscribers', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('is set only while something waits to be relayed: an idle room may sleep', () =>
    inWorld(2, async (world) => {
      let isDown = true
      world.answer = () => {
        if (isDown) throw new Error('The object is broken')
        return { reached: 1, keep: true }
      }
      expect(vi.getTimerCount()).toBe(0)
      world.subscribers.tell(['a line'], 1)
      await scheduler.wait(5)
      expect([world.calls.length, vi.getTimerCount()]).toEqual([2, 1])
      isDown = false
      world.nowMs += 1_000
      vi.advanceTimersByTime(1_000)
      await scheduler.wait(5)
      expect([world.calls.length, vi.getTimerCount()]).toEqual([4, 0])
      world.subscribers.tell(['a line'], 2)
      await scheduler.wait(5)
      world.subscribers.tell(['a line'], 3)
      expect(vi.getTimerCount()).toBe(1)
      world.subscribers.drop('user 0')
      world.subscribers.drop('user 1')
      expect(vi.getTimerCount()).toBe(0)
    }))
})

describe('a room', () => {
  it('relays on after a sleep to those who had a lease before it', async () => {
    const api = createApi()
    const { ann, bob, room, objectName } = await makePair(api)
    const bell = await openSocket(api, bob, '/v1/notifications/ws')
    await bell.until(({ event }) => event === 'room:activity')
    await evictDurableObject(env.CHAT_ROOM.getByName(objectName))
    await evictDurableObject(env.USER_SOCKET.getByName(bob.id))
    await send(api, ann, room.id, 'good morning')
    const { seq, data } = await bell.until(({ event }) => event === 'message:new')
    expect([seq, data.content]).toEqual([1, 'good morning'])
  })

  it('tells the reader’s own devices what was read on another one, once, and nobody else’s', async () => {
    const api = createApi()
    const { ann, bob, room } = await makePair(api)
    const { seq } = (await send(api, ann, room.id, 'unread')).body.data
    const [own, others] = await Promise.all([ann, bob].map((person) => openSocket(api, person, '/v1/notifications/ws')))
    await Promise.all([own, others].map((bell) => bell?.until(({ event }) => event === 'room:activity')))
    const isRead = ({ event }: { event: string }) => event === 'room:read'
    const markRead = () => api.as(bob).post(`/v1/chat/rooms/${room.id}/read`, {})
    expect([(await markRead()).status, (await markRead()).status]).toEqual([200, 200])
    await others?.until(isRead)
    await send(api, ann, room.id, 'after it')
    await Promise.all([own, others].map((bell) => bell?.until(({ event }) => event === 'message:new')))
    const reads = { roomId: room.id, reads: [{ userId: bob.id, seq }] }
    expect(others?.lines.filter(isRead).map(({ data }) => data)).toEqual([reads])
    expect(own?.lines.filter(isRead)).toEqual([])
  })

  it('gives no lease to those who are no members (R13.24)', async () => {
    const { room, objectName } = await makePair(createApi())
    const stranger = { userId: newId(), username: 'stranger', avatar: null, until: Date.now() + LEASE_MS }
    const stub = env.CHAT_ROOM.getByName(objectName)
    expect(room.id).toBeDefined()
    expect(await stub.subscribe(currentCall(), stranger)).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  })
})
