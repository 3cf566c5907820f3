import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { productsChanged } from '../product-cache.ts'
import { productKey } from '../read-product.ts'
import { ReviewWritten } from './events.ts'
import { fetchStanding, type ReviewRow } from './queries.ts'
import { rateProduct } from './rate-product.ts'
import { shownOf, toReview } from './review-view.ts'
import type { Review, WriteReviewBody } from './schemas.ts'
import { profiles } from './tables.ts'

const PUBLISHED = 'product:published'

/**
 * What somebody says of a product that an order has brought them, once.
 * @throws Refusal 404 where the product is not published, 403 where none has, 409 where they have said it
 */
export async function writeReview(ctx: ServiceContext, idOrSlug: string, body: WriteReviewBody): Promise<Review> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.catalog
  const [{ product, own, isDelivered }, session] = await Promise.all([
    fetchStanding(db, productKey(idOrSlug), userId),
    ctx.session(),
  ])
  if (product.state !== 'published') throw notFound('Product')
  if (own) throw once()
  if (!isDelivered) {
    const message = 'Only somebody to whom an order has brought this product may review it'
    throw new Refusal('FORBIDDEN', message, { isRoutine: true })
  }
  const now = ctx.clock()
  const { username, avatar } = session
  const row: Omit<ReviewRow, 'seq'> = {
    ...{ id: ctx.newId(), productId: product.id, userId, username, avatar, ...body },
    ...{ state: 'visible', hiddenReason: null, version: 1, createdAt: now, updatedAt: now },
  }
  const review = toReview({ ...row, seq: 0 })
  await ctx.catalog.commit(
    [
      ...ctx.idempotency.answered(201, review, await shownOf(review)),
      sql`insert into reviews (id, product_id, user_id, rating, text, created_at, updated_at)
        values (${row.id}, ${row.productId}, ${userId}, ${row.rating}, ${row.text},
          max(${now}, (select coalesce(max(created_at), 0) from reviews)), ${now})`,
      rateProduct(product.id, { given: row.rating }, { at: now, onlyPublished: true }),
      expectChanged(PUBLISHED),
      // A name that came by an event is no older than this one, which the isolate may remember for some seconds.
      db.insert(profiles).values({ id: userId, username, avatar, version: 0 }).onConflictDoNothing(),
      ctx.event(ReviewWritten, {
        aggregateId: row.id,
        sequence: 1,
        payload: { reviewId: row.id, productId: product.id, version: 1 },
      }),
    ],
    { refusals: { 'reviews.user_id, reviews.product_id': once, [PUBLISHED]: () => notFound('Product') } },
  )
  await productsChanged(ctx)
  return review
}

function once(): Refusal {
  return new Refusal('CONFLICT', 'You have reviewed this product already: change what you wrote')
}
