import { sql } from 'drizzle-orm'
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { products } from '../tables.ts'

export const REVIEW_STATES = ['visible', 'hidden'] as const

export const reviews = sqliteTable(
  'reviews',
  {
    /** In the order in which they were made, as `products.seq` is. */
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    productId: text('product_id')
      .notNull()
      .references(() => products.id, { onDelete: 'cascade' }),
    /** Null once the account is erased: what it said stays, and nobody has said it. */
    userId: text('user_id'),
    /** Stars, 1 to 5. */
    rating: integer().notNull(),
    text: text().notNull(),
    /** Hidden ones count for nothing, and are shown to their author and to moderators. */
    state: text({ enum: REVIEW_STATES }).notNull().default('visible'),
    /** What the moderator gave who has hidden it. */
    hiddenReason: text('hidden_reason'),
    version: integer().notNull().default(1),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('reviews_id').on(table.id),
    uniqueIndex('reviews_one_each').on(table.userId, table.productId),
    // What `review-list.ts` walks. Those that do not end in the id end in `seq`.
    index('reviews_by_time').on(table.createdAt),
    index('reviews_by_product').on(table.productId, table.state),
    index('reviews_by_stars').on(table.productId, table.state, table.rating),
    index('reviews_by_rating').on(table.productId, table.state, table.rating, table.id),
    check('reviews_have_stars', sql`rating between 1 and 5`),
  ],
)

/** To whom an order brought which product, as the orders tell it: they may review it. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    userId: text('user_id').notNull(),
    productId: text('product_id').notNull(),
    orderId: text('order_id').notNull(),
    deliveredAt: integer('delivered_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.productId, table.orderId] })],
)

/** The names of people as far as the catalogue shows them, fed by `user.updated`. Whoever never changed or reviewed has none. */
export const profiles = sqliteTable('profiles', {
  id: text().primaryKey(),
  username: text().notNull(),
  avatar: text(),
  /** The user's: a copy with a lower one is older. 0 is of a session, which knows no version. */
  version: integer().notNull(),
})
