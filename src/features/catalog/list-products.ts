import type { ServiceContext } from '../../context.ts'
import { type FoundPage, findPage, type PageOf } from '../../platform/lists/find-page.ts'
import type { SortKey } from '../../platform/lists/list-query.ts'
import { totalOf } from '../../platform/paging.ts'
import { PRODUCT_LIST } from './product-list.ts'
import { type ItemRow, itemColumns, toProductItem } from './product-view.ts'
import type { ProductItem } from './schemas.ts'
import { type ProductFilters, visibleProducts } from './visible-products.ts'

export interface ProductsWanted extends ProductFilters {
  /** What names, descriptions, SKUs or tags contain. */
  search: string | undefined
  sort: readonly SortKey[]
  paging: PageOf
}

/** One page of the products that the caller sees. @throws Refusal as `visibleProducts` and `findPage` do */
export async function listProducts(ctx: ServiceContext, wanted: ProductsWanted): Promise<FoundPage<ProductItem>> {
  const { asStaff, conditions, category } = await visibleProducts(ctx, wanted)
  const { search, sort, paging } = wanted
  if (conditions === null) {
    return { rows: [], hasMore: false, nextCursor: null, total: 'page' in paging ? totalOf(0) : null }
  }
  const query = { conditions, search, sort }
  const found = await findPage<ItemRow>(ctx.catalog.db, PRODUCT_LIST, itemColumns(category), query, paging)
  return { ...found, rows: found.rows.map((row) => toProductItem(row, asStaff)) }
}
