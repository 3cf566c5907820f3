import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Review } from '../../../src/features/catalog/reviews/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'
import { makeDelivered, makeReview } from '../../support/review-examples.ts'

const queues = holdQueues()
const api = createApi()

/** What the product says, what its reviews say, and how many events tell of them. */
async function standing(productId: string) {
  const of = (query: string) => env.CATALOG_DB.prepare(query).bind(productId)
  const [product, counted, told] = await env.CATALOG_DB.batch<Record<string, number>>([
    of('select rating_count, rating_sum, version from products where id = ?'),
    of(`select count(*) as rating_count, coalesce(sum(rating), 0) as rating_sum from reviews
        where product_id = ? and state = 'visible'`),
    of("select count(*) as events from outbox where payload ->> 'productId' = ?"),
  ])
  return { product: product?.results[0], counted: counted?.results[0], events: told?.results[0]?.events }
}

describe('cut off at any call', () => {
  it('a review is there with its rating and its event, or not at all; its repeat answers it (S1, R35.2, R17.39)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const ann = await makePerson(api.isolate)
        return { ann, productId: await makeDelivered(ann), headers: { 'idempotency-key': newId() } }
      },
      act: (process, { ann, productId, headers }) =>
        process.api.as(ann).post<Review>(`/v1/products/${productId}/reviews`, { rating: 4, text: 'x' }, { headers }),
      repeat: (process, { ann, productId, headers }) =>
        process.api.as(ann).post<Review>(`/v1/products/${productId}/reviews`, { rating: 4, text: 'x' }, { headers }),
      check: async ({ productId }, { answer, again }) => {
        expect(again).toMatchObject({ status: 201, body: { data: { rating: 4 } } })
        if (answer?.status === 201) expect(again.body.data).toEqual(answer.body.data)
        const { product, counted, events } = await standing(productId)
        expect(product).toEqual({ rating_count: 1, rating_sum: 4, version: 2 })
        expect([counted, events]).toEqual([{ rating_count: 1, rating_sum: 4 }, 1])
      },
    })
    expect(calls.join()).toMatch(/insert reviews; update products/)
  })

  it('a review that is hidden takes its stars along once, or stays (S1, R35.2, R17.39)', async () => {
    const moderator = await makePerson(api.isolate, { role: 'moderator' })
    const hide = { reason: 'Advertising' }
    await crashEverywhere({
      queues,
      arrange: async () => {
        const review = await makeReview(await makePerson(api.isolate))
        return { ...review, headers: { 'idempotency-key': newId() } }
      },
      act: (process, { path, headers }) => process.api.as(moderator).post<Review>(`${path}/hide`, hide, { headers }),
      repeat: (process, { path, headers }) => process.api.as(moderator).post<Review>(`${path}/hide`, hide, { headers }),
      check: async ({ productId, reviewId }, { again }) => {
        expect(again).toMatchObject({ status: 200, body: { data: { isHidden: true, version: 2 } } })
        const { product, events } = await standing(productId)
        expect([product, events]).toEqual([{ rating_count: 0, rating_sum: 0, version: 2 }, 1])
        const acts = env.CATALOG_DB.prepare('select count(*) as acts from audit where target_id = ?')
        expect(await acts.bind(reviewId).first('acts')).toBe(1)
      },
    })
  })
})
