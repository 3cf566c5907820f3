import type { ListPageMeta, Product, SparseProduct } from '../../client/index.ts'

/** A product, and what tells this state of it from others: a change of it names it. */
export interface TaggedProduct {
  product: Product
  etag: string
}

/** Of calls that answer a product whole; some of it comes only where `fields` asks for it, which the pages never do. */
export async function tagged(
  answer: Promise<{ value: Product | SparseProduct; etag: string }>,
): Promise<TaggedProduct> {
  const { value, etag } = await answer
  if (!isWhole(value)) throw new TypeError('A product came without what belongs to it')
  return { product: value, etag }
}

/** One page of products, by its number. */
export interface ProductPage<T> extends Pick<ListPageMeta, 'page' | 'total' | 'totalIsExact' | 'totalPages'> {
  items: T[]
  hasNextPage: boolean
}

/** Pages that end beyond this place are refused: lists go on by cursor there, which addresses of ours do not hold. */
const LAST_PLACE = 10_000

/** Of lists that are asked for by the number of a page. */
export async function numbered<T>(answer: Promise<{ data: T[]; meta: object }>): Promise<ProductPage<T>> {
  const { data, meta } = await answer
  if (!isNumbered(meta)) throw new TypeError('A page came without its number')
  const { page, limit, total, totalIsExact, totalPages } = meta
  const hasNextPage = meta.hasNextPage && (page + 1) * limit <= LAST_PLACE
  return { items: data, page, total, totalIsExact, totalPages, hasNextPage }
}

function isWhole(value: Product | SparseProduct): value is Product {
  return 'variants' in value && 'name' in value
}

function isNumbered(meta: object): meta is ListPageMeta {
  return 'totalPages' in meta
}
