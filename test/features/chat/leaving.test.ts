import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { ChatRoom } from '../../../durable-objects/chat-room/index.ts'
import type { OpenRoom } from '../../../src/features/chat/schemas.ts'
import type { Notification } from '../../../src/features/notifications/schemas.ts'
import { inCall } from '../../../src/platform/call.ts'
import { newId } from '../../../src/platform/ids.ts'
import { upgradeRequest } from '../../../src/platform/realtime/upgrade.ts'
import { createApi } from '../../support/api.ts'
import {
  changesOf,
  DIRECTLY,
  type Group,
  listOf,
  makeGroup,
  makeRoom,
  readRoom,
  say,
  sqlOf,
} from '../../support/groups.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { actorOf, makePair, send } from '../../support/rooms.ts'
import { openRoom, type TestSocket } from '../../support/sockets.ts'

const api = createApi()
const SOON = { timeout: 10_000, interval: 20 }

/** How one of a group goes, and what their sockets are told. */
const DEPARTURES: [string, number, (group: Group, bob: TestPerson) => Promise<{ status: number }>][] = [
  ['leaves', 4404, ({ path }, bob) => api.as(bob).post(`${path}/leave`)],
  ['leaves as one removes a member', 4404, ({ path }, bob) => api.as(bob).delete(`${path}/members/${bob.id}`)],
  ['is removed', 4403, ({ path, owner }, bob) => api.as(owner).delete(`${path}/members/${bob.id}`)],
  [
    'is banned',
    4403,
    ({ path, owner }, bob) => api.as(owner).request('PUT', `${path}/bans/${bob.id}`, { body: { reason: 'spam' } }),
  ],
]
const REASONS: Record<string, string> = { 'is removed': 'removed', 'is banned': 'banned' }

/** Everything that a member may do by HTTP. */
async function statusesOf(bob: TestPerson, { path, owner }: Group): Promise<number[]> {
  const as = api.as(bob)
  const answers = [
    await as.get(path),
    await as.get(`${path}/messages`),
    await as.get(`${path}/members`),
    await as.get(`${path}/presence`),
    await as.post(`${path}/messages`, { content: 'still here' }),
    await as.post(`${path}/members`, { userIds: [owner.id] }),
    await as.post(`${path}/invites`, {}),
    await as.post(`${path}/leave`),
    await as.post(`${path}/read`, {}),
    await as.post(`${path}/typing`, { isTyping: true }),
    await as.patch(path, { name: 'Mine' }),
    await as.patch(`${path}/me`, { notify: 'none' }),
  ]
  return answers.map(({ status }) => status)
}

const seqsOf = ({ lines }: TestSocket) => lines.flatMap(({ seq }) => seq ?? [])

describe.each(DEPARTURES)('who %s', (name, code, goOut) => {
  it('is out at once: sockets closed, nothing later heard, the room not found and not listed (R13.22, R13.24)', async () => {
    const group = await makeGroup(api)
    const { owner, members, room, stub } = group
    const [bob, cara] = members
    const [b1, b2, c] = [
      await openRoom(api, bob, room.id),
      await openRoom(api, bob, room.id),
      await openRoom(api, cara, room.id),
    ]
    await send(api, owner, room.id, 'before')
    // Also of a room that has slept: who its sockets are is known by their tags.
    await evictDurableObject(stub)
    expect((await goOut(group, bob)).status).toBe(200)
    expect(await listOf(api, bob)).toEqual([])
    expect((await listOf(api, cara))[0]?.memberCount).toBe(2)
    await send(api, owner, room.id, 'after')
    expect([(await b1.untilClosed()).code, (await b2.untilClosed()).code]).toEqual([code, code])
    const left = await c.until(({ event }) => event === 'room:user-left')
    const reason = REASONS[name] ?? 'left'
    expect(left).toMatchObject({ seq: 2, data: { userId: bob.id, username: bob.username, roomId: room.id, reason } })
    await c.until(({ seq }) => seq === 3)
    expect([seqsOf(b1), seqsOf(b2)]).toEqual([[1], [1]])
    expect(new Set(await statusesOf(bob, group))).toEqual(new Set([404]))
    expect((await readRoom(api, cara, group)).memberCount).toBe(2)
    const row = await env.DB.prepare('select left_at from room_members where room_id = ? and user_id = ?')
      .bind(room.id, bob.id)
      .first<number>('left_at')
    expect(row).toBeGreaterThan(0)
  })

  it('is notified of the room no more: what was unseen there is taken back', async () => {
    const group = await makeGroup(api)
    const [bob] = group.members
    const unread = async () =>
      (await api.as(bob).get<Notification[]>('/v1/notifications?unreadOnly=true')).body.data.filter(({ read }) => !read)
    await send(api, group.owner, group.room.id, 'something new')
    await expect.poll(async () => (await unread()).length, SOON).toBe(1)
    await goOut(group, bob)
    await expect.poll(async () => (await unread()).length, SOON).toBe(0)
  })
})

describe('leaving', () => {
  it('over the socket is acknowledged before it closes, and is told to the others only (R13.22)', async () => {
    const { owner, members, room } = await makeGroup(api)
    const [b, a] = [await openRoom(api, members[0], room.id), await openRoom(api, owner, room.id)]
    b.send('room:leave', { roomId: room.id }, 1)
    expect((await b.ack(1)).data).toEqual({ success: true })
    expect((await b.untilClosed()).code).toBe(4404)
    await a.until(({ event }) => event === 'room:user-left')
    expect(b.lines.filter(({ event }) => event === 'room:user-left')).toEqual([])
  })

  it('is refused in a private room, and to who is no member (R13.22)', async () => {
    const { ann, room } = await makePair(api)
    const group = await makeGroup(api)
    const dora = await makePerson(api.isolate)
    expect((await api.as(ann).post(`/v1/chat/rooms/${room.id}/leave`)).status).toBe(403)
    expect((await api.as(dora).post(`${group.path}/leave`)).status).toBe(404)
    const a = await openRoom(api, ann, room.id)
    a.send('room:leave', {}, 1)
    expect((await a.ack(1)).data).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
    expect(await listOf(api, ann)).toHaveLength(1)
  })

  it('takes the last owner’s hand-over first, and of two who go at once one stays', async () => {
    const { owner, members, path, stub } = await makeGroup(api)
    const [bob] = members
    expect(await api.as(owner).post(`${path}/leave`)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect((await api.as(owner).patch(`${path}/members/${bob.id}`, { role: 'owner' })).status).toBe(200)
    const answers = await Promise.all([owner, bob].map((person) => api.as(person).post(`${path}/leave`)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await sqlOf(stub, "select 1 from members where left_at is null and role = 'owner'")).toHaveLength(1)
  })

  it('of two owners who step down at once leaves one an owner', async () => {
    const { owner, members, path, stub } = await makeGroup(api)
    const [bob] = members
    await say(stub, owner, 'member:role', { userId: bob.id, role: 'owner' })
    const answers = await Promise.all(
      [owner, bob].map((me) => api.as(me).patch(`${path}/members/${me.id}`, { role: 'member' })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await sqlOf(stub, "select 1 from members where role = 'owner'")).toHaveLength(1)
  })

  it('by the last member ends the room: nobody finds it, joins it, or takes it over', async () => {
    const owner = await makePerson(api.isolate)
    const name = `Last ${newId()}`
    const room = await makeRoom(api, owner, { name, joinPolicy: 'open' })
    const path = `/v1/chat/rooms/${room.id}`
    const dora = await makePerson(api.isolate)
    const invite = await api.as(owner).post<{ code: string }>(`${path}/invites`, {})
    const found = async () => (await api.as(dora).get<OpenRoom[]>(`/v1/chat/rooms/open?q=${name}`)).body.data
    expect(await found()).toMatchObject([{ id: room.id, memberCount: 1 }])
    expect((await api.as(owner).post(`${path}/leave`)).status).toBe(200)
    expect(await found()).toEqual([])
    for (const body of [{}, { invite: invite.body.data.code }]) {
      for (const person of [owner, dora]) expect((await api.as(person).post(`${path}/join`, body)).status).toBe(404)
    }
  })
})

describe('in one tick', () => {
  it('a kick stands where it came: what was said before it is there, what was said after it is refused (R13.13, R13.24)', async () => {
    const { owner, members, room, stub } = await makeGroup(api)
    const [bob] = members
    const [a, b] = [await openRoom(api, owner, room.id), await openRoom(api, bob, room.id)]
    const [before, kick, after, later] = await Promise.all([
      say(stub, bob, 'message:send', { type: 'text', content: 'before' }),
      say(stub, owner, 'member:remove', { userId: bob.id }),
      say(stub, bob, 'message:send', { type: 'text', content: 'after' }),
      say(stub, owner, 'message:send', { type: 'text', content: 'later' }),
    ])
    expect([before, kick, after, later].map(({ ok }) => ok)).toEqual([true, true, false, true])
    await a.until(({ seq }) => seq === 3)
    expect(a.messages().map(({ content, seq }) => [content, seq])).toEqual([
      ['before', 1],
      ['later', 3],
    ])
    expect((await b.untilClosed()).code).toBe(4403)
    expect(Math.max(0, ...seqsOf(b))).toBeLessThan(2)
  })

  it('a kick is before the socket that asks to be opened after it (R13.24, R13.42)', async () => {
    const { owner, members, stub } = await makeGroup(api)
    const [{ id: userId, username, sessionId }] = members
    const caller = { userId, username, sessionId, avatar: null, openedAt: Date.now() }
    // From inside, so that both are there before the tick ends.
    const status = await runInDurableObject(stub, async (object: ChatRoom) => {
      const kick = object.act(DIRECTLY, actorOf(owner), { event: 'member:remove', data: { userId } })
      const response = await object.fetch(inCall(DIRECTLY, () => upgradeRequest({ caller, since: null })))
      return [response.status, (await kick).ok]
    })
    expect(status).toEqual([404, true])
  })

  it('a ban and a join end in a ban, whichever comes first (R13.21)', async () => {
    for (const first of ['ban', 'join']) {
      const { owner, members, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
      const [bob] = members
      await say(stub, bob, 'room:leave', {})
      const ban = () => say(stub, owner, 'member:ban', { userId: bob.id })
      const join = () => say(stub, bob, 'room:join', {})
      const [one, two] = first === 'ban' ? [ban, join] : [join, ban]
      const outcomes = await Promise.all([one(), two()])
      expect(outcomes.map(({ ok }) => ok)).toEqual(first === 'ban' ? [true, false] : [true, true])
      expect(await api.as(bob).post(`${path}/join`, {})).toMatchObject({ status: 403 })
      expect((await readRoom(api, owner, { path })).memberCount).toBe(2)
      expect(await changesOf(stub, 'room:user-left')).toHaveLength(first === 'ban' ? 1 : 2)
    }
  })
})
