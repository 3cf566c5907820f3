import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { createSystemContext } from '../../../src/compose.ts'
import type { ServiceContext } from '../../../src/context.ts'
import { createNotification, createNotifications, notifyUsers } from '../../../src/features/notifications/index.ts'
import type { Notification } from '../../../src/features/notifications/schemas.ts'
import { defineEvent } from '../../../src/platform/events.ts'
import { newId } from '../../../src/platform/ids.ts'
import { consumeBatch } from '../../../src/platform/queues/consume.ts'
import { LANES } from '../../../src/platform/queues/lanes.ts'
import { subscriber } from '../../../src/platform/queues/subscriber.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { deliverTo, eventOf, messageFor, recordingLog } from '../../support/queues.ts'
import { openSocket } from '../../support/sockets.ts'

const api = createApi()
const systemContext = () => createSystemContext(api.isolate, env, 'test', () => undefined)
const list = async (person: TestPerson, query = '') =>
  (await api.as(person).get<Notification[]>(`/v1/notifications${query}`)).body.data
const markRead = (person: TestPerson, id: string) => api.as(person).patch(`/v1/notifications/${id}/read`)
const setPreferences = (person: TestPerson, body: unknown) =>
  api.as(person).patch('/v1/notifications/preferences', body)
const news = { title: 'News', message: 'Something', category: 'system' } as const
const countRows = async (userIds: readonly string[]) =>
  await env.ACTIVITY_DB.prepare(
    'select count(*) as count from notifications where user_id in (select value from json_each(?))',
  )
    .bind(JSON.stringify(userIds))
    .first<number>('count')

/** A context that keeps what would go to people's sockets. */
function listening(fails: (userId: string) => boolean = () => false) {
  const told: { userId: string; notification: Notification }[] = []
  const ctx: ServiceContext = {
    ...systemContext(),
    userSocket: ((userId: string) => ({
      notify: async (notification: Notification) => {
        if (fails(userId)) throw new Error('The object is down')
        told.push({ userId, notification })
        return 1
      },
    })) as unknown as ServiceContext['userSocket'],
  }
  return { ctx, told }
}

describe('a notification that another feature makes', () => {
  it('is answered, listed and pushed to every socket as one and the same (R14.6, R14.26, R14.27)', async () => {
    const bob = await makePerson(api.isolate)
    const bells = [
      await openSocket(api, bob, '/v1/notifications/ws'),
      await openSocket(api, bob, '/v1/notifications/ws'),
    ]
    const data = { roomId: newId() }
    const made = await createNotification(systemContext(), {
      ...{ userId: bob.id, title: 'An invitation', message: 'You may join Weavers', category: 'system' },
      ...{ type: 'success', data, actionUrl: '/?room=1' },
    })
    expect(made).toEqual({
      ...{ id: expect.any(String), title: 'An invitation', message: 'You may join Weavers', category: 'system' },
      ...{ type: 'success', data, actionUrl: '/?room=1', count: 1, version: 1, read: false, readAt: null },
      ...{ channels: ['in-app', 'email', 'push'], sent: false },
      ...{ createdAt: expect.any(String), updatedAt: made.createdAt },
    })
    expect(await list(bob)).toEqual([made])
    for (const bell of bells) {
      expect((await bell.until(({ event }) => event === 'notification:new')).data).toEqual(made)
    }
  })

  it('is information without data and link, unless something else is said (R14.2)', async () => {
    const bob = await makePerson(api.isolate)
    await createNotification(systemContext(), { userId: bob.id, ...news })
    expect(await list(bob)).toMatchObject([{ type: 'info', data: null, actionUrl: null }])
  })

  it('has no link that a browser would run (R14.39)', async () => {
    const bob = await makePerson(api.isolate)
    const bad = { userId: bob.id, ...news, actionUrl: 'javascript:alert(1)' }
    await expect(createNotification(systemContext(), bad)).rejects.toThrow('Not a path of ours')
    expect(await list(bob)).toEqual([])
  })

  it('is unread, though all was marked read in a moment that lies ahead (R14.13)', async () => {
    const bob = await makePerson(api.isolate)
    await env.ACTIVITY_DB.prepare("insert into notification_watermarks values (?, '', ?)")
      .bind(bob.id, Date.now() + 60_000)
      .run()
    await createNotification(systemContext(), { userId: bob.id, ...news })
    expect(await list(bob, '?unreadOnly=true')).toHaveLength(1)
  })
})

describe('notifications for many', () => {
  it('go to each person once, as each wants them, live where wanted in the app (R14.9, R14.10, R14.28)', async () => {
    const people = await Promise.all([makePerson(api.isolate), makePerson(api.isolate), makePerson(api.isolate)])
    const [ann, bob, cara] = people.map(({ id }) => id)
    await setPreferences(people[1], { inAppEnabled: false })
    await setPreferences(people[2], { emailDigest: true, categoryPreferences: { system: { push: false } } })
    const { ctx, told } = listening()
    const made = await notifyUsers(ctx, [ann, bob, ann, cara, bob].map(String), news)
    expect(made.map(({ channels }) => channels)).toEqual([['in-app', 'email', 'push'], ['email', 'push'], ['in-app']])
    expect(told.map(({ userId }) => userId)).toEqual([ann, cara])
    expect(await countRows(people.map(({ id }) => id))).toBe(3)
    expect(await list(people[2])).toEqual([made[2]])
  })

  it('may each say something else (R14.9)', async () => {
    const [ann, bob] = await Promise.all([makePerson(api.isolate), makePerson(api.isolate)])
    const wanted = [
      { ...news, userId: ann.id, title: 'For Ann' },
      { ...news, userId: bob.id, title: 'For Bob', category: 'comment' as const },
    ]
    await createNotifications(systemContext(), wanted)
    expect([await list(ann), await list(bob)]).toMatchObject([
      [{ title: 'For Ann', category: 'system' }],
      [{ title: 'For Bob', category: 'comment' }],
    ])
  })

  it('cost one read and one batch, for a thousand and more people (R14.9, R0.7)', async () => {
    const people = Array.from({ length: 1_200 }, () => newId())
    const { ctx, told } = listening()
    expect(await notifyUsers(ctx, people, news)).toHaveLength(1_200)
    expect([await countRows(people), told.length]).toEqual([1_200, 1_200])
    expect(ctx.meter.costs.d1Trips).toBe(2)
  })

  it('for nobody cost nothing', async () => {
    const { ctx } = listening()
    expect(await notifyUsers(ctx, [], news)).toEqual([])
    expect(ctx.meter.costs.d1Trips).toBe(0)
  })

  it('are all stored and the others told where somebody’s sockets cannot be reached', async () => {
    const [ann, bob, cara] = [newId(), newId(), newId()]
    const { ctx, told } = listening((userId) => userId === bob)
    await expect(notifyUsers(ctx, [ann, bob, cara], news)).rejects.toThrow('The object is down')
    expect(told.map(({ userId }) => userId)).toEqual([ann, cara])
    expect(await countRows([ann, bob, cara])).toBe(3)
  })
})

describe('notifications of one cause', () => {
  it('are made once a person and category, however often they are asked for', async () => {
    const [ann, bob] = [newId(), newId()]
    const causeId = newId()
    const first = await notifyUsers(systemContext(), [ann], news, { causeId })
    const second = await notifyUsers(systemContext(), [ann, bob], news, { causeId })
    expect(second[0]).toEqual(first[0])
    await notifyUsers(systemContext(), [ann], { ...news, category: 'comment' }, { causeId })
    await notifyUsers(systemContext(), [bob], news)
    expect([await countRows([ann]), await countRows([bob])]).toEqual([2, 2])
  })

  it('are not shown again once they are read', async () => {
    const bob = await makePerson(api.isolate)
    const causeId = newId()
    const { ctx, told } = listening()
    const made = await createNotification(ctx, { userId: bob.id, ...news }, { causeId })
    await createNotification(ctx, { userId: bob.id, ...news }, { causeId })
    // Perhaps the first was cut off before it showed it.
    expect(told.map(({ notification }) => notification)).toEqual([made, made])
    await markRead(bob, made.id)
    expect(await createNotification(ctx, { userId: bob.id, ...news }, { causeId })).toMatchObject({ read: true })
    expect(told).toHaveLength(2)
  })
})

describe('in a subscriber', () => {
  const Invited = defineEvent('test.invited', 'test', z.strictObject({ userIds: z.array(z.uuid()) }))

  const deliverer = (fails: (userId: string) => boolean = () => false) => {
    const { ctx: told, ...heard } = listening(fails)
    const onInvited = subscriber(
      'test.tell-invited',
      Invited,
      { lane: 'normal', once: { by: 'batch', store: 'activity' } },
      async (ctx: ServiceContext, event) => {
        await notifyUsers({ ...ctx, userSocket: told.userSocket }, event.payload.userIds, news, { causeId: event.id })
      },
    )
    const log = recordingLog()
    const parts = {
      subscribers: [onInvited],
      makeContext: (delivery: Parameters<typeof createSystemContext>[4]) =>
        createSystemContext(api.isolate, env, 'test', () => undefined, delivery),
      bury: vi.fn(),
      log,
      clock: Date.now,
    }
    const deliver = (message: unknown) =>
      deliverTo((batch) => consumeBatch(batch, parts), LANES.normal.queue, [{ body: message }])
    return { ...heard, deliver }
  }
  const invitation = (userIds: string[]) =>
    messageFor('test.tell-invited', eventOf('test.invited', { payload: { userIds } }))

  it('they are stored with its mark: doubled messages make none twice, and bring back none that was deleted', async () => {
    const bob = await makePerson(api.isolate)
    const { deliver, told } = deliverer()
    const message = invitation([bob.id])
    expect((await deliver(message)).acknowledged).toHaveLength(1)
    expect((await deliver(message)).acknowledged).toHaveLength(1)
    const [made] = await list(bob)
    expect(await list(bob)).toHaveLength(1)
    await api.as(bob).delete(`/v1/notifications/${made?.id}`)
    const before = told.length
    expect((await deliver(message)).acknowledged).toHaveLength(1)
    expect([await list(bob), told.length]).toEqual([[], before])
  })

  it('what was stored and could not be shown is shown by the next delivery', async () => {
    const bob = await makePerson(api.isolate)
    let isDown = true
    const { deliver, told } = deliverer(() => isDown)
    const message = invitation([bob.id])
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect((await deliver(message)).retried).toHaveLength(1)
    log.mockRestore()
    isDown = false
    expect((await deliver(message)).acknowledged).toHaveLength(1)
    expect(told.map(({ notification }) => notification)).toEqual(await list(bob))
  })
})
