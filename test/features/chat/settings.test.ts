import { describe, expect, it } from 'vitest'
import type { OpenRoom, Room } from '../../../src/features/chat/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { changesOf, listOf, makeGroup, makeRoom, readRoom, say, sqlOf } from '../../support/membership.ts'
import { makePerson } from '../../support/people.ts'
import { send } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()
const DEFAULTS = { topic: '', joinPolicy: 'invite', whoInvites: 'members', whoPosts: 'members', slowModeSeconds: 0 }

describe('a room’s settings', () => {
  it('are what it was made with, else a closed room in which all may write and invite (R13.32, R13.36)', async () => {
    const settings = {
      topic: 'Looms',
      joinPolicy: 'open',
      whoInvites: 'moderators',
      whoPosts: 'moderators',
      slowModeSeconds: 9,
    } as const
    const [plain, chosen] = [await makeGroup(api), await makeGroup(api, settings)]
    expect((await readRoom(api, plain.owner, plain)).settings).toEqual(DEFAULTS)
    expect((await readRoom(api, chosen.members[0], chosen)).settings).toEqual(settings)
    expect(chosen.room).toMatchObject({ topic: 'Looms', joinPolicy: 'open', memberCount: 3 })
  })

  it('are the owners’ where they say who comes, invites and writes, and the moderators’ else', async () => {
    const group = await makeGroup(api)
    const { owner, members, path, stub } = group
    const [moderator, member] = members
    await say(stub, owner, 'member:role', { userId: moderator.id, role: 'moderator' })
    const small = [{ name: 'New name' }, { topic: 'Yarn' }, { slowModeSeconds: 30 }]
    const great = [{ joinPolicy: 'open' }, { whoInvites: 'moderators' }, { whoPosts: 'moderators' }]
    const statuses = async (by: typeof owner, bodies: object[]) => {
      const answers = []
      for (const body of bodies) answers.push((await api.as(by).patch(path, body)).status)
      return answers
    }
    expect(await statuses(member, [...small, ...great, {}])).toEqual(Array(7).fill(403))
    expect(await statuses(moderator, [...great, { topic: 'Both', whoPosts: 'members' }])).toEqual(Array(4).fill(403))
    expect((await readRoom(api, member, group)).settings).toEqual(DEFAULTS)
    expect(await statuses(moderator, small)).toEqual([200, 200, 200])
    expect(await statuses(owner, [...great, {}])).toEqual([200, 200, 200, 200])
    expect(await statuses(await makePerson(api.isolate), [{ topic: 'Mine' }])).toEqual([404])
    expect(await readRoom(api, member, group)).toMatchObject({
      name: 'New name',
      settings: {
        topic: 'Yarn',
        joinPolicy: 'open',
        whoInvites: 'moderators',
        whoPosts: 'moderators',
        slowModeSeconds: 30,
      },
    })
  })

  it('reach everybody: the answer, the sockets, the list of rooms; and what is so already is told to nobody (R13.33)', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api)
    const b = await openRoom(api, members[0], room.id)
    const change = { name: 'Spinners', topic: 'Yarn', joinPolicy: 'open' }
    const { status, body } = await api.as(owner).patch<Room>(path, change)
    expect([status, body.data]).toMatchObject([200, { id: room.id, ...change, lastSeq: 1 }])
    const line = await b.until(({ event }) => event === 'room:updated')
    expect(line).toMatchObject({ seq: 1, data: { roomId: room.id, ...DEFAULTS, ...change } })
    expect((await listOf(api, members[1]))[0]).toMatchObject(change)
    expect((await api.as(owner).patch(path, change)).status).toBe(200)
    expect(await changesOf(stub, 'room:updated')).toHaveLength(1)
  })

  it.each([
    { name: '' },
    { name: 'x'.repeat(101) },
    { topic: 'x'.repeat(501) },
    { joinPolicy: 'closed' },
    { slowModeSeconds: -1 },
    { slowModeSeconds: 6 * 3_600 + 1 },
    { type: 'private' },
  ])('are refused as badly written: %j', async (body) => {
    const { owner, path } = await makeGroup(api)
    expect((await api.as(owner).patch(path, body)).status).toBe(400)
  })
})

describe('slow mode', () => {
  it('makes a member wait, not a moderator, and not a repeat of what was said (R13.14)', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api, { slowModeSeconds: 60 })
    const [bob, cara] = members
    const first = await send(api, bob, room.id, 'one', 'client-id-1')
    expect(first.status).toBe(201)
    const refused = await send(api, bob, room.id, 'two')
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED'])
    const wait = Number(refused.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(50)
    expect(wait).toBeLessThanOrEqual(60)
    expect(await send(api, bob, room.id, 'one', 'client-id-1')).toMatchObject({
      status: 200,
      body: { data: { id: first.body.data.id } },
    })
    expect((await send(api, cara, room.id, 'mine')).status).toBe(201)
    for (const text of ['one', 'two']) expect((await send(api, owner, room.id, text)).status).toBe(201)
    const b = await openRoom(api, bob, room.id)
    b.send('message:send', { content: 'three' }, 1)
    const { data } = await b.ack(1)
    expect(data).toMatchObject({
      success: false,
      error: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) },
    })
    await sqlOf(stub, 'update members set last_sent_at = ?', Date.now() - 60_001)
    expect((await send(api, bob, room.id, 'four')).status).toBe(201)
    await api.as(owner).patch(path, { slowModeSeconds: 0 })
    for (const text of ['five', 'six']) expect((await send(api, bob, room.id, text)).status).toBe(201)
  })

  it('lets one through of many that come at once, and is not escaped by leaving and coming back', async () => {
    const { members, room, path } = await makeGroup(api, { slowModeSeconds: 60, joinPolicy: 'open' })
    const [bob] = members
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => send(api, bob, room.id, `message ${i}`)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(429)])
    await api.as(bob).post(`${path}/leave`)
    await api.as(bob).post(`${path}/join`, {})
    expect((await send(api, bob, room.id, 'back')).status).toBe(429)
  })
})

describe('a room of announcements', () => {
  it('takes messages of moderators only, while all read them and may react', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api, { whoPosts: 'moderators' })
    const [bob, cara] = members
    await say(stub, owner, 'member:role', { userId: cara.id, role: 'moderator' })
    expect((await send(api, bob, room.id, 'may I?')).status).toBe(403)
    expect((await send(api, cara, room.id, 'news')).status).toBe(201)
    const { data } = (await send(api, owner, room.id, 'more news')).body
    const a = await openRoom(api, owner, room.id)
    const b = await openRoom(api, bob, room.id)
    b.send('typing:start', { roomId: room.id })
    b.send('reaction:add', { messageId: data.id, emoji: '👍' }, 1)
    expect((await b.ack(1)).data.success).toBe(true)
    b.send('message:send', { content: 'may I?' }, 2)
    expect((await b.ack(2)).data).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
    expect(a.lines.filter(({ event }) => event === 'typing:start')).toEqual([])
    expect((await api.as(bob).get<unknown[]>(`${path}/messages`)).body.data).toHaveLength(2)
  })
})

describe('finding open rooms', () => {
  it('is by the beginning of their name, page by page, and shows no closed one (R13.21)', async () => {
    const [ann, dora] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const word = `Zeta${newId().slice(-8)}`
    for (const [name, joinPolicy] of [
      ['B', 'open'],
      ['A', 'open'],
      ['C', 'invite'],
      ['D', 'open'],
    ] as const) {
      await makeRoom(api, ann, { name: `${word} ${name}`, joinPolicy })
    }
    const find = (query: string) => api.as(dora).get<OpenRoom[]>(`/v1/chat/rooms/open?${query}`)
    const first = await find(`q=${word.toLowerCase()}&limit=2`)
    expect(first.body.data).toMatchObject([
      { name: `${word} A`, memberCount: 1 },
      { name: `${word} B`, memberCount: 1 },
    ])
    const rest = await find(`q=${word}&limit=2&cursor=${first.body.meta.nextCursor}`)
    expect(rest.body).toMatchObject({ data: [{ name: `${word} D` }], meta: { nextCursor: null } })
    expect((await find(`q=${word.slice(1)}`)).body.data).toEqual([])
    expect((await find(`q=${encodeURIComponent('%')}`)).body.data).toEqual([])
    const { id } = rest.body.data[0] ?? { id: '' }
    await api.as(ann).patch(`/v1/chat/rooms/${id}`, { joinPolicy: 'invite' })
    expect((await find(`q=${word}`)).body.data.map(({ name }) => name)).toEqual([`${word} A`, `${word} B`])
  })
})
