import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import type { RoomSummarisedPayload } from '../../../src/features/chat/events.ts'
import { projectMembers, projectRoom } from '../../../src/features/chat/project-room.ts'
import { projectSummaries } from '../../../src/features/chat/project-summaries.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { listOf, makeGroup, makeRoom, say, settle, strangers } from '../../support/membership.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { send } from '../../support/rooms.ts'
import { type ShiftedTime, shiftTime } from '../../support/shifted-time.ts'

const api = createApi()
const queues = holdQueues()
const stubOf = (roomId: string) => env.CHAT_ROOM.getByName(roomId)

let time: ShiftedTime
beforeAll(() => {
  time = shiftTime()
})
afterAll(() => time.stop())

describe('a room that grows over fifty and over a hundred members, and shrinks', () => {
  it('keeps its place in everybody’s list, and what is unread there (R13.33)', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
    const [bob] = members
    const other = await makeRoom(api, owner, { memberIds: [bob.id] })
    const listed = async (person: TestPerson) => {
      return (await listOf(api, person)).map(({ id, unreadCount, memberCount }) => [
        id === room.id ? 'room' : 'other',
        unreadCount,
        ...(id === room.id ? [memberCount] : []),
      ])
    }
    const write = async (roomId: string) => {
      await send(api, owner, roomId, 'hello')
      await settle(queues, stubOf(roomId), time)
    }
    const extras = strangers(120)
    const grow = async (from: number, to: number) => {
      await say(stub, owner, 'member:add', { people: extras.slice(from, to) })
      await settle(queues, stub, time)
    }

    await write(room.id)
    expect(await listed(bob)).toEqual([
      ['room', 1, 3],
      ['other', 0],
    ])
    await write(other.id)
    expect(await listed(bob)).toEqual([
      ['other', 1],
      ['room', 1, 3],
    ])
    await grow(0, 48)
    expect(await listed(bob)).toEqual([
      ['other', 1],
      ['room', 1, 51],
    ])
    await write(room.id)
    expect(await listed(bob)).toEqual([
      ['room', 2, 51],
      ['other', 1],
    ])
    await write(other.id)
    await grow(48, 100)
    expect(await listed(bob)).toEqual([
      ['other', 2],
      ['room', 2, 103],
    ])
    await write(room.id)
    expect(await listed(bob)).toEqual([
      ['room', 3, 103],
      ['other', 2],
    ])
    // Who comes into a large room finds it on top, and nothing unread in it.
    const dora = await makePerson(api.isolate)
    await makeRoom(api, dora)
    expect((await api.as(dora).post(`${path}/join`, {})).status).toBe(200)
    expect((await listed(dora))[0]).toEqual(['room', 0, 104])
    // Who comes while it is small again is not left behind when it has grown anew.
    for (const { userId } of extras.slice(90, 100)) await say(stub, owner, 'member:remove', { userId })
    await settle(queues, stub, time)
    const emil = await makePerson(api.isolate)
    expect((await api.as(emil).post(`${path}/join`, {})).status).toBe(200)
    await makeRoom(api, emil)
    expect((await listed(emil))[1]).toEqual(['room', 0, 95])
    await write(room.id)
    expect((await listed(emil))[0]).toEqual(['room', 1, 95])
    await makeRoom(api, emil)
    await grow(100, 110)
    await write(room.id)
    for (const [person, unread] of [
      [emil, 2],
      [dora, 2],
      [bob, 5],
    ] as const) {
      expect((await listed(person))[0]).toEqual(['room', unread, 105])
    }
  }, 60_000)

  it('notifies every absent member up to fifty, and above that whom a message mentions', async () => {
    const { owner, members, room, stub } = await makeGroup(api)
    const [bob, cara] = members
    const notified = async () => {
      const { results } = await env.ACTIVITY_DB.prepare('select user_id, count from notifications where group_key = ?')
        .bind(`room:${room.id}`)
        .all<{ user_id: string; count: number }>()
      return new Map(results.map(({ user_id, count }) => [user_id, count]))
    }
    await say(stub, owner, 'member:add', { people: strangers(47) })
    await say(stub, cara, 'room:notify', { notify: 'none' })
    await send(api, owner, room.id, 'to fifty, @nobody')
    await settle(queues, stub, time)
    const first = await notified()
    expect([first.size, first.get(bob.id), first.has(cara.id), first.has(owner.id)]).toEqual([48, 1, false, false])
    await say(stub, owner, 'member:add', { people: strangers(1) })
    await send(api, owner, room.id, 'to fifty-one')
    await settle(queues, stub, time)
    expect(await notified()).toEqual(first)
    await send(api, owner, room.id, `to @${bob.username} and @${cara.username}`)
    await settle(queues, stub, time)
    expect(await notified()).toEqual(new Map(first).set(bob.id, 3))
  }, 30_000)

  it('notifies as each member wants it: of all, of what mentions them, of nothing', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api)
    const [bob, cara] = members
    const notify = (by: TestPerson, wanted: string) =>
      api.as(by).patch<{ notify: string }>(`${path}/me`, { notify: wanted })
    const counts = async () => {
      const { results } = await env.ACTIVITY_DB.prepare('select user_id, count from notifications where group_key = ?')
        .bind(`room:${room.id}`)
        .all<{ user_id: string; count: number }>()
      return [bob, cara].map(({ id }) => results.find(({ user_id }) => user_id === id)?.count ?? 0)
    }
    expect(await notify(bob, 'mentions')).toMatchObject({ status: 200, body: { data: { notify: 'mentions' } } })
    expect((await notify(cara, 'none')).body.data.notify).toBe('none')
    expect((await notify(cara, 'some')).status).toBe(400)
    expect((await notify(await makePerson(api.isolate), 'none')).status).toBe(404)
    await send(api, owner, room.id, 'to nobody')
    await settle(queues, stub, time)
    expect(await counts()).toEqual([0, 0])
    await send(api, owner, room.id, `@${bob.username} @${cara.username}`)
    await settle(queues, stub, time)
    expect(await counts()).toEqual([2, 0])
    await notify(cara, 'all')
    await send(api, owner, room.id, 'and now')
    await settle(queues, stub, time)
    expect(await counts()).toEqual([2, 3])
  }, 30_000)
})

/** What one look at a room's news costs D1, in rows. */
async function costOf(tell: (ctx: ReturnType<typeof createSystemContext>) => Promise<void>) {
  const ctx = createSystemContext(api.isolate, env, 'test', () => undefined)
  await tell(ctx)
  const { d1RowsRead: read, d1RowsWritten: written } = ctx.meter.costs
  return { read, written }
}

/** A room as D1 knows it, with so many members, and as many who have left. */
async function projectCrowd(count: number): Promise<string> {
  const [roomId, ownerId] = [newId(), newId()]
  const ctx = createSystemContext(api.isolate, env, 'test', () => undefined)
  const members = strangers(count * 2).map(({ userId }, i) => {
    return {
      userId,
      seq: i + 1,
      change: i < count ? ('joined' as const) : ('left' as const),
      role: 'member' as const,
      joinedAt: 1,
    }
  })
  const room = {
    roomId,
    objectName: roomId,
    type: 'group' as const,
    name: 'Crowd',
    topic: '',
    createdBy: ownerId,
    createdAt: 1,
  }
  await projectRoom(ctx, { ...room, joinPolicy: 'open', seq: 0, memberCount: 0, isLarge: false, members: [] })
  const change = {
    roomId,
    objectName: roomId,
    roomName: 'Crowd',
    actorId: ownerId,
    actorName: 'somebody',
    at: 1,
    messageCount: 0,
    version: 0,
  }
  await projectMembers(ctx, { ...change, seq: count * 2, memberCount: count, isLarge: count > 100, members })
  return roomId
}

function summaryOf(roomId: string, version: number, isLarge: boolean): RoomSummarisedPayload {
  const message = { id: newId(), seq: version, preview: 'hello', senderId: newId(), at: 10 + version }
  return {
    roomId,
    version,
    seq: version,
    at: 10 + version,
    messageCount: version,
    isLarge,
    message,
    deleted: [],
    members: [],
  }
}

describe('a summary', () => {
  it('of a large room writes as many rows for two thousand members as for a hundred and one, and marks them once', async () => {
    const costs = []
    for (const count of [101, 2_000]) {
      const roomId = await projectCrowd(count)
      const first = await costOf((ctx) => projectSummaries(ctx, [summaryOf(roomId, 1, true)]))
      expect(first.written).toBeGreaterThan(count)
      const [next, again] = [
        await costOf((ctx) => projectSummaries(ctx, [summaryOf(roomId, 2, true)])),
        await costOf((ctx) => projectSummaries(ctx, [summaryOf(roomId, 2, true)])),
      ]
      // Also when it is small again: once a crowd, always a crowd.
      const small = await costOf((ctx) => projectSummaries(ctx, [summaryOf(roomId, 3, false)]))
      costs.push({ next, again, small })
    }
    expect(costs[1]).toEqual(costs[0])
    expect(costs[0]?.next.written).toBeLessThan(5)
    expect(costs[0]?.again.written).toBe(0)
    expect(costs[0]?.small.read).toBeLessThan(10)
  }, 30_000)

  it('of a small one writes a row a member, and none for those who have left', async () => {
    const roomId = await projectCrowd(20)
    const { written } = await costOf((ctx) => projectSummaries(ctx, [summaryOf(roomId, 1, false)]))
    // Each with its place in an index of its person's rooms.
    expect(written).toBeLessThanOrEqual(20 * 2 + 3)
  })
})
