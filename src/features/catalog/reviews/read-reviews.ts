import type { Permission, ServiceContext } from '../../../context.ts'
import { notFound } from '../../../platform/errors.ts'
import { findPage, type PageOf } from '../../../platform/lists/find-page.ts'
import type { Condition, SortKey } from '../../../platform/lists/list-query.ts'
import { type CountedPage, type Total, totalOf } from '../../../platform/paging.ts'
import { productKey } from '../read-product.ts'
import { isStaff, permissionsOf } from '../visible-products.ts'
import { fetchReview, fetchStanding, type ReviewedProduct, type ReviewRow, reviewColumns } from './queries.ts'
import { REVIEW_LIST } from './review-list.ts'
import { summaryOf, toReview } from './review-view.ts'
import type { Review, ReviewSummary } from './schemas.ts'

export interface ReviewsWanted {
  /** Only those with so many stars. */
  rating: number | undefined
  state: 'visible' | 'hidden'
  sort: readonly SortKey[]
  paging: PageOf
}

export interface ReviewPage extends CountedPage<Review> {
  summary: ReviewSummary
  own: Review | null
  mayReview: boolean
}

/** One page of a product's reviews; hidden ones are found by moderators alone. @throws Refusal as `findPage` does, 404 */
export async function readReviews(ctx: ServiceContext, idOrSlug: string, wanted: ReviewsWanted): Promise<ReviewPage> {
  const { paging, state, rating } = wanted
  const key = productKey(idOrSlug)
  // A slug says only then which product is meant, and who is no moderator finds no hidden ones.
  const isEarly = 'id' in key && state === 'visible'
  const [{ product, own, isDelivered }, permissions, early] = await Promise.all([
    fetchStanding(ctx.catalog.db, key, callerOf(ctx)),
    permissionsOf(ctx),
    isEarly ? findReviews(ctx, key.id, wanted) : undefined,
  ])
  demandSeen(product.state, permissions)
  const about = {
    summary: summaryOf(product),
    own: own ? toReview(own) : null,
    mayReview: isDelivered && !own && product.state === 'published',
  }
  if (state === 'hidden' && !isModerator(permissions)) {
    return { items: [], nextCursor: null, total: 'page' in paging ? totalOf(0) : null, ...about }
  }
  const found = early ?? (await findReviews(ctx, product.id, wanted))
  const total = state === 'visible' ? countOf(product, rating) : found.total
  return { items: found.rows.map(toReview), nextCursor: found.nextCursor, total: inPage(paging, total), ...about }
}

/** How many visible ones there are the product knows: only hidden ones are counted. */
function findReviews(ctx: ServiceContext, productId: string, { rating, state, sort, paging }: ReviewsWanted) {
  const conditions: Condition[] = [
    { field: 'product', op: 'eq', value: productId },
    { field: 'state', op: 'eq', value: state },
    ...(rating === undefined ? [] : [{ field: 'rating', op: 'eq', value: rating } as const]),
  ]
  const known = state === 'visible' ? { total: totalOf(0) } : {}
  return findPage<ReviewRow>(ctx.catalog.db, REVIEW_LIST, reviewColumns(), { conditions, sort }, paging, known)
}

/** One review, as somebody sees it. @throws Refusal where they do not */
export async function readReview(ctx: ServiceContext, place: { productId: string; reviewId: string }): Promise<Review> {
  const [row, permissions] = await Promise.all([fetchReview(ctx.catalog.db, place), permissionsOf(ctx)])
  if (row.userId === null || row.userId !== callerOf(ctx)) {
    demandSeen(row.productState, permissions)
    if (row.state === 'hidden' && !isModerator(permissions)) throw notFound('Review')
  }
  return toReview(row)
}

function callerOf({ actor }: ServiceContext): string | null {
  return actor.kind === 'user' ? actor.userId : null
}

/** Whether they see what is hidden. */
export function isModerator(permissions: readonly Permission[]): boolean {
  return permissions.includes('moderate:content')
}

function demandSeen(state: ReviewedProduct['state'], permissions: readonly Permission[]): void {
  if (state !== 'published' && !isStaff(permissions)) throw notFound('Product')
}

/** The product knows how many there are. */
function countOf({ ratingCount, starCounts }: ReviewedProduct, rating: number | undefined): Total {
  return { total: (rating === undefined ? ratingCount : starCounts[rating - 1]) ?? 0, isExact: true }
}

function inPage(paging: PageOf, total: Total | null): Total | null {
  return 'page' in paging ? total : null
}
