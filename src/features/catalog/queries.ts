import { asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../platform/db/store.ts'
import { notFound } from '../../platform/errors.ts'
import { type ItemRow, itemColumns } from './product-view.ts'
import { categories, products, productVariants } from './tables.ts'

export type VariantRow = Pick<typeof productVariants.$inferSelect, 'id' | 'sku' | 'attributes' | 'price'>
export type CategoryRow = typeof categories.$inferSelect

/** A product with all that its representation shows. */
export interface WholeProduct extends ItemRow {
  /** Null where it has none. */
  categoryVersion: number | null
  variants: VariantRow[]
}

export type ProductKey = { id: string } | { slug: string }

/** One product of whatever state, in one trip; undefined where there is none. */
export async function findProduct(db: Db, key: ProductKey): Promise<WholeProduct | undefined> {
  const [product] = await findProducts(db, 'id' in key ? eq(products.id, key.id) : eq(products.slug, key.slug))
  return product
}

/** The products of these ids, in no order; of those that are not there, nothing. */
export function findProductsById(db: Db, ids: readonly string[]): Promise<WholeProduct[]> {
  return findProducts(db, sql`${products.id} in (select value from json_each(${JSON.stringify(ids)}))`)
}

async function findProducts(db: Db, which: SQL): Promise<WholeProduct[]> {
  const version = sql<number | null>`(select version from categories where categories.id = category_id)`
  const [rows, variants] = await db.batch([
    db
      .select({ ...itemColumns(), categoryVersion: version.as('category_version') })
      .from(products)
      .where(which),
    db
      .select({
        productSeq: productVariants.productSeq,
        id: productVariants.id,
        sku: productVariants.sku,
        attributes: productVariants.attributes,
        price: productVariants.price,
      })
      .from(productVariants)
      .where(sql`${productVariants.productSeq} in (select seq from products where ${which})`)
      .orderBy(asc(productVariants.productSeq), asc(productVariants.position)),
  ])
  return rows.map((row) => ({
    ...row,
    variants: variants.flatMap(({ productSeq, ...variant }) => (productSeq === row.seq ? [variant] : [])),
  }))
}

/** @throws Refusal where there is none */
export async function fetchProduct(db: Db, id: string): Promise<WholeProduct> {
  const product = await findProduct(db, { id })
  if (!product) throw notFound('Product')
  return product
}

export async function findCategory(db: Db, id: string): Promise<CategoryRow | undefined> {
  const [category] = await db.select().from(categories).where(eq(categories.id, id))
  return category
}
