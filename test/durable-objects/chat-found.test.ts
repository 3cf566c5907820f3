import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Work } from '../../src/features/chat/commands.ts'
import type { Message, ReadPosition } from '../../src/features/chat/message-schemas.ts'
import type { Room, RoomPresence } from '../../src/features/chat/schemas.ts'
import { currentCall } from '../../src/platform/call.ts'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { createApi } from '../support/api.ts'
import { holdQueues } from '../support/held-queues.ts'
import { makePerson } from '../support/people.ts'
import { actorOf, makePair, send, sending } from '../support/rooms.ts'
import { type ShiftedTime, shiftTime } from '../support/shifted-time.ts'
import { openRoom } from '../support/sockets.ts'

/** What random histories of a room (`chat-histories.test.ts`), and looking at them, have found: each told in short. */
const api = createApi()
const queues = holdQueues()
const stubOf = (objectName: string) => env.CHAT_ROOM.getByName(objectName)
const LONGER_THAN_GRACE_MS = 16 * SECOND_MS
const LONGER_THAN_BETWEEN_SUMMARIES_MS = 2.1 * SECOND_MS
let time: ShiftedTime
beforeEach(() => {
  time = shiftTime()
  // No alarm rings by itself.
  time.set(10 * SECOND_MS)
})
afterEach(() => time.stop())

describe('an answer that is sent again', () => {
  it('is acknowledged as what is stored, also when what it answers was deleted since (R13.12)', async () => {
    const { ann, bob, room } = await makePair(api)
    const path = `/v1/chat/rooms/${room.id}/messages`
    const question = (await send(api, ann, room.id, 'a question')).body.data
    const answer = { content: 'an answer', replyTo: question.id, clientMessageId: 'answer-to-it' }
    const first = await api.as(bob).post<Message>(path, answer)
    await api.as(ann).delete(`${path}/${question.id}`)
    const again = await api.as(bob).post<Message>(path, answer)
    expect([again.status, again.body.data.id, again.body.data.seq]).toEqual([200, first.body.data.id, 2])
    expect((await api.as(bob).post(path, { ...answer, clientMessageId: 'another-one' })).status).toBe(404)
  })
})

describe('what a person has read', () => {
  it('includes what they wrote a moment ago, however little they say that they have read', async () => {
    const { ann, bob, room } = await makePair(api)
    for (const person of [ann, bob, ann]) await send(api, person, room.id, `by ${person.username}`)
    const { body } = await api.as(bob).post<ReadPosition>(`/v1/chat/rooms/${room.id}/read`, { seq: 1 })
    expect(body.data).toEqual({ seq: 2, unreadCount: 1, mentionCount: 0 })
  })
})

describe('somebody who comes back', () => {
  it('has nothing unread from before they left, mentions included (R13.20)', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const group = { name: 'Weavers', type: 'group', memberIds: [bob.id], joinPolicy: 'open' }
    const { id } = (await api.as(ann).post<Room>('/v1/chat/rooms', group)).body.data
    const told = async () => {
      time.forward(LONGER_THAN_BETWEEN_SUMMARIES_MS)
      await runDurableObjectAlarm(stubOf(id))
      await queues.deliver()
      const { body } = await api.as(bob).get<Room[]>('/v1/chat/rooms')
      return body.data.map(({ unreadCount, mentionCount }) => [unreadCount, mentionCount])
    }
    await send(api, ann, id, `@${bob.username} where are you?`)
    expect(await told()).toEqual([[1, 1]])
    await api.as(bob).post(`/v1/chat/rooms/${id}/leave`)
    expect(await told()).toEqual([])
    await api.as(bob).post(`/v1/chat/rooms/${id}/join`, {})
    expect(await told()).toEqual([[0, 0]])
  })
})

describe('more deletions than one summary takes', () => {
  it('are told to the databases all the same, with the next one', async () => {
    const { ann, bob, objectName } = await makePair(api)
    const [stub, call, by] = [stubOf(objectName), currentCall(), actorOf(ann)]
    const texts = Array.from({ length: 205 }, (_, n) => sending(`text ${n}`))
    await Promise.all(texts.map((work) => stub.act(call, by, work)))
    const said = await runInDurableObject(stub, (_room, state) =>
      state.storage.sql.exec<{ id: string }>('select id from messages where seq > 1').toArray(),
    )
    const deletions = said.map(({ id }): Work => ({ event: 'message:delete', data: { messageId: id } }))
    await Promise.all(deletions.map((work) => stub.act(call, by, work)))
    for (let summaries = 0; summaries < 2; summaries += 1) {
      time.forward(LONGER_THAN_BETWEEN_SUMMARIES_MS)
      await runDurableObjectAlarm(stub)
    }
    await queues.deliver()
    const { body } = await api.as(bob).get<Room[]>('/v1/chat/rooms')
    expect(body.data[0]?.unreadCount).toBe(1)
  })
})

describe('people whose sockets were lost with their object', () => {
  it('are here no longer when somebody has looked and the grace is over (R13.10)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = stubOf(objectName)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    while (await runDurableObjectAlarm(stub));
    await runInDurableObject(stub, (_room, state) => state.abort('A crash on purpose')).catch(() => undefined)
    await Promise.all([a.untilClosed(), b.untilClosed()])
    const back = await openRoom(api, ann, room.id)
    time.forward(LONGER_THAN_GRACE_MS)
    // A stub does not survive its object.
    await runDurableObjectAlarm(stubOf(objectName))
    expect((await back.until(({ event }) => event === 'user:offline')).data.userId).toBe(bob.id)
    const { body } = await api.as(ann).get<RoomPresence>(`/v1/chat/rooms/${room.id}/presence`)
    expect(body.data).toEqual({ count: 1, userIds: [ann.id] })
  })
})
