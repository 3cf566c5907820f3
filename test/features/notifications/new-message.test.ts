import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import { markGroupsSeen, raiseNewMessages } from '../../../src/features/notifications/raise-new-message.ts'
import type { Notification } from '../../../src/features/notifications/schemas.ts'
import worker from '../../../src/index.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'
import { openRoom, openSocket } from '../../support/sockets.ts'
import { raiseOne, unseenMessages as unseen, unseenMessage } from '../../support/unseen.ts'

const api = createApi()
const SOON = { timeout: 10_000, interval: 50 }
const list = async (person: TestPerson, query = '') =>
  (await api.as(person).get<Notification[]>(`/v1/notifications${query}`)).body.data
const unread = async (person: TestPerson) =>
  (await api.as(person).get<{ count: number }>('/v1/notifications/unread-count')).body.data.count
const systemContext = () => createSystemContext(api.isolate, env, 'test', () => undefined)

describe('a new message for somebody who is elsewhere', () => {
  it('is stored, listed, counted, and pushed at once to their notification socket (R14.27, R14.28, R14.38)', async () => {
    const { ann, bob, room } = await makePair(api)
    const bell = await openSocket(api, bob, '/v1/notifications/ws')
    const sent = await send(api, ann, room.id, 'are you there?')
    const { data } = await bell.until(({ event }) => event === 'notification:new')
    expect(data).toMatchObject({
      title: `New message from ${ann.username}`,
      message: 'are you there?',
      category: 'new_message',
      data: { roomId: room.id, messageId: sent.body.data.id, seq: String(sent.body.data.seq) },
      count: 1,
      read: false,
    })
    // Stored before it is shown: who reads it at once finds it.
    expect(await list(bob)).toEqual([data])
    expect([await unread(bob), await unread(ann)]).toEqual([1, 0])
    expect((await api.as(bob).patch(`/v1/notifications/${data.id}/read`)).status).toBe(200)
    expect(await unread(bob)).toBe(0)
  })

  it('raises the one notification of its room, with a count', async () => {
    const { ann, bob, room } = await makePair(api)
    for (let n = 1; n <= 3; n += 1) await send(api, ann, room.id, `message ${n}`)
    await vi.waitFor(async () => expect((await list(bob))[0]?.count).toBe(3), SOON)
    expect(await list(bob)).toMatchObject([{ title: `3 new messages from ${ann.username}`, message: 'message 3' }])
    expect(await unread(bob)).toBe(1)
  })

  it('is no notification for a member who has the room open', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const b = await openRoom(api, bob, room.id)
    await send(api, ann, room.id, 'you see this')
    await b.until(({ event }) => event === 'message:new')
    // The room tells those who are elsewhere while bob is still here.
    await runDurableObjectAlarm(env.CHAT_ROOM.getByName(objectName))
    // What comes after it is stored later, so once that is there, this would be.
    b.close()
    await vi.waitFor(async () => {
      await send(api, ann, room.id, 'and this you do not', 'second-message')
      expect(await unread(bob)).toBe(1)
    }, SOON)
    expect((await list(bob))[0]).toMatchObject({ count: 1, message: 'and this you do not' })
  })

  it('finds a person absent whose socket has been silent for more than a minute', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    await openRoom(api, bob, room.id)
    // As if it had been opened an hour ago, and never pinged since.
    await runInDurableObject(env.CHAT_ROOM.getByName(objectName), (_room, state) => {
      for (const socket of state.getWebSockets(bob.id)) {
        socket.serializeAttachment({ ...socket.deserializeAttachment(), openedAt: Date.now() - 3_600_000 })
      }
    })
    // A new instance reads it.
    await evictDurableObject(env.CHAT_ROOM.getByName(objectName))
    await send(api, ann, room.id, 'anybody there?')
    await vi.waitFor(async () => expect(await unread(bob)).toBe(1), SOON)
  })

  it('is read by answering it, also without a socket', async () => {
    const { ann, bob, room } = await makePair(api)
    await send(api, ann, room.id, 'hello')
    await vi.waitFor(async () => expect(await unread(bob)).toBe(1), SOON)
    await send(api, bob, room.id, 'hello yourself')
    await vi.waitFor(async () => expect([await unread(bob), await unread(ann)]).toEqual([0, 1]), SOON)
  })

  it('is read by opening the room', async () => {
    const { ann, bob, room } = await makePair(api)
    await send(api, ann, room.id, 'hello')
    await vi.waitFor(async () => expect(await unread(bob)).toBe(1), SOON)
    await openRoom(api, bob, room.id)
    await vi.waitFor(async () => expect(await unread(bob)).toBe(0), SOON)
    expect(await list(bob)).toMatchObject([{ read: true, readAt: expect.any(String) }])
  })
})

describe('events of unseen messages, late, doubled and out of order', () => {
  it('leave the newest, whatever order they come in', async () => {
    const bob = await makePerson(api.isolate)
    const first = unseen(bob.id)
    const newest = { ...first, seq: 3, count: 3, preview: 'third' }
    for (const event of [{ ...first, seq: 2, count: 2 }, newest, newest, first]) {
      await raiseOne(systemContext(), event)
    }
    expect(await list(bob)).toMatchObject([{ count: 3, message: 'third', version: 3 }])
  })

  it('of several rooms are each shown where they come together, the newest of each', async () => {
    const bob = await makePerson(api.isolate)
    const bell = await openSocket(api, bob, '/v1/notifications/ws')
    const [one, two] = [unseen(bob.id), unseen(bob.id)]
    await raiseNewMessages(systemContext(), [{ ...one, seq: 2, count: 2 }, two, one])
    const shown = (id: string) => bell.until(({ data }) => data.id === id)
    expect((await shown(one.notificationId)).data).toMatchObject({ count: 2, version: 2 })
    expect((await shown(two.notificationId)).data).toMatchObject({ count: 1, version: 1 })
    expect(await list(bob)).toHaveLength(2)
  })

  it('raise nothing that was seen before they came', async () => {
    const bob = await makePerson(api.isolate)
    const event = unseen(bob.id, { seq: 4 })
    const seen = { userId: bob.id, groupKey: `room:${event.roomId}`, version: 4, at: Date.now() }
    await markGroupsSeen(systemContext(), [seen])
    await markGroupsSeen(systemContext(), [{ ...seen, version: 3 }])
    await raiseOne(systemContext(), event)
    expect(await unread(bob)).toBe(0)
    await raiseOne(systemContext(), { ...event, seq: 5 })
    await markGroupsSeen(systemContext(), [seen])
    expect(await unread(bob)).toBe(1)
  })

  it('do not bring back what was deleted', async () => {
    const bob = await makePerson(api.isolate)
    const event = unseen(bob.id)
    await raiseOne(systemContext(), event)
    await api.as(bob).delete(`/v1/notifications/${event.notificationId}`)
    await raiseOne(systemContext(), event)
    expect(await list(bob)).toEqual([])
    await raiseOne(systemContext(), { ...event, seq: 2 })
    expect(await list(bob)).toHaveLength(1)
  })

  it('that nobody understands are tried again, and do not hold up their neighbours', async () => {
    const bob = await makePerson(api.isolate)
    const good = unseenMessage(unseen(bob.id))
    const message = (id: string, body: unknown) => ({ id, timestamp: new Date(), attempts: 1, body })
    const batch = createMessageBatch('selvage-normal', [
      message('1', { nonsense: true }),
      message('2', good),
      message('3', { ...good, subscriber: 'nobody' }),
      message('4', { ...good, event: { ...good.event, payload: { userId: 'not an id' } } }),
    ])
    const ctx = createExecutionContext()
    await worker.queue(batch, env, ctx)
    const result = await getQueueResult(batch, ctx)
    expect(result.explicitAcks).toEqual(['2'])
    expect(result.retryMessages.map(({ msgId }) => msgId)).toEqual(['1', '3', '4'])
    expect(await unread(bob)).toBe(1)
  })
})

describe('own notifications', () => {
  const three = async () => {
    const bob = await makePerson(api.isolate)
    for (let n = 1; n <= 3; n += 1) await raiseOne(systemContext(), unseen(bob.id, { at: n, preview: `m${n}` }))
    return bob
  }

  it('are listed newest first by cursor, and unread ones on the literal word only (R14.11, R14.29, R14.30)', async () => {
    const bob = await three()
    const first = await api.as(bob).get<Notification[]>('/v1/notifications?limit=2')
    expect(first.body.data.map(({ message }) => message)).toEqual(['m3', 'm2'])
    const rest = await list(bob, `?limit=2&cursor=${first.body.meta.nextCursor}`)
    expect(rest.map(({ message }) => message)).toEqual(['m1'])
    await api.as(bob).patch(`/v1/notifications/${rest[0]?.id}/read`)
    expect(await list(bob, '?unreadOnly=true')).toHaveLength(2)
    expect(await list(bob, '?unreadOnly=1')).toHaveLength(3)
  })

  it('keep the time at which they were first read (R14.12, R14.31)', async () => {
    const bob = await three()
    const [newest] = await list(bob)
    const path = `/v1/notifications/${newest?.id}/read`
    expect(await api.as(bob).patch(path)).toMatchObject({ status: 200, body: { data: { success: true } } })
    const [{ readAt } = {}] = await list(bob)
    await api.as(bob).patch(path)
    expect((await list(bob))[0]?.readAt).toBe(readAt)
  })

  it('can all be read at once, and deleted one by one (R14.13, R14.15, R14.32)', async () => {
    const bob = await three()
    expect((await api.as(bob).post('/v1/notifications/mark-all-read')).status).toBe(200)
    expect(await unread(bob)).toBe(0)
    const [newest] = await list(bob)
    expect((await api.as(bob).delete(`/v1/notifications/${newest?.id}`)).status).toBe(200)
    expect((await api.as(bob).delete(`/v1/notifications/${newest?.id}`)).status).toBe(404)
    expect(await list(bob)).toHaveLength(2)
  })

  it('that come after all were read are unread, however late their events are (R14.13)', async () => {
    const bob = await three()
    await api.as(bob).post('/v1/notifications/mark-all-read')
    await raiseOne(systemContext(), unseen(bob.id, { at: 1, preview: 'late' }))
    expect(await unread(bob)).toBe(1)
    expect((await list(bob, '?unreadOnly=true')).map(({ message }) => message)).toEqual(['late'])
    expect((await list(bob))[0]).toMatchObject({ message: 'late', read: false, readAt: null })
  })

  it('are counted, and gone once they are deleted (R14.14, R14.33)', async () => {
    const bob = await three()
    expect(await unread(bob)).toBe(3)
    const [newest] = await list(bob)
    expect(await api.as(bob).delete(`/v1/notifications/${newest?.id}`)).toMatchObject({
      status: 200,
      body: { data: { success: true } },
    })
    expect(await unread(bob)).toBe(2)
  })

  it('are out of a stranger’s reach, and nobody can make them (R14.12, R14.15, R14.35)', async () => {
    const bob = await three()
    const stranger = api.as(await makePerson(api.isolate))
    const [newest] = await list(bob)
    expect((await stranger.patch(`/v1/notifications/${newest?.id}/read`)).status).toBe(404)
    expect((await stranger.delete(`/v1/notifications/${newest?.id}`)).status).toBe(404)
    expect((await stranger.post('/v1/notifications', { userId: bob.id })).status).toBe(405)
    expect(await unread(bob)).toBe(3)
  })
})
