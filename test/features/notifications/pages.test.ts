import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Notification } from '../../../src/features/notifications/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()

/** So many notifications, `n0` the oldest. */
async function store(userId: string, count: number): Promise<void> {
  await env.ACTIVITY_DB.prepare(
    `insert into notifications (id, user_id, title, message, category, channels, created_at, updated_at)
     select value, ?1, 'n' || key, 'message', 'system', '["in-app"]', key + 1, key + 1 from json_each(?2)`,
  )
    .bind(userId, JSON.stringify(Array.from({ length: count }, () => newId())))
    .run()
}

const get = (person: TestPerson, query: string) => api.as(person).get<Notification[]>(`/v1/notifications${query}`)
const titles = ({ body }: Awaited<ReturnType<typeof get>>) => body.data.map(({ title }) => title)
const named = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => `n${from - i}`)

describe('own notifications by page', () => {
  let bob: TestPerson
  beforeAll(async () => {
    bob = await makePerson(api.isolate)
    await store(bob.id, 45)
  })

  it('begin with the first twenty, and tell where they stand (R14.11, R14.29, R0.2)', async () => {
    const first = await get(bob, '')
    expect(titles(first)).toEqual(named(44, 25))
    expect(first.body.meta).toMatchObject({
      ...{ page: 1, limit: 20, total: 45, totalIsExact: true, totalPages: 3 },
      ...{ hasNextPage: true, hasPrevPage: false },
    })
    const last = await get(bob, '?page=3')
    expect(titles(last)).toEqual(named(4, 0))
    expect(last.body.meta).toMatchObject({ page: 3, hasNextPage: false, hasPrevPage: true, nextCursor: null })
    expect(titles(await get(bob, '?page=2&limit=7'))).toEqual(named(37, 31))
    expect((await get(bob, '?page=9')).body).toMatchObject({ data: [], meta: { page: 9, total: 45 } })
  })

  it('go on by cursor from any page, and then tell no number (R14.11)', async () => {
    const { body } = await get(bob, '?page=2&limit=10')
    const next = await get(bob, `?limit=10&cursor=${body.meta.nextCursor}`)
    expect(titles(next)).toEqual(named(24, 15))
    expect(next.body.meta).toMatchObject({ limit: 10, hasNextPage: true })
    expect(next.body.meta).not.toHaveProperty('total')
  })

  it('count the unread where only those are asked for (R14.11, R14.29)', async () => {
    const [newest] = (await get(bob, '?limit=1')).body.data
    await api.as(bob).patch(`/v1/notifications/${newest?.id}/read`)
    const unread = await get(bob, '?unreadOnly=true&page=2&limit=40')
    expect([titles(unread), unread.body.meta.total]).toEqual([named(3, 0), 44])
    expect((await get(bob, '?unreadOnly=yes')).body.meta.total).toBe(45)
  })

  it.each([
    ['?page=1&cursor=abc', 'cursor', 'not both'],
    ['?page=501', 'page', 'cursor'],
    ['?page=101&limit=100', 'page', 'cursor'],
    ['?page=0', 'page', ''],
  ])('refuse %s, and say why', async (query, field, why) => {
    const { status, body } = await get(bob, query)
    expect([status, body.errors]).toEqual([400, [{ field, message: expect.stringContaining(why) }]])
  })

  it('count to a thousand and then say so; by cursor they cost the same however many there are', async () => {
    const cara = await makePerson(api.isolate)
    await store(cara.id, 1_200)
    const far = await get(cara, '?page=60')
    expect(far.body.meta).toMatchObject({ total: 1_000, totalIsExact: false, totalPages: 50, hasNextPage: false })
    expect(titles(far)).toEqual(named(19, 0))
    const { body } = await get(cara, '?page=50')
    expect(body.meta.hasNextPage).toBe(true)
    const { costs } = await get(cara, `?cursor=${body.meta.nextCursor}`)
    expect(costs.d1RowsRead).toBeLessThan(40)
  })
})
