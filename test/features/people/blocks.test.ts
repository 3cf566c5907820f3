import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room } from '../../../src/features/chat/schemas.ts'
import { PersonBlocked, PersonUnblocked } from '../../../src/features/people/events.ts'
import type { BlockedPerson, Person } from '../../../src/features/people/schemas.ts'
import worker from '../../../src/index.ts'
import { currentCall } from '../../../src/platform/call.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { deliverTo, eventOf, messageFor } from '../../support/queues.ts'
import { makePair, send } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()
const block = (by: TestPerson, other: { id: string }) => api.as(by).request('PUT', `/v1/people/${other.id}/block`)
const unblock = (by: TestPerson, other: { id: string }) => api.as(by).delete(`/v1/people/${other.id}/block`)
const openPrivate = (by: TestPerson, other: TestPerson) =>
  api.as(by).post<Room>('/v1/chat/rooms/private', { userId: other.id })
const blockedBy = async (person: TestPerson, query = '') =>
  api.as(person).get<BlockedPerson[]>(`/v1/people/blocked${query}`)
const told = ({ status, body }: Answer) => [status, body.message]
const makeTwo = () => Promise.all([makePerson(api.isolate), makePerson(api.isolate)])
const eventsOf = async (person: TestPerson) =>
  (
    await env.DB.prepare("select type from outbox where aggregate_type = 'user_blocks' and aggregate_id = ?")
      .bind(person.id)
      .all<{ type: string }>()
  ).results.map(({ type }) => type)

const THEY_BLOCK = [403, 'You cannot write to this person']
const I_BLOCK = [403, 'Unblock this person first']

describe('blocking a person', () => {
  it('is once, however often it is asked for, and ends as it began', async () => {
    const [ann, bob] = await makeTwo()
    const answers = await Promise.all([block(ann, bob), block(ann, bob), block(ann, bob)])
    expect(answers.map(({ status, body }) => [status, body.data])).toEqual(Array(3).fill([200, { success: true }]))
    const { body } = await blockedBy(ann)
    expect(body.data).toMatchObject([{ id: bob.id, username: bob.username, blockedAt: expect.any(String) }])
    expect(JSON.stringify(body)).not.toContain('@people.test')
    expect((await blockedBy(bob)).body.data).toEqual([])

    const ends = await Promise.all([unblock(ann, bob), unblock(ann, bob), unblock(ann, bob)])
    expect(ends.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await blockedBy(ann)).body.data).toEqual([])
    expect(await eventsOf(ann)).toEqual([PersonBlocked.type, PersonUnblocked.type])
  })

  it('needs somebody else who exists', async () => {
    const ann = await makePerson(api.isolate)
    const gone = await makePerson(api.isolate, { isActive: false })
    expect(await block(ann, ann)).toMatchObject({ status: 422, body: { errors: [{ field: 'id' }] } })
    for (const nobody of [{ id: newId() }, gone]) expect((await block(ann, nobody)).status).toBe(404)
    expect((await unblock(ann, { id: newId() })).status).toBe(404)
    expect((await block(ann, { id: 'nobody' })).status).toBe(400)
    expect(await eventsOf(ann)).toEqual([])
  })

  it('can be undone also once the other account is closed', async () => {
    const [ann, bob] = await makeTwo()
    await block(ann, bob)
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(bob.id).run()
    expect((await blockedBy(ann)).body.data).toHaveLength(1)
    expect((await unblock(ann, bob)).status).toBe(200)
    expect((await blockedBy(ann)).body.data).toEqual([])
  })

  it('is listed newest first, a page at a time', async () => {
    const [ann, bob] = await makeTwo()
    const cara = await makePerson(api.isolate)
    for (const other of [bob, cara]) await block(ann, other)
    const first = await blockedBy(ann, '?limit=1')
    expect([first.body.data.map(({ id }) => id), first.body.meta.hasNextPage]).toEqual([[cara.id], true])
    const next = await blockedBy(ann, `?limit=1&cursor=${first.body.meta.nextCursor}`)
    expect([next.body.data.map(({ id }) => id), next.body.meta.hasNextPage]).toEqual([[bob.id], false])
  })
})

describe('whom somebody has blocked', () => {
  it('finds them no more, while they find whom they have blocked', async () => {
    const ann = await makePerson(api.isolate, { username: `hermit_${newId().slice(-8)}` })
    const bob = await makePerson(api.isolate, { username: `caller_${newId().slice(-8)}` })
    const finds = async (who: TestPerson, whom: TestPerson) =>
      (await api.as(who).get<Person[]>(`/v1/people?q=${whom.username}`)).body.data.some(({ id }) => id === whom.id)
    expect([await finds(bob, ann), await finds(ann, bob)]).toEqual([true, true])
    await block(ann, bob)
    expect([await finds(bob, ann), await finds(ann, bob)]).toEqual([false, true])
    await unblock(ann, bob)
    expect(await finds(bob, ann)).toBe(true)
  })

  it('opens no private room with them, nor they with them, until the block ends', async () => {
    const [ann, bob] = await makeTwo()
    await block(ann, bob)
    expect(told(await openPrivate(bob, ann))).toEqual(THEY_BLOCK)
    expect(told(await openPrivate(ann, bob))).toEqual(I_BLOCK)
    await block(bob, ann)
    expect(told(await openPrivate(bob, ann))).toEqual(I_BLOCK)
    for (const [by, other] of [
      [ann, bob],
      [bob, ann],
    ] as const)
      await unblock(by, other)
    const { status, body } = await openPrivate(bob, ann)
    expect(status).toBe(201)
    expect((await send(api, bob, body.data.id, 'hello')).status).toBe(201)
  })

  it('cannot put them into a group, as if they did not exist, while they can', async () => {
    const [ann, bob] = await makeTwo()
    const group = (by: TestPerson, member: TestPerson) =>
      api.as(by).post('/v1/chat/rooms', { name: 'Weavers', type: 'group', memberIds: [member.id] })
    await block(ann, bob)
    const refused = await group(bob, ann)
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [{ field: 'memberIds', message: `There is no user ${ann.id}` }],
    ])
    expect((await group(ann, bob)).status).toBe(201)
  })
})

describe('an existing private room', () => {
  it('takes no message of either while one of them blocks the other, by REST or socket, and all of it can be read', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    expect((await send(api, bob, room.id, 'before')).status).toBe(201)
    await block(ann, bob)

    expect(told(await send(api, bob, room.id, 'by REST'))).toEqual(THEY_BLOCK)
    expect(told(await send(api, ann, room.id, 'by REST'))).toEqual(I_BLOCK)
    b.send('message:send', { content: 'by socket' }, 1)
    a.send('message:send', { content: 'by socket' }, 1)
    const refusal = (message: unknown) => ({ success: false, error: { code: 'FORBIDDEN', message } })
    expect((await b.ack(1)).data).toEqual(refusal(THEY_BLOCK[1]))
    expect((await a.ack(1)).data).toEqual(refusal(I_BLOCK[1]))

    const history = await api.as(bob).get<Message[]>(`/v1/chat/rooms/${room.id}/messages`)
    expect(history.body.data.map(({ content }) => content)).toEqual(['before'])
    expect((await openPrivate(bob, ann)).body.data.id).toBe(room.id)

    await unblock(ann, bob)
    b.send('message:send', { content: 'after' }, 2)
    expect((await b.ack(2)).data.success).toBe(true)
    expect((await send(api, ann, room.id, 'after')).body.data.seq).toBe(3)
  })

  it('stays closed until both have unblocked', async () => {
    const { ann, bob, room } = await makePair(api)
    await block(ann, bob)
    await block(bob, ann)
    await unblock(ann, bob)
    expect(told(await send(api, ann, room.id, 'x'))).toEqual(THEY_BLOCK)
    expect(told(await send(api, bob, room.id, 'x'))).toEqual(I_BLOCK)
    await unblock(bob, ann)
    expect((await send(api, ann, room.id, 'x')).status).toBe(201)
  })

  it('opens again also where the clock that ends the block is behind the one that began it', async () => {
    const { ann, bob, room } = await makePair(api)
    const ahead = createApi({ clock: () => Date.now() + 5_000 })
    await ahead.as(ann).request('PUT', `/v1/people/${bob.id}/block`)
    expect(told(await send(api, bob, room.id, 'x'))).toEqual(THEY_BLOCK)
    await unblock(ann, bob)
    expect((await send(api, bob, room.id, 'x')).status).toBe(201)
  })

  it('answers a key that had sent before the block as it did then', async () => {
    const { ann, bob, room } = await makePair(api)
    const path = `/v1/chat/rooms/${room.id}/messages`
    const keyed = { headers: { 'idempotency-key': newId() } }
    const first = await api.as(bob).post<Message>(path, { content: 'once' }, keyed)
    await block(ann, bob)
    const again = await api.as(bob).post<Message>(path, { content: 'once' }, keyed)
    expect([again.status, again.body.data.id]).toEqual([201, first.body.data.id])
  })

  it('remembers it through its sleep, and keeps to the latest word in whatever order the words come', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const tell = async (type: typeof PersonBlocked, at: number) => {
      const event = eventOf(type.type, { payload: { userId: ann.id, blockedId: bob.id, at } })
      const subscriber = type === PersonBlocked ? 'chat.tell-pair-of-block' : 'chat.tell-pair-of-unblock'
      const sent = { body: messageFor(subscriber, event) }
      const verdict = await deliverTo((batch, ctx) => worker.queue(batch, env, ctx), 'selvage-critical', [sent, sent])
      expect(verdict.retried).toEqual([])
    }
    await tell(PersonBlocked, 100)
    await evictDurableObject(env.CHAT_ROOM.getByName(objectName))
    expect(told(await send(api, bob, room.id, 'x'))).toEqual(THEY_BLOCK)
    await tell(PersonUnblocked, 90)
    expect(told(await send(api, bob, room.id, 'x'))).toEqual(THEY_BLOCK)
    await tell(PersonUnblocked, 110)
    await tell(PersonBlocked, 105)
    expect((await send(api, bob, room.id, 'x')).status).toBe(201)
  })

  it('that is being opened while one of them blocks the other knows it from its first message on', async () => {
    const [ann, bob] = await makeTwo()
    const name = `pair:${[ann.id, bob.id].toSorted().join(':')}`
    await env.CHAT_ROOM.getByName(name).setBlock(currentCall(), ann.id, { isBlocked: true, at: Date.now() })
    const { body } = await openPrivate(bob, ann)
    expect(told(await send(api, bob, body.data.id, 'x'))).toEqual(THEY_BLOCK)
  })
})

describe('a group', () => {
  it('hears both of two people of whom one blocks the other', async () => {
    const [ann, bob] = await makeTwo()
    const { body } = await api
      .as(ann)
      .post<Room>('/v1/chat/rooms', { name: 'Weavers', type: 'group', memberIds: [bob.id] })
    await block(ann, bob)
    expect((await send(api, bob, body.data.id, 'to all')).status).toBe(201)
    expect((await send(api, ann, body.data.id, 'to all')).status).toBe(201)
  })
})
