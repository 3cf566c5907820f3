import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import { createNotification } from '../../../src/features/notifications/index.ts'
import type { Notification, NotificationPreferences } from '../../../src/features/notifications/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { openSocket } from '../../support/sockets.ts'
import { raiseOne, unseenMessages } from '../../support/unseen.ts'

const PATH = '/v1/notifications/preferences'
const api = createApi()
const systemContext = () => createSystemContext(api.isolate, env, 'test', () => undefined)
const read = async (person: TestPerson) => (await api.as(person).get<NotificationPreferences>(PATH)).body.data
const change = (person: TestPerson, body: unknown) => api.as(person).patch<NotificationPreferences>(PATH, body)
const list = async (person: TestPerson, query = '') =>
  (await api.as(person).get<Notification[]>(`/v1/notifications${query}`)).body.data
const unread = async (person: TestPerson) =>
  (await api.as(person).get<{ count: number }>('/v1/notifications/unread-count')).body.data.count
const news = (userId: string) => ({ userId, title: 'News', message: 'Something', category: 'system' as const })
const rows = async (userId: string) =>
  (await env.ACTIVITY_DB.prepare('select * from notifications where user_id = ?').bind(userId).all()).results

describe('preferences', () => {
  it('are the defaults until they are changed, also for twenty first reads at once (R14.4, R14.16, R14.34)', async () => {
    const bob = await makePerson(api.isolate)
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.as(bob).get<NotificationPreferences>(PATH)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.data)))).toHaveLength(1)
    expect(await read(bob)).toEqual({
      ...{ id: bob.id, userId: bob.id, updatedAt: null },
      ...{ inAppEnabled: true, emailEnabled: true, pushEnabled: true, categoryPreferences: {} },
      ...{ emailDigest: false, digestFrequency: 'daily' },
    })
  })

  it('change by what is named, and answer the whole record (R14.17, R14.34)', async () => {
    const bob = await makePerson(api.isolate)
    const first = await change(bob, { emailEnabled: false })
    expect(first).toMatchObject({ status: 200, body: { data: { emailEnabled: false, pushEnabled: true } } })
    const second = await change(bob, { emailDigest: true, digestFrequency: 'weekly' })
    expect(second.body.data).toMatchObject({ emailEnabled: false, emailDigest: true, digestFrequency: 'weekly' })
    expect(second.body.data.updatedAt).toEqual(expect.any(String))
    expect(await read(bob)).toEqual(second.body.data)
    expect((await change(bob, {})).body.data).toEqual(second.body.data)
  })

  it('of one category leave the others, and the other channel, as they are (R14.17)', async () => {
    const bob = await makePerson(api.isolate)
    await change(bob, { categoryPreferences: { comment: { email: false }, system: { push: false } } })
    const { body } = await change(bob, { categoryPreferences: { comment: { push: false } } })
    const merged = { comment: { email: false, push: false }, system: { push: false } }
    expect(body.data.categoryPreferences).toEqual(merged)
    expect((await read(bob)).categoryPreferences).toEqual(merged)
  })

  it('that change at the same time are all kept, the first of a person included (R14.16, R14.17)', async () => {
    const bob = await makePerson(api.isolate)
    const categories = ['new_message', 'new_follower', 'post_liked', 'comment', 'system']
    const changes = [
      ...categories.map((category) => ({ categoryPreferences: { [category]: { email: false } } })),
      { pushEnabled: false },
      { digestFrequency: 'weekly' },
    ]
    const answers = await Promise.all(changes.map((body) => change(bob, body)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await read(bob)).toMatchObject({
      categoryPreferences: Object.fromEntries(categories.map((category) => [category, { email: false }])),
      ...{ pushEnabled: false, digestFrequency: 'weekly' },
    })
  })

  it.each([
    [{ userId: crypto.randomUUID() }, 'userId'],
    [{ id: crypto.randomUUID() }, 'id'],
    [{ digestFrequency: 'hourly' }, 'digestFrequency'],
    [{ inAppEnabled: 'yes' }, 'inAppEnabled'],
    [{ categoryPreferences: { gossip: { email: false } } }, 'categoryPreferences.gossip'],
    [{ categoryPreferences: { comment: { inApp: false } } }, 'categoryPreferences.comment.inApp'],
    [{ categoryPreferences: { comment: { email: null } } }, 'categoryPreferences.comment.email'],
  ])('take nothing but their own fields and values: %j (R14.17)', async (body, field) => {
    const bob = await makePerson(api.isolate)
    const answer = await change(bob, body)
    expect([answer.status, answer.body.errors?.map((error) => error.field)]).toEqual([400, [field]])
    expect((await read(bob)).updatedAt).toBeNull()
  })

  it('are each person’s own', async () => {
    const [ann, bob] = await Promise.all([makePerson(api.isolate), makePerson(api.isolate)])
    await change(ann, { inAppEnabled: false })
    expect((await read(bob)).inAppEnabled).toBe(true)
    await createNotification(systemContext(), news(bob.id))
    expect(await unread(bob)).toBe(1)
  })
})

describe('whoever wants nothing in the app', () => {
  it('is shown nothing in list, count and socket, though it is stored with its other channels (R14.7, R14.8, R14.28)', async () => {
    const bob = await makePerson(api.isolate)
    const bell = await openSocket(api, bob, '/v1/notifications/ws')
    await change(bob, { inAppEnabled: false })
    await createNotification(systemContext(), { ...news(bob.id), title: 'Hidden' })
    await raiseOne(systemContext(), unseenMessages(bob.id))
    expect([await list(bob), await list(bob, '?unreadOnly=true'), await unread(bob)]).toEqual([[], [], 0])
    expect((await api.as(bob).get('/v1/notifications')).body.meta).toMatchObject({ total: 0, totalPages: 0 })
    expect((await rows(bob.id)).map(({ channels }) => channels)).toEqual(['["email","push"]', '["email","push"]'])

    // What comes after it is told after it, so once that is there, this would be.
    await change(bob, { inAppEnabled: true })
    await createNotification(systemContext(), { ...news(bob.id), title: 'Shown' })
    await bell.until(({ event, data }) => event === 'notification:new' && data.title === 'Shown')
    expect(bell.lines.filter(({ event }) => event === 'notification:new')).toHaveLength(1)
    expect((await list(bob)).map(({ title }) => title)).toEqual(['Shown'])
  })

  it('neither reads nor deletes what is not shown (R14.8, R14.12, R14.15)', async () => {
    const bob = await makePerson(api.isolate)
    await change(bob, { inAppEnabled: false })
    const { id } = await createNotification(systemContext(), news(bob.id))
    expect((await api.as(bob).patch(`/v1/notifications/${id}/read`)).status).toBe(404)
    expect((await api.as(bob).delete(`/v1/notifications/${id}`)).status).toBe(404)
    expect(await rows(bob.id)).toHaveLength(1)
  })

  it('marks all read up to what is shown and no further (R14.8, R14.13)', async () => {
    const bob = await makePerson(api.isolate)
    const later = Date.now() + 60_000
    await change(bob, { inAppEnabled: false })
    await raiseOne(systemContext(), unseenMessages(bob.id, { at: later }))
    await api.as(bob).post('/v1/notifications/mark-all-read')
    const watermark = env.ACTIVITY_DB.prepare('select seen_version from notification_watermarks where user_id = ?')
    expect(await watermark.bind(bob.id).first<number>('seen_version')).toBeLessThan(later)
  })

  it('sees the next message of a room again after having changed their mind (R14.8)', async () => {
    const bob = await makePerson(api.isolate)
    const first = unseenMessages(bob.id)
    const raise = (seq: number) => raiseOne(systemContext(), { ...first, seq, count: seq })
    await raise(1)
    expect(await unread(bob)).toBe(1)
    await change(bob, { inAppEnabled: false })
    await raise(2)
    expect([await unread(bob), await list(bob)]).toEqual([0, []])
    await change(bob, { inAppEnabled: true })
    await raise(3)
    expect(await list(bob)).toMatchObject([
      { id: first.notificationId, count: 3, channels: ['in-app', 'email', 'push'] },
    ])
  })
})
