import { and, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../platform/db/store.ts'
import { notFound } from '../../../platform/errors.ts'
import type { ProductKey } from '../queries.ts'
import { products } from '../tables.ts'
import { deliveries, reviews } from './tables.ts'

/** The columns of a review, with the names of its author. */
export function reviewColumns() {
  const name = sql<string | null>`(select username from profiles where profiles.id = user_id)`
  const avatar = sql<string | null>`(select avatar from profiles where profiles.id = user_id)`
  return { ...getTableColumns(reviews), username: name.as('author_name'), avatar: avatar.as('author_avatar') }
}

export type ReviewRow = typeof reviews.$inferSelect & { username: string | null; avatar: string | null }

export type ReviewedProduct = Pick<
  typeof products.$inferSelect,
  'id' | 'state' | 'rating' | 'ratingCount' | 'starCounts'
>

/** A product, and what somebody has to do with its reviews; one trip. */
export interface Standing {
  product: ReviewedProduct
  own: ReviewRow | undefined
  /** Whether an order has brought it to them. */
  isDelivered: boolean
}

/** `userId` is null for a guest. @throws Refusal where there is no such product, whatever its state */
export async function fetchStanding(db: Db, key: ProductKey, userId: string | null): Promise<Standing> {
  const [which, id] =
    'id' in key
      ? [eq(products.id, key.id), sql`${key.id}`]
      : [eq(products.slug, key.slug), sql`(select products.id from products where products.slug = ${key.slug})`]
  const [[product], [own], brought] = await db.batch([
    db.select(PRODUCT).from(products).where(which),
    db
      .select(reviewColumns())
      .from(reviews)
      .where(isOf(reviews, userId, id)),
    db
      .select({ orderId: deliveries.orderId })
      .from(deliveries)
      .where(isOf(deliveries, userId, id))
      .limit(1),
  ])
  if (!product) throw notFound('Product')
  return { product, own, isDelivered: brought.length > 0 }
}

/** Nobody's where the caller is a guest: no row is read for them. */
function isOf({ userId, productId }: typeof reviews | typeof deliveries, caller: string | null, id: SQL) {
  return caller === null ? sql`0` : and(eq(userId, caller), eq(productId, id))
}

const PRODUCT = {
  ...{ id: products.id, state: products.state, rating: products.rating },
  ...{ ratingCount: products.ratingCount, starCounts: products.starCounts },
}

/** One review of this product, whoever may see it, and the state of the product. @throws Refusal where there is none */
export async function fetchReview(
  db: Db,
  { productId, reviewId }: { productId: string; reviewId: string },
): Promise<ReviewRow & { productState: ReviewedProduct['state'] }> {
  const state = sql<ReviewedProduct['state']>`(select products.state from products where products.id = product_id)`
  const [row] = await db
    .select({ ...reviewColumns(), productState: state.as('product_state') })
    .from(reviews)
    .where(and(eq(reviews.id, reviewId), eq(reviews.productId, productId)))
  if (!row) throw notFound('Review')
  return row
}
