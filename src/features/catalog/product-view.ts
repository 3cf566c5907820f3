import { getTableColumns, sql } from 'drizzle-orm'
import { isoTime } from '../../platform/clock.ts'
import type { WholeProduct } from './queries.ts'
import type { Product, ProductItem } from './schemas.ts'
import { products } from './tables.ts'

/** The columns of a product in a list, with the slug of its category: given where all are of one, or not `named` here. */
export function itemColumns(category?: { slug: string } | 'not named') {
  const given = category === 'not named' ? sql`null` : category && sql`${category.slug}`
  const slug = given ?? sql`(select slug from categories where categories.id = category_id)`
  return { ...getTableColumns(products), category: sql<string | null>`${slug}`.as('category') }
}

export type ItemRow = typeof products.$inferSelect & { category: string | null }

const HUNDREDTHS = 100

/** `asStaff` is for those who may change products. */
export function toProductItem(row: ItemRow, asStaff: boolean): ProductItem {
  const { id, slug, sku, name, description, brand, categoryId, category, price, compareAtPrice, currency } = row
  return {
    ...{ id, slug, sku, name, description, brand, categoryId, category, price, compareAtPrice, currency },
    stock: row.stock,
    inStock: row.stock > 0,
    weightGrams: row.weightGrams,
    attributes: row.attributes,
    images: row.images,
    tags: row.tags,
    rating: row.ratingCount === 0 ? null : row.rating / HUNDREDTHS,
    ratingCount: row.ratingCount,
    isActive: row.state === 'published',
    createdAt: isoTime(row.createdAt),
    updatedAt: isoTime(row.updatedAt),
    publishedAt: row.publishedAt === null ? null : isoTime(row.publishedAt),
    ...(asStaff ? { state: row.state, ownerId: row.ownerId } : {}),
  }
}

export function toProduct(row: WholeProduct, asStaff: boolean): Product {
  return { ...toProductItem(row, asStaff), variants: row.variants }
}
