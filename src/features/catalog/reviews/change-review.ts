import { and, eq, type SQLWrapper } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged, type Step } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import type { EventType } from '../../../platform/events.ts'
import { changedSince, decideAnew, demandExpected, type Expected } from '../../../platform/expected.ts'
import { productsChanged } from '../product-cache.ts'
import { permissionsOf } from '../visible-products.ts'
import { ReviewChanged, ReviewDeleted, ReviewHidden, ReviewRestored } from './events.ts'
import { fetchReview, type ReviewRow } from './queries.ts'
import { type RatingChange, rateProduct } from './rate-product.ts'
import { isModerator } from './read-reviews.ts'
import { shownOf, toReview } from './review-view.ts'
import type { ChangeReviewBody, Review } from './schemas.ts'
import { reviews } from './tables.ts'

export interface ReviewPlace {
  productId: string
  reviewId: string
  expected: Expected | undefined
}

const STILL_THE_SAME = 'review:version'

/** One's own; what would change nothing leaves it as it is. @throws Refusal 403, 404, 412 */
export function changeReview(ctx: ServiceContext, place: ReviewPlace, body: ChangeReviewBody): Promise<Review> {
  return decideAnew(place.expected, () => changeOnce(ctx, place, body))
}

async function changeOnce(ctx: ServiceContext, place: ReviewPlace, body: ChangeReviewBody): Promise<Review> {
  const before = await fetchOwn(ctx, place)
  const { rating = before.rating, text = before.text } = body
  const isSame = rating === before.rating && text === before.text
  demandExpected(place.expected, before.version, () => isSame)
  if (isSame) return toReview(before)
  const after = { ...before, rating, text, version: before.version + 1, updatedAt: ctx.clock() }
  const isRated = before.state === 'visible' && rating !== before.rating
  await commitChange(ctx, after, {
    statement: update(ctx, before, after),
    rating: isRated ? { taken: before.rating, given: rating } : undefined,
    event: ReviewChanged,
  })
  return toReview(after)
}

/** One's own, for good. @throws Refusal 403, 404, 412 */
export function deleteReview(ctx: ServiceContext, place: ReviewPlace): Promise<void> {
  return decideAnew(place.expected, () => deleteOnce(ctx, place))
}

async function deleteOnce(ctx: ServiceContext, place: ReviewPlace): Promise<void> {
  const before = await fetchOwn(ctx, place)
  demandExpected(place.expected, before.version)
  await commitChange(
    ctx,
    { ...before, version: before.version + 1, updatedAt: ctx.clock() },
    {
      statement: ctx.catalog.db.delete(reviews).where(isStill(before)),
      rating: before.state === 'visible' ? { taken: before.rating } : undefined,
      event: ReviewDeleted,
    },
  )
}

/** Out of everybody's sight, and out of the rating, or back. One that is so already stays as it is. @throws Refusal 404, 412 */
export function judgeReview(ctx: ServiceContext, place: ReviewPlace, judgement: Judgement): Promise<Review> {
  return decideAnew(place.expected, () => judgeOnce(ctx, place, judgement))
}

interface Judgement {
  state: ReviewRow['state']
  reason: string
}

async function judgeOnce(
  ctx: ServiceContext,
  { expected, ...place }: ReviewPlace,
  { state, reason }: Judgement,
): Promise<Review> {
  const before = await fetchReview(ctx.catalog.db, place)
  demandExpected(expected, before.version, () => before.state === state)
  if (before.state === state) {
    const review = toReview(before)
    await ctx.catalog.commit(ctx.idempotency.answered(200, review, await shownOf(review)))
    return review
  }
  const isHiding = state === 'hidden'
  const hiddenReason = isHiding ? reason : null
  const after = { ...before, state, hiddenReason, version: before.version + 1, updatedAt: ctx.clock() }
  const review = toReview(after)
  const { productId, reviewId } = place
  await commitChange(ctx, after, {
    statement: update(ctx, before, after),
    rating: isHiding ? { taken: before.rating } : { given: before.rating },
    event: isHiding ? ReviewHidden : ReviewRestored,
    more: [
      ...ctx.idempotency.answered(200, review, await shownOf(review)),
      ctx.audit(isHiding ? 'REVIEW_HIDDEN' : 'REVIEW_RESTORED', {
        ...{ targetType: 'review', targetId: reviewId, reason },
        details: { productId, authorId: before.userId },
      }),
    ],
  })
  return review
}

/** Somebody else's is forbidden; one that they do not see is none. */
async function fetchOwn(ctx: ServiceContext, { productId, reviewId }: ReviewPlace): Promise<ReviewRow> {
  const { userId } = requireUser(ctx)
  const [row, permissions] = await Promise.all([
    fetchReview(ctx.catalog.db, { productId, reviewId }),
    permissionsOf(ctx),
  ])
  if (row.userId !== userId) {
    if (row.state === 'hidden' && !isModerator(permissions)) throw notFound('Review')
    throw new Refusal('FORBIDDEN', 'Somebody else wrote this review')
  }
  return row
}

interface Change {
  statement: SQLWrapper
  rating: RatingChange | undefined
  event: EventType<{ reviewId: string; productId: string; version: number }>
  more?: Step[]
}

/** The review as it was read, or nothing: so the rating takes away what has been given, once. */
async function commitChange(ctx: ServiceContext, after: ReviewRow, { statement, rating, event, more = [] }: Change) {
  const { id, productId, version, updatedAt } = after
  await ctx.catalog.commit(
    [
      ...more,
      statement,
      expectChanged(STILL_THE_SAME),
      ...(rating ? [rateProduct(productId, rating, { at: updatedAt }), expectChanged('review:product')] : []),
      ctx.event(event, { aggregateId: id, sequence: version, payload: { reviewId: id, productId, version } }),
    ],
    { refusals: { [STILL_THE_SAME]: changedSince } },
  )
  if (rating) await productsChanged(ctx)
}

function update({ catalog }: ServiceContext, before: ReviewRow, after: ReviewRow) {
  const { rating, text, state, hiddenReason, version, updatedAt } = after
  return catalog.db
    .update(reviews)
    .set({ rating, text, state, hiddenReason, version, updatedAt })
    .where(isStill(before))
}

function isStill({ id, version }: ReviewRow) {
  return and(eq(reviews.id, id), eq(reviews.version, version))
}
