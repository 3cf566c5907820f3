import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../platform/db/store.ts'
import { Refusal } from '../../platform/errors.ts'
import { slugTaken } from './give-way.ts'
import type { WholeProduct } from './queries.ts'
import { products } from './tables.ts'

/** A product that is about to be made: all that is stored of it but its place among the others. */
export type NewProduct = Omit<WholeProduct, 'seq'>

/**
 * Makes products in the order in which they are given, with their tags and variants, in three statements for however
 * many. None is older than the one before it, whatever the clocks say.
 */
export function insertProducts(rows: readonly NewProduct[]): SQL[] {
  const given = JSON.stringify(rows)
  const field = (name: keyof NewProduct) => sql`json_extract(value, ${`$.${name}`})`
  return [
    sql`insert into products (id, owner_id, category_id, name, name_key, slug, sku, description, brand, price,
        compare_at_price, currency, stock, weight_grams, attributes, images, tags, created_at, updated_at)
      select ${field('id')}, ${field('ownerId')}, ${field('categoryId')}, ${field('name')}, ${field('nameKey')},
        ${field('slug')}, ${field('sku')}, ${field('description')}, ${field('brand')}, ${field('price')},
        ${field('compareAtPrice')}, ${field('currency')}, ${field('stock')}, ${field('weightGrams')},
        ${field('attributes')}, ${field('images')}, ${field('tags')},
        max(${field('createdAt')}, (select coalesce(max(created_at), 0) from products)), ${field('updatedAt')}
      from json_each(${given}) order by key`,
    insertTags(given),
    insertVariants(given),
  ]
}

/** The tags and variants in place of those that the product has. */
export function replaceParts(seq: number, row: Pick<NewProduct, 'id' | 'tags' | 'variants'>): SQL[] {
  const { id, tags, variants } = row
  const given = JSON.stringify([{ id, tags, variants }])
  return [
    sql`delete from product_tags where product_seq = ${seq}`,
    insertTags(given),
    sql`delete from product_variants where product_seq = ${seq}`,
    insertVariants(given),
  ]
}

function insertTags(given: string): SQL {
  return sql`insert into product_tags (tag, product_seq)
    select tag.value, products.seq
    from json_each(${given}) as given
      cross join json_each(given.value, '$.tags') as tag
      cross join products on products.id = json_extract(given.value, '$.id')`
}

function insertVariants(given: string): SQL {
  return sql`insert into product_variants (id, product_seq, sku, attributes, price, position)
    select json_extract(variant.value, '$.id'), products.seq, json_extract(variant.value, '$.sku'),
      json_extract(variant.value, '$.attributes'), json_extract(variant.value, '$.price'), variant.key
    from json_each(${given}) as given
      cross join json_each(given.value, '$.variants') as variant
      cross join products on products.id = json_extract(given.value, '$.id')`
}

type Change = Partial<Omit<typeof products.$inferInsert, 'seq' | 'id' | 'version'>>

/** Changes the product that was read, where it is still the same; stands before `expectChanged`. */
export function updateProduct(db: Db, { id, version }: Pick<WholeProduct, 'id' | 'version'>, change: Change) {
  return db
    .update(products)
    .set({ ...change, version: version + 1 })
    .where(and(eq(products.id, id), eq(products.version, version)))
}

export const STILL_THE_SAME = 'product:version'

const taken = (field: string) => () =>
  new Refusal('CONFLICT', 'Another product has this already', { fields: [{ field, message: 'Taken' }] })

/** What constraints of a product's tables mean to whoever has written it. */
export const TAKEN = {
  'products.slug': () => slugTaken('product'),
  'products.sku': taken('sku'),
  'product_variants.sku': taken('variants'),
  // Of a category that has gone since it was looked for.
  'FOREIGN KEY': noSuchCategory,
}

export function noSuchCategory(): Refusal {
  const message = 'There is no such category'
  return new Refusal('UNPROCESSABLE', message, { fields: [{ field: 'categoryId', message }] })
}
