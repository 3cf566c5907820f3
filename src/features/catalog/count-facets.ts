import { inArray, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { bareColumns } from '../../platform/lists/columns.ts'
import { listParts, MOST_CANDIDATES } from '../../platform/lists/list-parts.ts'
import { planList } from '../../platform/lists/list-plan.ts'
import { type Counted, tallyFacets } from './domain/facets.ts'
import { FACETS, type TalliedFacets } from './product-cache.ts'
import { filtersKey, PRODUCT_LIST } from './product-list.ts'
import type { ProductFacets } from './schemas.ts'
import { categories, products } from './tables.ts'
import { findVisible, knownView, type ProductFilters } from './visible-products.ts'

const COLUMNS = {
  categoryId: products.categoryId,
  brand: products.brand,
  price: products.price,
  stock: products.stock,
  tags: products.tags,
}

/**
 * What the products have that these filters find: of more than 1,000 the newest are counted, and it says so. Remembered
 * for a minute.
 */
export async function countFacets(
  ctx: ServiceContext,
  filters: ProductFilters & { search: string | undefined },
): Promise<ProductFacets> {
  const view = knownView(ctx)
  const facets =
    view === undefined
      ? await tally(ctx, filters)
      : await ctx.cache.read(FACETS, { view, query: filtersKey(filters) }, () => tally(ctx, filters))
  return { ...facets, currency: ctx.settings.CATALOG_CURRENCY }
}

async function tally(
  ctx: ServiceContext,
  filters: ProductFilters & { search: string | undefined },
): Promise<TalliedFacets> {
  const rows = await findVisible(ctx, filters, async ({ conditions }) =>
    conditions === null ? [] : await newestOf(ctx, conditions, filters.search),
  )
  const counted = rows.slice(0, MOST_CANDIDATES)
  const named = await namesOf(ctx, counted)
  return { ...tallyFacets(counted, named), countedAll: rows.length <= MOST_CANDIDATES }
}

async function newestOf(
  ctx: ServiceContext,
  conditions: ProductFilters['conditions'],
  search: string | undefined,
): Promise<Counted[]> {
  const query = { conditions, search, sort: [{ field: 'createdAt', direction: 'desc' }] } as const
  const plan = planList(PRODUCT_LIST, query)
  if (plan.kind === 'nothing' || plan.kind === 'window') return []
  const parts = listParts(PRODUCT_LIST, plan, query)
  const rows = await ctx.catalog.db
    .select(bareColumns(COLUMNS))
    .from(parts.from)
    .where(parts.where)
    .orderBy(...parts.orderBy)
    .limit(MOST_CANDIDATES + 1)
  return rows as unknown as Counted[]
}

async function namesOf(ctx: ServiceContext, rows: readonly Counted[]) {
  const ids = [...new Set(rows.flatMap(({ categoryId }) => categoryId ?? []))]
  if (ids.length === 0) return []
  return await ctx.catalog.db
    .select({ id: categories.id, slug: categories.slug, name: categories.name })
    .from(categories)
    .where(inArray(categories.id, sql`(select value from json_each(${JSON.stringify(ids)}))`))
}
