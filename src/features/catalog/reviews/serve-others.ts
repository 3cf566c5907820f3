import { desc, eq, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { isoTime } from '../../../platform/clock.ts'
import type { AskReviewer, PersonReview, RecordDelivery } from './schemas.ts'
import { deliveries, profiles, reviews } from './tables.ts'

/** Later than any version of a user: what comes by an event after that is not taken. */
const LAST_VERSION = Number.MAX_SAFE_INTEGER

/** Who may review what from now on; of products that are none, nothing. Again, it is the same. */
export async function recordDelivery(
  { catalog }: ServiceContext,
  { userId, orderId, productIds, deliveredAt }: RecordDelivery,
): Promise<null> {
  await catalog.commit(
    [
      sql`insert into deliveries (user_id, product_id, order_id, delivered_at)
        select ${userId}, products.id, ${orderId}, ${deliveredAt}
        from json_each(${JSON.stringify(productIds)}) as given cross join products on products.id = given.value
        where true on conflict do nothing`,
    ],
    { repeatable: true },
  )
  return null
}

/** What a person has written, newest first: so many, and one more where there is more. */
export async function listPersonReviews(
  { catalog }: ServiceContext,
  { userId, limit }: AskReviewer,
): Promise<PersonReview[]> {
  const { productId, rating, text, hiddenReason, createdAt, updatedAt } = reviews
  const rows = await catalog.db
    .select({ productId, rating, text, hiddenReason, createdAt, updatedAt })
    .from(reviews)
    .where(eq(reviews.userId, userId))
    .orderBy(desc(reviews.createdAt))
    .limit(limit + 1)
  return rows.map((row) => ({ ...row, createdAt: isoTime(row.createdAt), updatedAt: isoTime(row.updatedAt) }))
}

/**
 * Takes a person out of the catalogue: their reviews stay, as what others have bought by, and are nobody's from then on;
 * no product changes by it. It may be repeated.
 */
export async function forgetPerson({ catalog }: ServiceContext, { userId }: { userId: string }): Promise<null> {
  const { db } = catalog
  const nameless = { username: '', avatar: null, version: LAST_VERSION }
  await catalog.commit(
    [
      db.update(reviews).set({ userId: null }).where(eq(reviews.userId, userId)),
      db.delete(deliveries).where(eq(deliveries.userId, userId)),
      db
        .insert(profiles)
        .values({ id: userId, ...nameless })
        .onConflictDoUpdate({ target: profiles.id, set: nameless }),
    ],
    { repeatable: true },
  )
  return null
}
