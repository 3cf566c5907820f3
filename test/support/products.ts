import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { categories, products, productTags } from '../../src/features/catalog/tables.ts'
import { newId } from '../../src/platform/ids.ts'
import { searchKey } from '../../src/platform/text.ts'
import { productRows } from './product-rows.ts'

export type ProductRow = typeof products.$inferSelect

const db = () => drizzle(env.CATALOG_DB)
let made = 0

/** For files that say what all of a list is. */
export async function emptyCatalog(): Promise<void> {
  await env.CATALOG_DB.batch([
    env.CATALOG_DB.prepare('delete from products'),
    env.CATALOG_DB.prepare('update categories set parent_id = null'),
    env.CATALOG_DB.prepare('delete from categories'),
  ])
}

/** A category of its own; its slug is its name in small letters unless another one is given. */
export async function makeCategory(name: string, slug = name.toLowerCase()): Promise<{ id: string; slug: string }> {
  const now = Date.now()
  const category = { id: newId(), name, slug, createdAt: now, updatedAt: now }
  await db().insert(categories).values(category)
  return category
}

/** Published products straight into the tables, in the order in which they are given, a second apart. */
export async function makeProducts(given: readonly Partial<ProductRow>[]): Promise<ProductRow[]> {
  const rows: ProductRow[] = []
  for (const one of given) {
    made += 1
    const name = one.name ?? `Product ${made}`
    const createdAt = one.createdAt ?? 1_700_000_000_000 + made * 1_000
    const [row] = await db()
      .insert(products)
      .values({
        id: newId(),
        ownerId: newId(),
        nameKey: searchKey(name),
        slug: `product-${made}`,
        sku: `SKU-${made}`,
        price: 1_000,
        currency: 'EUR',
        stock: 5,
        state: 'published',
        createdAt,
        updatedAt: createdAt,
        publishedAt: createdAt,
        ...one,
        name,
      })
      .returning()
    if (!row) throw new Error('The product was not made')
    if (row.tags.length > 0) {
      await db()
        .insert(productTags)
        .values(row.tags.map((tag) => ({ tag, productSeq: row.seq })))
    }
    rows.push(row)
  }
  return rows
}

/**
 * So many more products in one statement, a second apart: one in ten a draft, one in ten out of stock, in `categoryIds`
 * by turns, of forty brands, with two of some tags, at prices that all differ. `from` is how many there are already.
 */
export async function growProducts(count: number, categoryIds: readonly string[], from = 0): Promise<void> {
  const { sql, values } = productRows(count, categoryIds, from)
  await env.CATALOG_DB.prepare(sql)
    .bind(...values)
    .run()
}
