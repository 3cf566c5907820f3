import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { pagingOf } from '../../../http/conventions/list-answer.ts'
import { pagedMeta, pagedQuery } from '../../../http/conventions/pagination.ts'
import { entityTag, weakTag } from '../../../http/conventions/preconditions.ts'
import { sortOf, sortParameters } from '../../../http/conventions/sorting.ts'
import { envelope, numberedPage, ok } from '../../../http/envelope.ts'
import { ProductIdOrSlug } from '../write-schemas.ts'
import { changeReview, deleteReview, judgeReview } from './change-review.ts'
import { readReview, readReviews } from './read-reviews.ts'
import { shownOf } from './review-view.ts'
import { ChangeReviewBody, JudgeReviewBody, Review, ReviewId, ReviewsMeta, WriteReviewBody } from './schemas.ts'
import { REVIEW_STATES } from './tables.ts'
import { writeReview } from './write-review.ts'

const ReviewsQuery = pagedQuery(10).safeExtend({
  /** Only those with so many stars. */
  rating: z
    .string()
    .regex(/^[1-5]$/, 'Use 1 to 5')
    .transform(Number)
    .optional(),
  /** Hidden ones are found by moderators. */
  state: z.enum(REVIEW_STATES).default('visible'),
  ...sortParameters(['createdAt', 'rating']),
})

const common = { tag: 'Reviews', limits: [], idempotency: 'off', cache: 'no-store', flag: 'reviews' } as const
const keyed = { ...common, idempotency: { key: 'optional', store: 'catalog' } } as const
const changing = { ...common, access: 'user', precondition: 'optional', param: ReviewId } as const
const judging = {
  ...keyed,
  access: { permissions: ['moderate:content'] },
  precondition: 'optional',
  cost: { trips: 3, sequential: 2, rowsRead: 100, rowsWritten: 60, hops: 0, sends: 0 },
  param: ReviewId,
  json: JudgeReviewBody,
  bodyLimit: SMALL_BODY,
  answers: { 200: envelope(Review) },
} as const
const forEverybody = { permissions: ['read:product'], orGuest: true } as const

/** Below a product: what people say of it to whom an order has brought it. */
export const reviewRoutes = new Hono<AppEnv>()
  .get(
    '/:id/reviews',
    contract('List the reviews of a product, newest first', {
      ...common,
      cache: 'revalidate',
      access: forEverybody,
      description:
        'Of the product by its id or slug. `meta.summary` is what all that are visible amount to; `meta.own` is what ' +
        'the caller wrote, also where it is hidden, and `meta.mayReview` whether they may write one.',
      cost: { trips: 3, sequential: 2, rowsRead: { perItem: 4, besides: 1_100 }, rowsWritten: 0, hops: 0, sends: 0 },
      param: ProductIdOrSlug,
      query: ReviewsQuery,
      answers: { 200: numberedPage(Review, ReviewsMeta) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const { rating, state } = query
      const { summary, own, mayReview, ...page } = await readReviews(c.get('ctx'), c.req.valid('param').id, {
        ...{ rating, state, paging: pagingOf(query) },
        sort: sortOf(query, { field: 'createdAt', direction: 'desc' }),
      })
      const meta = { ...pagedMeta(page, query), summary, own, mayReview }
      return ok(c, page.items, { meta, etag: await weakTag([page.items, meta]) })
    },
  )
  .post(
    '/:id/reviews',
    contract('Review a product', {
      ...keyed,
      made: '/products/{productId}/reviews/{id}',
      access: 'user',
      description:
        'By somebody to whom an order has brought it (403 for others), once each (409). What is not published is 404.',
      cost: { trips: 3, sequential: 2, rowsRead: 200, rowsWritten: 100, hops: 0, sends: 0 },
      param: ProductIdOrSlug,
      json: WriteReviewBody,
      bodyLimit: SMALL_BODY,
      answers: { 201: envelope(Review) },
    }),
    async (c) => {
      const review = await writeReview(c.get('ctx'), c.req.valid('param').id, c.req.valid('json'))
      return ok(c, review, { status: 201, etag: await tagOf(review) })
    },
  )
  .get(
    '/:id/reviews/:reviewId',
    contract('Read a review', {
      ...common,
      cache: 'revalidate',
      access: forEverybody,
      cost: { trips: 2, sequential: 1, rowsRead: 50, rowsWritten: 0, hops: 0, sends: 0 },
      param: ReviewId,
      answers: { 200: envelope(Review) },
    }),
    async (c) => {
      const { id: productId, reviewId } = c.req.valid('param')
      const review = await readReview(c.get('ctx'), { productId, reviewId })
      return ok(c, review, { etag: await tagOf(review) })
    },
  )
  .patch(
    '/:id/reviews/:reviewId',
    contract('Change a review of one’s own', {
      ...changing,
      description: 'The rating of the product follows at once. A hidden one stays hidden.',
      cost: { trips: 3, sequential: 2, rowsRead: 100, rowsWritten: 60, hops: 0, sends: 0 },
      json: ChangeReviewBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Review) },
    }),
    async (c) => {
      const { id: productId, reviewId } = c.req.valid('param')
      const expected = c.get('expected')
      const review = await changeReview(c.get('ctx'), { productId, reviewId, expected }, c.req.valid('json'))
      return ok(c, review, { etag: await tagOf(review) })
    },
  )
  .delete(
    '/:id/reviews/:reviewId',
    contract('Delete a review of one’s own', {
      ...changing,
      cost: { trips: 3, sequential: 2, rowsRead: 100, rowsWritten: 60, hops: 0, sends: 0 },
      answers: { 204: null },
    }),
    async (c) => {
      const { id: productId, reviewId } = c.req.valid('param')
      await deleteReview(c.get('ctx'), { productId, reviewId, expected: c.get('expected') })
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/reviews/:reviewId/hide',
    contract('Hide a review', {
      ...judging,
      description: 'Its author and moderators still see it, and the reason; it counts for nothing.',
    }),
    async (c) => {
      const { id: productId, reviewId } = c.req.valid('param')
      const place = { productId, reviewId, expected: c.get('expected') }
      const review = await judgeReview(c.get('ctx'), place, { state: 'hidden', ...c.req.valid('json') })
      return ok(c, review, { etag: await tagOf(review) })
    },
  )
  .post(
    '/:id/reviews/:reviewId/restore',
    contract('Show a hidden review again', { ...judging, description: 'It counts again from now on.' }),
    async (c) => {
      const { id: productId, reviewId } = c.req.valid('param')
      const place = { productId, reviewId, expected: c.get('expected') }
      const review = await judgeReview(c.get('ctx'), place, { state: 'visible', ...c.req.valid('json') })
      return ok(c, review, { etag: await tagOf(review) })
    },
  )

async function tagOf(review: Review): Promise<string> {
  const { version, view } = await shownOf(review)
  return entityTag(version, view)
}
