import { env, exports } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Review, ReviewSummary } from '../../../src/features/catalog/reviews/schemas.ts'
import type { Product } from '../../../src/features/catalog/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { makeProducts } from '../../support/products.ts'
import { deliver, makeDelivered, makeReview } from '../../support/review-examples.ts'

const api = createApi()
const at = (productId: string, rest = '') => `/v1/products/${productId}/reviews${rest}`
const people = (count: number) => Promise.all(Array.from({ length: count }, () => makePerson(api.isolate)))
const summaryOf = async (productId: string) =>
  (await api.get(at(productId))).body.meta.summary as ReviewSummary | undefined
const reason = { reason: 'Advertising' }

describe('a review', () => {
  it('is written once by somebody to whom an order brought the product, and seen by everybody (R17.39, R2.4)', async () => {
    const [ann, bob] = await people(2)
    if (!ann || !bob) throw new Error('Two people')
    const id = await makeDelivered(ann)
    const wanted = { rating: 4, text: '  Soft,\nand it stays so  ' }
    const refused = await api.as(bob).post(at(id), wanted)
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    expect((await api.as(ann).get(at(id))).body.meta).toMatchObject({ mayReview: true, own: null })

    const { status, headers, body } = await api.as(ann).post<Review>(at(id), wanted)
    expect([status, headers.get('location')]).toEqual([201, at(id, `/${body.data.id}`)])
    expect(body.data).toMatchObject({ rating: 4, text: 'Soft,\nand it stays so', isHidden: false, version: 1 })
    expect((await api.as(ann).post(at(id), wanted)).status).toBe(409)

    const listed = await api.get<Review[]>(at(id))
    expect(listed.body.data).toEqual([body.data])
    expect(listed.body.data[0]?.author).toEqual({ id: ann.id, username: ann.username, avatar: null })
    const stars = { 1: 0, 2: 0, 3: 0, 4: 1, 5: 0 }
    expect(listed.body.meta).toMatchObject({ total: 1, summary: { average: 4, count: 1, stars }, mayReview: false })
    expect((await api.as(ann).get(at(id))).body.meta).toMatchObject({ own: { id: body.data.id }, mayReview: false })
    const read = await api.get<Review>(at(id, `/${body.data.id}`))
    expect([read.body.data, read.headers.get('etag')]).toEqual([body.data, headers.get('etag')])
  })

  it('is kept once of ten that one person sends at the same time, and counts once (R17.39)', async () => {
    const ann = await makePerson(api.isolate)
    const id = await makeDelivered(ann)
    const sent = await Promise.all(
      [5, 5, 5, 5, 5, 1, 1, 1, 1, 1].map((rating) => api.as(ann).post(at(id), { rating, text: 'x' })),
    )
    expect(sent.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
    expect(await summaryOf(id)).toMatchObject({ count: 1 })
  })

  it('is taken of published products alone, by their id or their slug', async () => {
    const ann = await makePerson(api.isolate)
    const [draft, bag] = await makeProducts([{ state: 'draft' }, { slug: 'red-bag' }])
    await deliver(draft?.id ?? '', ann)
    await deliver(bag?.id ?? '', ann)
    expect((await api.as(ann).post(at(draft?.id ?? ''), { rating: 5, text: 'x' })).status).toBe(404)
    expect((await api.get(at(draft?.id ?? ''))).status).toBe(404)
    expect((await api.as(ann).post(at('red-bag'), { rating: 5, text: 'x' })).status).toBe(201)
    expect((await api.get<Review[]>(at('red-bag'))).body.data).toHaveLength(1)
    expect((await api.get(at(newId()))).status).toBe(404)
  })

  it('is changed and deleted by its author, as they know it, and by nobody else (R17.39)', async () => {
    const [ann, bob] = await people(2)
    if (!ann || !bob) throw new Error('Two people')
    const { productId, path } = await makeReview(ann)
    expect((await api.as(bob).patch(path, { rating: 1 })).status).toBe(403)
    expect((await api.as(bob).delete(path)).status).toBe(403)
    const changed = await api.as(ann).patch<Review>(path, { rating: 2 }, { headers: { 'if-match': '"1"' } })
    expect(changed.body.data).toMatchObject({ rating: 2, text: 'Soft', version: 2 })
    expect(await summaryOf(productId)).toMatchObject({ average: 2, count: 1, stars: { 2: 1, 4: 0 } })
    for (const stale of [
      api.as(ann).patch(path, { text: 'x' }, { headers: { 'if-match': '"1"' } }),
      api.as(ann).delete(path, { headers: { 'if-match': '"1"' } }),
    ]) {
      expect((await stale).status).toBe(412)
    }
    expect((await api.as(ann).delete(path)).status).toBe(204)
    expect(await summaryOf(productId)).toMatchObject({ average: null, count: 0 })
    expect((await api.get(path)).status).toBe(404)
  })

  it('that is hidden counts for nothing, is seen by its author and moderators, and comes back with a reason (R17.39)', async () => {
    const [ann, moderator] = [await makePerson(api.isolate), await makePerson(api.isolate, { role: 'moderator' })]
    const { productId, reviewId, path } = await makeReview(ann)
    expect((await api.as(ann).post(`${path}/hide`, reason)).status).toBe(403)
    expect((await api.as(moderator).post(`${path}/hide`, {})).status).toBe(400)
    const hidden = await api.as(moderator).post<Review>(`${path}/hide`, reason)
    expect(hidden.body.data).toMatchObject({ isHidden: true, hiddenReason: 'Advertising', version: 2 })
    expect(await summaryOf(productId)).toMatchObject({ average: null, count: 0 })
    const seen = async (who = api as Pick<typeof api, 'get'>) => [
      (await who.get(path)).status,
      (await who.get<Review[]>(at(productId, '?state=hidden'))).body.data.length,
      (await who.get<Review[]>(at(productId))).body.data.length,
    ]
    expect(await seen()).toEqual([404, 0, 0])
    expect(await seen(api.as(ann))).toEqual([200, 0, 0])
    expect(await seen(api.as(moderator))).toEqual([200, 1, 0])
    expect((await api.as(ann).get(at(productId))).body.meta.own).toMatchObject({ hiddenReason: 'Advertising' })

    expect((await api.as(ann).patch<Review>(path, { rating: 1 })).body.data.isHidden).toBe(true)
    expect(await summaryOf(productId)).toMatchObject({ count: 0 })
    const shown = await api.as(moderator).post<Review>(`${path}/restore`, { reason: 'A mistake' })
    expect(shown.body.data).toMatchObject({ isHidden: false, hiddenReason: null })
    expect(await summaryOf(productId)).toMatchObject({ average: 1, count: 1 })
    const { results } = await env.CATALOG_DB.prepare(
      'select action, reason from audit where target_id = ? order by at, id',
    )
      .bind(reviewId)
      .all()
    expect(results).toEqual([
      { action: 'REVIEW_HIDDEN', reason: 'Advertising' },
      { action: 'REVIEW_RESTORED', reason: 'A mistake' },
    ])
  })
})

it('a product has its rating, another version and an event with the review, and lists show it at once (R17.38)', async () => {
  const [ann, bob] = await people(2)
  if (!ann || !bob) throw new Error('Two people')
  const id = await makeDelivered(ann, bob)
  const item = async () =>
    (await api.get<Product[]>('/v1/products?sort=-rating&limit=100')).body.data.find((one) => one.id === id)
  expect(await item()).toMatchObject({ rating: null, ratingCount: 0 })
  const before = (await api.get(`/v1/products/${id}`)).headers.get('etag')
  const written = await api.as(ann).post<Review>(at(id), { rating: 5, text: 'x' })
  await api.as(bob).post(at(id), { rating: 4, text: 'x' })
  expect(await item()).toMatchObject({ rating: 4.5, ratingCount: 2 })
  const after = await api.get<Product>(`/v1/products/${id}`)
  expect(after.body.data).toMatchObject({ rating: 4.5, ratingCount: 2 })
  expect([before, after.headers.get('etag')]).toEqual(['"1"', '"3"'])
  const told = env.CATALOG_DB.prepare("select payload from outbox where type = 'review.written' and aggregate_id = ?")
  const payload = await told.bind(written.body.data.id).first<string>('payload')
  expect(JSON.parse(payload ?? '')).toEqual({ reviewId: written.body.data.id, productId: id, version: 1 })
})

it('reviews are listed newest first, by their stars, and by cursor to the end (R17.39)', async () => {
  const many = await people(7)
  const id = await makeDelivered(...many)
  for (const [i, person] of many.entries()) await api.as(person).post(at(id), { rating: 1 + (i % 3), text: `${i}` })
  const walk = async (query: string) => {
    const texts: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body, status } = await api.get<Review[]>(at(id, `?limit=2&${query}${cursor && `&cursor=${cursor}`}`))
      expect(status).toBe(200)
      texts.push(...body.data.map(({ text }) => text))
      cursor = body.meta.nextCursor as string | null
    }
    return texts.join('')
  }
  expect(await walk('')).toBe('6543210')
  expect(await walk('sort=createdAt')).toBe('0123456')
  expect(await walk('sort=-rating')).toBe('5241630')
  expect(await walk('rating=1')).toBe('630')
  expect(await walk('rating=2&sort=rating')).toBe('14')
  expect((await api.get(at(id, '?rating=1'))).body.meta).toMatchObject({ total: 3, totalIsExact: true })
  expect((await api.get(at(id, '?rating=6'))).status).toBe(400)
})

it('an order’s delivery is told by another service, as often as it likes, and by no body of ours (R17.39)', async () => {
  const ann = await makePerson(api.isolate)
  const [made] = await makeProducts([{}])
  const productId = made?.id ?? ''
  const call = { correlationId: 'the-orders', traceparent: '' }
  const told = { userId: ann.id, orderId: newId(), productIds: [productId, newId()], deliveredAt: 5 }
  for (let i = 0; i < 2; i += 1) {
    expect(await exports.CatalogService.recordDelivery(call, told)).toEqual({ ok: true, value: null })
  }
  const rows = env.CATALOG_DB.prepare('select product_id, delivered_at from deliveries where user_id = ?').bind(ann.id)
  expect((await rows.all()).results).toEqual([{ product_id: productId, delivered_at: 5 }])
  expect((await api.as(ann).post(at(productId), { rating: 5, text: 'x', userId: ann.id })).status).toBe(400)
  expect((await api.as(ann).post(at(productId), { rating: 5, text: 'x' })).status).toBe(201)
})

it('a review shows the picture that its author has now, whatever order it is told in (R24.1)', async () => {
  const ann = await makePerson(api.isolate)
  const id = await makeDelivered(ann)
  const { body } = await api.as(ann).post<Review>(at(id), { rating: 5, text: 'x' })
  const avatar = 'https://images.test/ann.jpg'
  expect((await api.as(ann).patch(`/v2/users/${ann.id}/profile`, { avatar })).status).toBe(200)
  const shown = async () => (await api.get<Review>(at(id, `/${body.data.id}`))).body.data.author?.avatar
  await vi.waitFor(async () => expect(await shown()).toBe(avatar), { timeout: 10_000 })
})

describe('where reviews are not switched on', () => {
  const off = createApi()
  off.isolate.flags = { isOn: async (flag, userId) => flag !== 'reviews' || userId === pilot.id }
  const pilot = { id: newId() }

  it('none of their routes is there, and no product leads to them (R37.6, R2.22)', async () => {
    const ann = await makePerson(api.isolate)
    const { productId, path } = await makeReview(ann)
    const links = async (one: typeof api) => (await one.get(`/v1/products/${productId}`)).body.links
    expect(await links(api)).toMatchObject({ reviews: { href: at(productId) } })
    expect(await links(off)).not.toHaveProperty('reviews')
    const statuses = await Promise.all([
      off.get(at(productId)),
      off.post(at(productId), { rating: 5, text: 'x' }),
      off.get(path),
      off.as(ann).patch(path, { rating: 1 }),
      off.as(ann).delete(path),
      off.as(ann).post(`${path}/hide`, reason),
      off.as(ann).post(`${path}/restore`, reason),
    ])
    expect(statuses.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 404))
    const tags = [await api.get(`/v1/products/${productId}`), await off.get(`/v1/products/${productId}`)]
    expect(new Set(tags.map(({ headers }) => headers.get('etag'))).size).toBe(2)
  })

  it('those who are in have them, while guests have none (R37.6)', async () => {
    const ann = await makePerson(api.isolate)
    const { productId } = await makeReview(ann)
    pilot.id = ann.id
    expect((await off.as(ann).get(at(productId))).status).toBe(200)
    expect((await off.get(at(productId))).status).toBe(404)
  })
})
