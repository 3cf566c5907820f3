import { inArray, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { bareColumns } from '../../platform/lists/columns.ts'
import { listParts, MOST_CANDIDATES } from '../../platform/lists/list-parts.ts'
import { planList } from '../../platform/lists/list-plan.ts'
import { type Counted, tallyFacets } from './domain/facets.ts'
import { FACETS, type TalliedFacets } from './product-cache.ts'
import { filtersKey, PRODUCT_LIST, wordCandidates } from './product-list.ts'
import type { ProductFacets } from './schemas.ts'
import { categories, products } from './tables.ts'
import { findVisible, knownView, type ProductFilters, seenAs } from './visible-products.ts'

const COLUMNS = {
  categoryId: products.categoryId,
  brand: products.brand,
  price: products.price,
  stock: products.stock,
  tags: products.tags,
}

export interface FacetsWanted extends ProductFilters {
  /** As the list finds it. */
  search: string | undefined
  /** In its place: as the search by words finds them. */
  words: string | undefined
}

/**
 * What the products have that these filters find, by the list or by the search: of more than 1,000 the newest are
 * counted, and it says so. Remembered for a minute.
 */
export async function countFacets(ctx: ServiceContext, wanted: FacetsWanted): Promise<ProductFacets> {
  return { ...(await countRemembered(ctx, wanted)), currency: ctx.settings.CATALOG_CURRENCY }
}

async function countRemembered(ctx: ServiceContext, wanted: FacetsWanted): Promise<TalliedFacets> {
  const view = knownView(ctx)
  if (view === undefined) return tally(ctx, wanted, findVisible)
  const query = filtersKey(wanted.words === undefined ? wanted : { ...wanted, search: wanted.words })
  const by = wanted.words === undefined ? 'list' : 'words'
  return ctx.cache.read(FACETS, { view, by, query }, () => tally(ctx, wanted, seenAs(view)))
}

async function tally(ctx: ServiceContext, wanted: FacetsWanted, find: typeof findVisible): Promise<TalliedFacets> {
  const { rows, isAll } = await find(ctx, wanted, async ({ conditions }) =>
    conditions === null ? NONE : await newestOf(ctx, conditions, wanted),
  )
  const counted = rows.slice(0, MOST_CANDIDATES)
  const named = await namesOf(ctx, counted)
  return { ...tallyFacets(counted, named), countedAll: isAll && rows.length <= MOST_CANDIDATES }
}

const NONE = { rows: [], isAll: true }

async function newestOf(
  ctx: ServiceContext,
  conditions: ProductFilters['conditions'],
  { search, words }: FacetsWanted,
): Promise<{ rows: Counted[]; isAll: boolean }> {
  const query = { conditions, search, sort: [{ field: 'createdAt', direction: 'desc' }] } as const
  const plan = planList(PRODUCT_LIST, query)
  if (plan.kind === 'nothing' || plan.kind === 'window') return NONE
  const parts = words === undefined ? listParts(PRODUCT_LIST, plan, query) : wordCandidates(conditions, words)
  if (parts === null) return NONE
  const { db } = ctx.catalog
  // A walk ends where it has enough; of candidates the index may have found more than were compared.
  const isCutOff = words !== undefined || plan.kind === 'candidates'
  const [rows, [found]] = await db.batch([
    db
      .select(bareColumns(COLUMNS))
      .from(parts.from)
      .where(parts.where)
      .orderBy(...parts.orderBy)
      .limit(MOST_CANDIDATES + 1),
    db.select({ count: sql<number>`count(*)`.as('count') }).from(isCutOff ? parts.found : sql`(select 1 limit 0)`),
  ])
  return { rows: rows as unknown as Counted[], isAll: (found?.count ?? 0) <= MOST_CANDIDATES }
}

async function namesOf(ctx: ServiceContext, rows: readonly Counted[]) {
  const ids = [...new Set(rows.flatMap(({ categoryId }) => categoryId ?? []))]
  if (ids.length === 0) return []
  return await ctx.catalog.db
    .select({ id: categories.id, slug: categories.slug, name: categories.name })
    .from(categories)
    .where(inArray(categories.id, sql`(select value from json_each(${JSON.stringify(ids)}))`))
}
