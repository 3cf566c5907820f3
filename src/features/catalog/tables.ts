import { sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

export const PRODUCT_STATES = ['draft', 'published', 'archived'] as const

/** From one star to five. */
export type StarCounts = [number, number, number, number, number]
export const NO_STARS: StarCounts = [0, 0, 0, 0, 0]

/** A tree: who stands under nobody has no parent. */
export const categories = sqliteTable(
  'categories',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    slug: text().notNull(),
    parentId: text('parent_id').references((): AnySQLiteColumn => categories.id, { onDelete: 'restrict' }),
    /** Among those under the same parent, lowest first. */
    position: integer().notNull().default(0),
    version: integer().notNull().default(1),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('categories_slug').on(table.slug),
    index('categories_by_parent').on(table.parentId, table.position, table.id),
  ],
)

export const products = sqliteTable(
  'products',
  {
    /**
     * In the order in which they were made, so `created_at` never falls as it rises: a list by time is a list by it. The
     * search indexes know a product by it. Never on the wire.
     */
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    ownerId: text('owner_id').notNull(),
    categoryId: text('category_id').references(() => categories.id, { onDelete: 'restrict' }),
    name: text().notNull(),
    /** Folded, for sorting. */
    nameKey: text('name_key').notNull(),
    slug: text().notNull(),
    sku: text().notNull(),
    description: text().notNull().default(''),
    brand: text(),
    /** In minor units of `currency`, as is what it cost before. */
    price: integer().notNull(),
    compareAtPrice: integer('compare_at_price'),
    currency: text().notNull(),
    /** Shown here; changed by the inventory alone. */
    stock: integer().notNull().default(0),
    weightGrams: integer('weight_grams'),
    /** Name to value: `{ material: 'linen' }`. */
    attributes: text({ mode: 'json' }).$type<Record<string, string>>().notNull().default({}),
    images: text({ mode: 'json' }).$type<{ url: string; alt: string }[]>().notNull().default([]),
    /** Also one row each in `product_tags`, by which they are found. */
    tags: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    /** Only the published ones are seen by everybody; archived is what deleting does. */
    state: text({ enum: PRODUCT_STATES }).notNull().default('draft'),
    /** Hundredths of a star, 100 to 500; 0 while nobody has rated. */
    rating: integer().notNull().default(0),
    ratingCount: integer('rating_count').notNull().default(0),
    ratingSum: integer('rating_sum').notNull().default(0),
    /** How many have given one star, two, and so on to five. */
    starCounts: text('star_counts', { mode: 'json' }).$type<StarCounts>().notNull().default(NO_STARS),
    /** Raised by each change: the `ETag`, and the `sequence` of the product's events. */
    version: integer().notNull().default(1),
    publishedAt: integer('published_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('products_id').on(table.id),
    uniqueIndex('products_slug').on(table.slug),
    uniqueIndex('products_sku').on(table.sku),
    // What `product-list.ts` walks. Those that do not end in the id end in `seq`, as every index of SQLite does.
    index('products_by_time').on(table.createdAt),
    index('products_by_state').on(table.state),
    index('products_by_price').on(table.state, table.price, table.id),
    index('products_by_name').on(table.state, table.nameKey, table.id),
    index('products_by_stock').on(table.state, table.stock, table.id),
    index('products_by_rating').on(table.state, table.rating, table.id),
    index('products_by_category').on(table.categoryId, table.state),
    index('products_by_category_and_price').on(table.categoryId, table.state, table.price, table.id),
    index('products_by_category_and_name').on(table.categoryId, table.state, table.nameKey, table.id),
    index('products_by_category_and_rating').on(table.categoryId, table.state, table.rating, table.id),
    index('products_by_brand').on(table.brand, table.state),
    check('products_stock_is_there', sql`stock >= 0`),
    check('products_price_is_paid', sql`price >= 0`),
    check('products_was_dearer', sql`compare_at_price is null or compare_at_price >= price`),
  ],
)

export const productTags = sqliteTable(
  'product_tags',
  {
    tag: text().notNull(),
    productSeq: integer('product_seq')
      .notNull()
      .references(() => products.seq, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.tag, table.productSeq] }),
    index('product_tags_by_product').on(table.productSeq),
  ],
)

/** The forms in which a product is sold, such as sizes: what differs, and what it costs where that differs. */
export const productVariants = sqliteTable(
  'product_variants',
  {
    id: text().primaryKey(),
    productSeq: integer('product_seq')
      .notNull()
      .references(() => products.seq, { onDelete: 'cascade' }),
    sku: text().notNull(),
    /** Name to value: `{ size: 'M' }`, no two of a product alike. */
    attributes: text({ mode: 'json' }).$type<Record<string, string>>().notNull(),
    /** Minor units; null where it is the product's. */
    price: integer(),
    position: integer().notNull(),
  },
  (table) => [
    uniqueIndex('product_variants_sku').on(table.sku),
    index('product_variants_by_product').on(table.productSeq, table.position),
    check('product_variants_price_is_paid', sql`price is null or price >= 0`),
  ],
)
