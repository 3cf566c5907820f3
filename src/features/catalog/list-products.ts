import type { ServiceContext } from '../../context.ts'
import { type FoundPage, findPage, type PageOf } from '../../platform/lists/find-page.ts'
import type { SortKey } from '../../platform/lists/list-query.ts'
import { type Total, totalOf } from '../../platform/paging.ts'
import { digestOf } from '../../platform/security/encoding.ts'
import { knownSlugs, nameCategories } from './category-slugs.ts'
import { FIRST_PAGES, KEPT_PRODUCTS, TOTALS } from './product-cache.ts'
import { filtersKey, PRODUCT_LIST } from './product-list.ts'
import { columnsFor, fieldsWanted, type ItemRow, toItemWith } from './product-view.ts'
import type { ProductItem } from './schemas.ts'
import { findVisible, knownView, type ProductFilters, seenAs, type VisibleProducts } from './visible-products.ts'

export interface ProductsWanted extends ProductFilters {
  /** What names, descriptions, SKUs or tags contain. */
  search: string | undefined
  sort: readonly SortKey[]
  paging: PageOf
  /** What of each is wanted, if not all: nothing else is read, nor answered, but the id and the time of its making. */
  fields?: readonly string[] | undefined
}

/**
 * One page of the products that the caller sees. What the public sees is remembered for a minute: first pages whole, of
 * those behind them how many products there are.
 * @throws Refusal as `findVisible` and `findPage` do
 */
export async function listProducts(
  ctx: ServiceContext,
  wanted: ProductsWanted,
): Promise<FoundPage<ProductItem> & { written?: { text: string; digest: string } }> {
  const { paging, fields: named } = wanted
  if (!('page' in paging) || knownView(ctx) !== 'public') {
    return await findVisible(ctx, wanted, (view) => pageFor(ctx, wanted, view))
  }
  const { page, limit } = paging
  const query = filtersKey(wanted)
  const find = (known?: { total: Total }) => seenAs('public')(ctx, wanted, (view) => pageFor(ctx, wanted, view, known))
  if (page * limit <= KEPT_PRODUCTS) {
    const fields = fieldsWanted(named, false).join()
    const { text, digest, ...about } = await ctx.cache.read(FIRST_PAGES, { query, page, limit, fields }, async () => {
      const { rows, ...found } = await find()
      return { ...found, text: JSON.stringify(rows), digest: await digestOf(rows) }
    })
    return {
      ...about,
      written: { text, digest },
      get rows() {
        return JSON.parse(text) as ProductItem[]
      },
    }
  }
  let found: FoundPage<ProductItem> | undefined
  const total = await ctx.cache.read(TOTALS, { query: filtersKey({ ...wanted, sort: [] }) }, async () => {
    found = await find()
    return found.total ?? totalOf(0)
  })
  return found ?? find({ total })
}

async function pageFor(
  ctx: ServiceContext,
  { search, sort, paging, fields: named }: ProductsWanted,
  { asStaff, conditions, category }: VisibleProducts,
  known: { total?: Total } = {},
): Promise<FoundPage<ProductItem>> {
  if (conditions === null) {
    return { rows: [], hasMore: false, nextCursor: null, total: 'page' in paging ? totalOf(0) : null }
  }
  const query = { conditions, search, sort }
  const fields = fieldsWanted(named, asStaff)
  // Whoever changes categories reads their names from the database, as all else.
  const isNamed = fields.includes('category') && category === undefined && !asStaff
  const slugs = isNamed ? await knownSlugs(ctx) : null
  const columns = columnsFor(fields, slugs === null ? category : 'not named')
  const found = await findPage<ItemRow>(ctx.catalog.db, PRODUCT_LIST, columns, query, paging, known)
  const rows = slugs === null ? found.rows : await nameCategories(ctx, found.rows, slugs)
  return { ...found, rows: rows.map((row) => toItemWith(fields, row)) }
}
