import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { costOfMany } from '../../../src/features/chat/route-policies.ts'
import type { RoomMember } from '../../../src/features/chat/schemas.ts'
import { overspent } from '../../../src/http/cost.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { changesOf, listOf, makeGroup, makePeople, makeRoom, readRoom, say, sqlOf } from '../../support/membership.ts'
import { makePerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'
import { openRoom, upgrade } from '../../support/sockets.ts'

const api = createApi()
const rowOf = (roomId: string, userId: string) =>
  env.DB.prepare('select * from room_members where room_id = ? and user_id = ?').bind(roomId, userId).first()
const countOf = (roomId: string) =>
  env.DB.prepare('select member_count from rooms where id = ?').bind(roomId).first<number>('member_count')

describe('joining a room', () => {
  it('that is open lets anybody in, tells its members, and puts it on top of their list (R13.20, R13.21)', async () => {
    const { owner, room, path } = await makeGroup(api, { joinPolicy: 'open' })
    const dora = await makePerson(api.isolate)
    await makeRoom(api, dora)
    const [a, bearer] = [await openRoom(api, owner, room.id), { authorization: `Bearer ${dora.accessToken}` }]
    expect((await upgrade(api, `${path}/ws`, bearer)).status).toBe(404)
    expect(await api.as(dora).post(`${path}/join`, {})).toMatchObject({
      status: 200,
      body: { data: { success: true } },
    })
    const told = { userId: dora.id, username: dora.username, roomId: room.id }
    expect(await a.until(({ event }) => event === 'room:user-joined')).toMatchObject({ seq: 1, data: told })
    // The joiner hears of it too, as of everything else in the log.
    const d = await openRoom(api, dora, room.id, 0)
    expect(await d.until(({ event }) => event === 'room:user-joined')).toMatchObject({ seq: 1, data: told })
    expect((await listOf(api, dora))[0]).toMatchObject({ id: room.id, memberCount: 4, unreadCount: 0 })
    expect((await send(api, dora, room.id, 'here I am')).status).toBe(201)
  })

  it('that takes no strangers is like joining one that is not there, and a private one always is (R13.21)', async () => {
    const { room } = await makeGroup(api)
    const pair = await makePair(api)
    const dora = api.as(await makePerson(api.isolate))
    for (const id of [room.id, pair.room.id, newId()]) {
      for (const body of [{}, ...(id === room.id ? [] : [{ invite: 'x'.repeat(40) }])]) {
        const { status, body: answer } = await dora.post(`/v1/chat/rooms/${id}/join`, body)
        expect([status, answer.message]).toEqual([404, 'Room not found'])
      }
    }
    expect([await countOf(room.id), await countOf(pair.room.id)]).toEqual([3, 2])
  })

  it('again changes nothing and tells nobody, over the socket too (R13.20, R13.21)', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
    const before = await rowOf(room.id, members[0].id)
    expect((await api.as(members[0]).post(`${path}/join`, {})).status).toBe(200)
    const socket = await openRoom(api, owner, room.id)
    socket.send('room:join', { roomId: room.id }, 1)
    expect((await socket.ack(1)).data).toEqual({ success: true })
    expect(await changesOf(stub, 'room:user-joined')).toEqual([])
    expect([await rowOf(room.id, members[0].id), await countOf(room.id)]).toEqual([before, 3])
    expect((await readRoom(api, owner, { path })).own.role).toBe('owner')
  })

  it('twenty people at once are all in: each told of once, counted once, in no gap of the log (R13.20)', async () => {
    const { owner, room, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
    const crowd = await makePeople(api, 20)
    const answers = await Promise.all(crowd.map((person) => api.as(person).post(`${path}/join`, {})))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const lines = await changesOf(stub, 'room:user-joined')
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(lines.map(({ data }) => data.userId).toSorted()).toEqual(crowd.map(({ id }) => id).toSorted())
    expect((await readRoom(api, owner, { path })).memberCount).toBe(23)
    expect(await countOf(room.id)).toBe(23)
    for (const person of crowd) expect(await listOf(api, person)).toMatchObject([{ id: room.id, memberCount: 23 }])
  })

  it('twenty times at once is joining once (R13.20, R13.21)', async () => {
    const { room, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
    const dora = await makePerson(api.isolate)
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.as(dora).post(`${path}/join`, {})))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(await changesOf(stub, 'room:user-joined')).toHaveLength(1)
    expect(await sqlOf(stub, 'select 1 from members where user_id = ?', dora.id)).toHaveLength(1)
    expect([await countOf(room.id), (await listOf(api, dora)).length]).toEqual([4, 1])
  })

  it('again after leaving brings nothing unread, no mention of then, and no role of then (R13.20)', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
    const [bob] = members
    await say(stub, owner, 'member:role', { userId: bob.id, role: 'moderator' })
    await send(api, owner, room.id, `for @${bob.username}`)
    const mentions = async () =>
      (await listOf(api, bob)).map(({ mentionCount, unreadCount }) => [mentionCount, unreadCount])
    await expect.poll(mentions, { timeout: 10_000 }).toEqual([[1, 1]])
    expect((await api.as(bob).post(`${path}/leave`)).status).toBe(200)
    await send(api, owner, room.id, `where is @${bob.username}?`)
    expect((await api.as(bob).post(`${path}/join`, {})).status).toBe(200)
    expect(await mentions()).toEqual([[0, 0]])
    expect((await readRoom(api, bob, { path })).own).toMatchObject({ role: 'member', readSeq: 5 })
  })
})

describe('adding people to a room', () => {
  it('lets in who was not there, each told of once, and leaves the others as they are (R13.34)', async () => {
    const { owner, members, room, path, stub } = await makeGroup(api)
    const [dora, emil] = await makePeople(api, 2)
    const userIds = [owner.id, dora?.id, emil?.id]
    const answers = await Promise.all([1, 2, 3].map(() => api.as(members[0]).post(`${path}/members`, { userIds })))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await changesOf(stub, 'room:user-joined')).map(({ data }) => data.userId)).toEqual([dora?.id, emil?.id])
    const { memberCount, members: listed } = await readRoom(api, owner, { path })
    expect([memberCount, await countOf(room.id)]).toEqual([5, 5])
    expect(listed.find(({ id }) => id === owner.id)?.role).toBe('owner')
    expect((await listOf(api, dora ?? owner)).map(({ id }) => id)).toEqual([room.id])
  })

  it('is for its members, and for moderators where the room says so (R13.21, R13.34)', async () => {
    const { owner, members, path } = await makeGroup(api, { whoInvites: 'moderators' })
    const [dora, stranger] = await makePeople(api, 2)
    const add = (by: typeof owner) => api.as(by).post(`${path}/members`, { userIds: [dora?.id] })
    expect((await add(stranger ?? owner)).status).toBe(404)
    expect((await add(members[0])).status).toBe(403)
    expect((await add(owner)).status).toBe(200)
  })

  it('names whom there is not, among them who has blocked the caller, and then adds nobody (R13.32, R13.34)', async () => {
    const { owner, members, room, path } = await makeGroup(api)
    const [dora, emil] = await makePeople(api, 2)
    const [ghost, gone] = [newId(), await makePerson(api.isolate, { isActive: false })]
    await api.as(dora ?? owner).request('PUT', `/v1/people/${owner.id}/block`)
    const userIds = [ghost, gone.id, dora?.id, emil?.id]
    const { status, body } = await api.as(owner).post(`${path}/members`, { userIds })
    expect(status).toBe(422)
    expect(body.errors?.map(({ message }) => message)).toEqual(
      [ghost, gone.id, dora?.id].map((id) => `There is no user ${id}`),
    )
    expect(await countOf(room.id)).toBe(3)
    expect((await api.as(members[0]).post(`${path}/members`, { userIds: [dora?.id] })).status).toBe(200)
  })

  it('takes a hundred at once, each named once, and no more (R13.32)', async () => {
    const { owner, room, path } = await makeGroup(api)
    const ids = (await makePeople(api, 100)).map(({ id }) => id)
    const add = (userIds: string[]) => api.as(owner).post(`${path}/members`, { userIds })
    expect((await add([...ids, newId()])).status).toBe(400)
    expect((await add([newId(), ...ids.slice(0, 2), ids[0] ?? ''])).status).toBe(400)
    expect((await add([])).status).toBe(400)
    const added = await add(ids)
    expect([added.status, await countOf(room.id)]).toEqual([200, 103])
    const made = await api.as(owner).post('/v1/chat/rooms', { name: 'Many', type: 'group', memberIds: ids })
    expect(made).toMatchObject({ status: 201, body: { data: { memberCount: 101 } } })
    for (const { costs } of [added, made]) expect(overspent(costOfMany, costs, 0)).toEqual([])
  })

  it('is not for a private room, whose two people are all there ever are (R13.21, R13.35)', async () => {
    const { ann, bob, room } = await makePair(api)
    const dora = await makePerson(api.isolate)
    const path = `/v1/chat/rooms/${room.id}`
    expect((await api.as(ann).post(`${path}/members`, { userIds: [dora.id] })).status).toBe(403)
    expect((await api.as(ann).post(`${path}/invites`, {})).status).toBe(403)
    expect((await api.as(ann).delete(`${path}/members/${bob.id}`)).status).toBe(403)
    expect((await api.as(ann).patch(`${path}/members/${bob.id}`, { role: 'owner' })).status).toBe(403)
    expect(await countOf(room.id)).toBe(2)
  })
})

describe('a room’s members', () => {
  it('are listed in the order in which they came, page by page, to members only (R13.38)', async () => {
    const { owner, members, path } = await makeGroup(api)
    const later = await makePeople(api, 4)
    for (const { id } of later) await api.as(owner).post(`${path}/members`, { userIds: [id] })
    const ids: string[] = []
    let cursor = ''
    do {
      const { body } = await api.as(members[1]).get<RoomMember[]>(`${path}/members?limit=3${cursor}`)
      expect(JSON.stringify(body)).not.toContain('@people.test')
      ids.push(...body.data.map(({ id }) => id))
      cursor = body.meta.nextCursor === null ? '' : `&cursor=${body.meta.nextCursor}`
    } while (cursor !== '')
    expect(ids.slice(0, 3).toSorted()).toEqual([owner, ...members].map(({ id }) => id).toSorted())
    expect(ids.slice(3)).toEqual(later.map(({ id }) => id))
    const stranger = await makePerson(api.isolate)
    expect((await api.as(stranger).get(`${path}/members`)).status).toBe(404)
  })

  it('are ten thousand at most: who comes after that is told that it is full (R13.34)', async () => {
    const { owner, path, stub } = await makeGroup(api, { joinPolicy: 'open' })
    const [dora, emil, fay] = (await makePeople(api, 3)) as [typeof owner, typeof owner, typeof owner]
    await sqlOf(stub, 'update room set member_count = 9999')
    await evictDurableObject(stub)
    const add = (...people: { id: string }[]) =>
      api.as(owner).post(`${path}/members`, { userIds: people.map(({ id }) => id) })
    expect(await add(dora, emil)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect((await add(dora)).status).toBe(200)
    expect(await api.as(fay).post(`${path}/join`, {})).toMatchObject({ status: 409 })
    expect((await add(dora)).status).toBe(200)
    expect((await changesOf(stub, 'room:user-joined')).map(({ data }) => data.userId)).toEqual([dora.id])
  })
})
