import { getTableColumns, sql } from 'drizzle-orm'
import { isoTime } from '../../platform/clock.ts'
import type { WholeProduct } from './queries.ts'
import type { Product, ProductItem } from './schemas.ts'
import { products } from './tables.ts'

export type ItemRow = typeof products.$inferSelect & { category: string | null }
export type ItemField = keyof ProductItem

/** The columns that a field is made of, and how. */
interface Shown<V> {
  columns: readonly (keyof ItemRow)[]
  show: (row: ItemRow) => V
}

const own = <C extends keyof ItemRow>(column: C): Shown<ItemRow[C]> => ({
  columns: [column],
  show: (row) => row[column],
})

const HUNDREDTHS = 100

const FIELDS: { [F in ItemField]-?: Shown<ProductItem[F]> } = {
  id: own('id'),
  slug: own('slug'),
  sku: own('sku'),
  name: own('name'),
  description: own('description'),
  brand: own('brand'),
  categoryId: own('categoryId'),
  // Where the tree tells the slugs, it does so by the id.
  category: { columns: ['category', 'categoryId'], show: (row) => row.category },
  price: own('price'),
  compareAtPrice: own('compareAtPrice'),
  currency: own('currency'),
  stock: own('stock'),
  inStock: { columns: ['stock'], show: (row) => row.stock > 0 },
  weightGrams: own('weightGrams'),
  attributes: own('attributes'),
  images: own('images'),
  tags: own('tags'),
  rating: {
    columns: ['rating', 'ratingCount'],
    show: (row) => (row.ratingCount === 0 ? null : row.rating / HUNDREDTHS),
  },
  ratingCount: own('ratingCount'),
  isActive: { columns: ['state'], show: (row) => row.state === 'published' },
  createdAt: { columns: ['createdAt'], show: (row) => isoTime(row.createdAt) },
  updatedAt: { columns: ['updatedAt'], show: (row) => isoTime(row.updatedAt) },
  publishedAt: {
    columns: ['publishedAt'],
    show: (row) => (row.publishedAt === null ? null : isoTime(row.publishedAt)),
  },
  state: own('state'),
  ownerId: own('ownerId'),
}

const OF_STAFF: readonly ItemField[] = ['state', 'ownerId']
const STAFF_FIELDS = Object.keys(FIELDS) as ItemField[]
const PUBLIC_FIELDS = STAFF_FIELDS.filter((field) => !OF_STAFF.includes(field))
/** By these any list goes on. */
const ALWAYS: readonly ItemField[] = ['id', 'createdAt']

/** The fields of an item that are read where these are wanted: all that the caller sees where none of them is one. */
export function fieldsWanted(names: readonly string[] | undefined, asStaff: boolean): readonly ItemField[] {
  const seen = asStaff ? STAFF_FIELDS : PUBLIC_FIELDS
  const wanted = seen.filter((field) => names?.includes(field))
  return wanted.length === 0 ? seen : seen.filter((field) => ALWAYS.includes(field) || wanted.includes(field))
}

/** The columns of a product in a list, with the slug of its category: given where all are of one, or not `named` here. */
export function itemColumns(category?: { slug: string } | 'not named') {
  const given = category === 'not named' ? sql`null` : category && sql`${category.slug}`
  const slug = given ?? sql`(select slug from categories where categories.id = category_id)`
  return { ...getTableColumns(products), category: sql<string | null>`${slug}`.as('category') }
}

/** Those of them that these fields are made of. */
export function columnsFor(fields: readonly ItemField[], category?: { slug: string } | 'not named') {
  const needed = new Set<string>(fields.flatMap((field) => FIELDS[field].columns))
  return Object.fromEntries(Object.entries(itemColumns(category)).filter(([name]) => needed.has(name)))
}

/** `asStaff` is for those who may change products. */
export function toProductItem(row: ItemRow, asStaff: boolean): ProductItem {
  return toItemWith(asStaff ? STAFF_FIELDS : PUBLIC_FIELDS, row)
}

/** With these fields alone, though its type is the whole one's: who has asked for some of them shows no others. */
export function toItemWith(fields: readonly ItemField[], row: ItemRow): ProductItem {
  return Object.fromEntries(fields.map((field) => [field, FIELDS[field].show(row)])) as unknown as ProductItem
}

export function toProduct(row: WholeProduct, asStaff: boolean): Product {
  return { ...toProductItem(row, asStaff), variants: row.variants }
}
