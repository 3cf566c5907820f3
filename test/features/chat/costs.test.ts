import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { beforeAll, describe, expect, it } from 'vitest'
import { listRooms } from '../../../src/features/chat/queries.ts'
import type { Room } from '../../../src/features/chat/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makeGroup } from '../../support/chat-examples.ts'
import { makeWorld, type World } from '../../support/examples.ts'
import { growWorld } from '../../support/large-world.ts'
import { makeCrowd, makePerson } from '../../support/people.ts'
import { send } from '../../support/rooms.ts'

const api = createApi()

describe('a person in a thousand rooms, some of them large', () => {
  let world: World
  beforeAll(async () => {
    world = await makeWorld(api)
    await growWorld(world)
  })

  it.for(['the first page', 'a later page'])(
    'reads %s of their list by two indexes, and sorts no small room',
    async (page) => {
      const after = page === 'the first page' ? undefined : ([Date.now(), world.groupId] as [number, string])
      const { sql, params } = listRooms(drizzle(env.DB), world.owner.id, after, 21).toSQL()
      const { results } = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...params)
        .all<{ detail: string }>()
      const plan = results.map(({ detail }) => detail)
      const [left, right] = [plan.indexOf('LEFT'), plan.indexOf('RIGHT')]
      expect(plan.slice(left + 1, right)).toEqual([
        expect.stringMatching(/^SEARCH room_members USING INDEX room_members_by_activity \(user_id=\?/),
      ])
      expect(plan[right + 1]).toBe('SEARCH g USING INDEX room_members_large (user_id=?)')
      expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual(['SCAN m'])
    },
  )

  it('goes through all of it by cursor, each room once and newest first, and the last page costs no more than the first', async () => {
    const rooms: Room[] = []
    const costs: number[] = []
    for (let cursor: unknown = ''; cursor !== null; ) {
      const answer = await api
        .as(world.owner)
        .get<Room[]>(`/v1/chat/rooms?limit=100${cursor ? `&cursor=${cursor}` : ''}`)
      expect(answer.status).toBe(200)
      rooms.push(...answer.body.data)
      costs.push(answer.costs.d1RowsRead)
      cursor = answer.body.meta.nextCursor
    }
    expect(new Set(rooms.map(({ id }) => id)).size).toBe(rooms.length)
    expect(rooms).toHaveLength(1_002)
    const times = rooms.map(({ updatedAt }) => updatedAt)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(Math.max(...costs.slice(1))).toBeLessThanOrEqual((costs[0] ?? 0) * 1.2)
  })
})

describe('a room with a hundred members', () => {
  it('tells the databases of one reader without looking at the others (R13.39)', async () => {
    const ann = await makePerson(api.isolate)
    const roomId = await makeGroup(api, ann, { memberIds: await makeCrowd(90) })
    await send(api, ann, roomId, 'hello')
    const answer = await api.as(ann).post(`/v1/chat/rooms/${roomId}/read`, {})
    expect(answer.status).toBe(200)
    expect(answer.costs.d1RowsRead).toBeLessThan(40)
  })
})

describe('messages that were deleted', () => {
  it('are none of the total, nor of the pages by number', async () => {
    const ann = await makePerson(api.isolate)
    const roomId = await makeGroup(api, ann, { memberIds: [] })
    const ids: string[] = []
    for (let i = 0; i < 7; i += 1) ids.push((await send(api, ann, roomId, `message ${i}`)).body.data.id)
    for (const i of [1, 4, 4]) await api.as(ann).delete(`/v1/chat/rooms/${roomId}/messages/${ids[i]}`)
    const page = async (number: number) => {
      const path = `/v1/chat/rooms/${roomId}/messages?limit=2&page=${number}`
      const { body } = await api.as(ann).get<{ content: string }[]>(path)
      return [body.data.map(({ content }) => content.slice(-1)).join(''), body.meta.total]
    }
    expect([await page(1), await page(2), await page(3), await page(4)]).toEqual([
      ['56', 5],
      ['23', 5],
      ['0', 5],
      ['', 5],
    ])
  })

  it('are not unread, in the list and in what reading answers', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const roomId = await makeGroup(api, ann, { memberIds: [bob.id] })
    const first = (await send(api, ann, roomId, 'one')).body.data
    const second = (await send(api, ann, roomId, 'two')).body.data
    await send(api, ann, roomId, 'three')
    await api.as(ann).delete(`/v1/chat/rooms/${roomId}/messages/${second.id}`)
    const read = await api.as(bob).post(`/v1/chat/rooms/${roomId}/read`, { seq: first.seq })
    expect(read.body.data).toMatchObject({ seq: first.seq, unreadCount: 1 })
    await expect
      .poll(async () => (await api.as(bob).get<Room[]>('/v1/chat/rooms')).body.data.map((room) => room.unreadCount), {
        timeout: 10_000,
      })
      .toEqual([1])
  })
})

describe('leaving with a key', () => {
  it('answers the repeat as it answered at first, and a stranger with any key as if there were no room (R35.1, R35.2)', async () => {
    const [ann, bob, eve] = await Promise.all([1, 2, 3].map(() => makePerson(api.isolate)))
    if (!ann || !bob || !eve) throw new Error('Nobody is there')
    const roomId = await makeGroup(api, ann, { memberIds: [bob.id] })
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const leave = (as: typeof bob, key?: typeof headers) =>
      api.as(as).post(`/v1/chat/rooms/${roomId}/leave`, undefined, key ? { headers: key } : {})
    expect((await leave(bob, headers)).status).toBe(200)
    const again = await leave(bob, headers)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    expect((await leave(bob)).status).toBe(404)
    expect((await leave(bob, { 'idempotency-key': crypto.randomUUID() })).body).toMatchObject({ code: 'NOT_FOUND' })
    expect((await leave(eve, headers)).body).toMatchObject({ code: 'NOT_FOUND', message: 'Room not found' })
  })
})

describe('an invitation for one person', () => {
  it('is not made for whoever has blocked the one who invites: it is as if they were nobody', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const roomId = await makeGroup(api, ann, { memberIds: [] })
    const invite = () => api.as(ann).post(`/v1/chat/rooms/${roomId}/invites`, { userId: bob.id })
    expect((await invite()).status).toBe(201)
    await api.as(bob).request('PUT', `/v1/people/${ann.id}/block`)
    expect(await invite()).toMatchObject({ status: 404, body: { message: 'User not found' } })
  })
})
