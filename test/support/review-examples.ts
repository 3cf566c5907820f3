import { env } from 'cloudflare:workers'
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { deliveries, profiles, reviews } from '../../src/features/catalog/reviews/tables.ts'
import { products, type StarCounts } from '../../src/features/catalog/tables.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Example, World } from './examples.ts'
import type { TestPerson } from './people.ts'
import { makeProducts } from './products.ts'

type Make = (world: World) => Promise<Example>
type Person = Pick<TestPerson, 'id' | 'username'>

const FOUR_STARS: StarCounts = [0, 0, 0, 1, 0]

const db = () => drizzle(env.CATALOG_DB)

/** An order has brought them this product. */
export async function deliver(productId: string, ...people: { id: string }[]): Promise<void> {
  const rows = people.map(({ id: userId }) => ({ userId, productId, orderId: newId(), deliveredAt: 1 }))
  await db().insert(deliveries).values(rows)
}

/** A published product that was brought to these people. */
export async function makeDelivered(...people: { id: string }[]): Promise<string> {
  const [made] = await makeProducts([{}])
  const productId = made?.id ?? ''
  if (people.length > 0) await deliver(productId, ...people)
  return productId
}

/** A product with a review of four stars by this person, straight into the tables, counted or hidden. */
export async function makeReview(
  author: Person,
  state: 'visible' | 'hidden' = 'visible',
): Promise<{ productId: string; reviewId: string; path: string }> {
  const rated = { rating: 400, ratingCount: 1, ratingSum: 4, starCounts: FOUR_STARS }
  const [made] = await makeProducts([state === 'visible' ? rated : {}])
  const [productId, reviewId, at] = [made?.id ?? '', newId(), Date.now()]
  await db().batch([
    db()
      .insert(reviews)
      .values({
        ...{ id: reviewId, productId, userId: author.id, rating: 4, text: 'Soft', state },
        hiddenReason: state === 'hidden' ? 'Spam' : null,
        ...{ createdAt: at, updatedAt: at },
      }),
    db()
      .insert(profiles)
      .values({ id: author.id, username: author.username, avatar: null, version: 1 })
      .onConflictDoNothing(),
  ])
  return { productId, reviewId, path: `/v1/products/${productId}/reviews/${reviewId}` }
}

/** One product with a review of each of these people, one person with a review of every product, and their deliveries. */
export async function growReviews(owner: { id: string }, people: string): Promise<void> {
  const catalog = (sql: string, ...values: unknown[]) => env.CATALOG_DB.prepare(sql).bind(...values)
  const id = await reviewed()
  await env.CATALOG_DB.batch([
    catalog(
      `insert into profiles (id, username, avatar, version)
       select value, 'reviewer_' || key, null, 1 from json_each(?)`,
      people,
    ),
    catalog(
      `insert into deliveries (user_id, product_id, order_id, delivered_at)
       select ?1, ?2, value, 1 from json_each(?3) union all select ?1, id, id, 1 from products where id <> ?2`,
      ...[owner.id, id, people],
    ),
    catalog(
      `insert into reviews (id, product_id, user_id, rating, text, state, created_at, updated_at)
       select 'review ' || value, ?1, value, 1 + key % 5, 'Soft', iif(key % 3, 'visible', 'hidden'), key, key
       from json_each(?2)`,
      ...[id, people],
    ),
    catalog(
      `insert into reviews (id, product_id, user_id, rating, text, created_at, updated_at)
       select 'own ' || id, id, ?1, 4, 'Soft', 10000, 10000 from products where id <> ?2`,
      ...[owner.id, id],
    ),
    catalog(
      `update products set rating_count = 600, rating_sum = 1800, rating = 300, star_counts = '[120,120,120,120,120]'
       where id = ?`,
      id,
    ),
  ])
}

/** The product that has reviews where others do. */
async function reviewed(): Promise<string> {
  const [known] = await db().select({ id: products.id }).from(products).where(eq(products.slug, 'reviewed'))
  const [made] = known ? [known] : await makeProducts([{ slug: 'reviewed' }])
  return made?.id ?? ''
}

async function onOwn({ owner }: World, state?: 'hidden'): Promise<string> {
  return (await makeReview(owner, state)).path
}

const reason = 'because of a test'

export const REVIEW_EXAMPLES: Record<string, Make> = {
  'GET /v1/products/:id/reviews': async () => ({ path: `/v1/products/${await reviewed()}/reviews?limit=10` }),
  'POST /v1/products/:id/reviews': async ({ owner }) => ({
    path: `/v1/products/${await makeDelivered(owner)}/reviews`,
    body: { rating: 5, text: 'Soft' },
  }),
  'GET /v1/products/:id/reviews/:reviewId': async (world) => ({ path: await onOwn(world) }),
  'PATCH /v1/products/:id/reviews/:reviewId': async (world) => ({
    path: await onOwn(world),
    body: { rating: 1, text: 'Rough' },
  }),
  'DELETE /v1/products/:id/reviews/:reviewId': async (world) => ({ path: await onOwn(world) }),
  'POST /v1/products/:id/reviews/:reviewId/hide': async (world) => ({
    path: `${await onOwn(world)}/hide`,
    body: { reason },
  }),
  'POST /v1/products/:id/reviews/:reviewId/restore': async (world) => ({
    path: `${await onOwn(world, 'hidden')}/restore`,
    body: { reason },
  }),
}
