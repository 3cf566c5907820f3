import { and, type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { bareColumns } from '../../platform/lists/columns.ts'
import { totalAmong } from '../../platform/lists/find-page.ts'
import { type ListParts, MOST_CANDIDATES } from '../../platform/lists/list-parts.ts'
import { type Total, totalOf } from '../../platform/paging.ts'
import { excerptOf, HIT_END, HIT_START } from './domain/excerpt.ts'
import { SEARCHES } from './product-cache.ts'
import { filtersKey, wordCandidates } from './product-list.ts'
import { type ItemRow, itemColumns, toProductItem } from './product-view.ts'
import type { FoundProduct } from './schemas.ts'
import { findVisible, knownView, type ProductFilters, seenAs, type VisibleProducts } from './visible-products.ts'

export interface ProductSearch extends ProductFilters {
  q: string
  page: number
  limit: number
}

export interface SearchedProducts {
  items: FoundProduct[]
  total: Total
  hasMore: boolean
}

type FoundRow = ItemRow & { relevance: number; nameHits: string; descriptionHits: string }

const NOTHING: SearchedProducts = { items: [], total: totalOf(0), hasMore: false }

/** What a word in a name counts, compared with one in the description or the tags. */
const NAME_WEIGHT = 4
const EXCERPT_WORDS = 24

/**
 * Products that hold all of the words, best first: the greater of how well the name fits and how well the rest does. Of
 * many only the newest 1,000 are compared. What the public finds is remembered for some minutes, under the words as they
 * are compared.
 */
export async function searchProducts(ctx: ServiceContext, search: ProductSearch): Promise<SearchedProducts> {
  const find = (visible: typeof findVisible) => visible(ctx, search, (view) => searchAmong(ctx, search, view))
  if (knownView(ctx) !== 'public') return await find(findVisible)
  const { q, page, limit } = search
  const words = q.trim().toLowerCase().replaceAll(/\s+/gu, ' ')
  const key = { query: filtersKey({ ...search, search: words }), page, limit }
  return await ctx.cache.read(SEARCHES, key, () => find(seenAs('public')))
}

async function searchAmong(
  ctx: ServiceContext,
  search: ProductSearch,
  { asStaff, conditions, category }: VisibleProducts,
): Promise<SearchedProducts> {
  if (conditions === null) return NOTHING
  const parts = wordCandidates(conditions, search.q)
  if (parts === null) return NOTHING
  const { db } = ctx.catalog
  const count = (table: SQL) => db.select({ count: sql<number>`count(*)`.as('count') }).from(table)
  const [rows, [found], [kept]] = await db.batch([
    db
      .select(bareColumns({ ...itemColumns(category), ...hits(parts) }))
      .from(pageOf(parts, search))
      .orderBy(sql`relevance desc`, sql`place desc`),
    count(parts.found),
    count(sql`(select 1 from ${parts.from} where ${and(sql`true`, parts.where)})`),
  ])
  const ranked = rows as FoundRow[]
  return {
    items: ranked.slice(0, search.limit).map((row) => ({
      ...toProductItem(row, asStaff),
      relevance: Number(row.relevance.toFixed(6)),
      nameExcerpt: excerptOf(row.nameHits),
      descriptionExcerpt: excerptOf(row.descriptionHits),
    })),
    // One more than are compared is taken, so that the count says whether there are more.
    total: totalAmong(found?.count ?? 0, kept?.count),
    hasMore: ranked.length > search.limit && search.page * search.limit < MOST_CANDIDATES,
  }
}

const SCORE = sql`, max(
  -bm25(product_words, ${NAME_WEIGHT}, 0, 0, 0), -bm25(product_words, 0, 1, 1, 0)) as relevance`

/** The newest matches, scored, and of those that keep the other conditions one page. */
function pageOf({ matching, where }: ListParts, { page, limit }: ProductSearch): SQL {
  const scored = sql`select rowid as place${SCORE} from product_words where ${matching}
    order by rowid desc limit ${sql.raw(String(MOST_CANDIDATES + 1))}`
  return sql`(select products.*, found.place, found.relevance
    from (${scored}) as found cross join products on products.seq = found.place where ${and(sql`true`, where)}
    order by found.relevance desc, found.place desc limit ${limit + 1} offset ${(page - 1) * limit})`
}

/** Cut for the page alone: an excerpt reads the text. */
function hits({ match }: { match: string }) {
  const ofRow = sql`from product_words where product_words match ${match} and rowid = place`
  return {
    relevance: sql<number>`relevance`.as('score'),
    nameHits: sql<string>`(select highlight(product_words, 0, ${HIT_START}, ${HIT_END}) ${ofRow})`.as('name_hits'),
    descriptionHits: sql<string>`(
      select snippet(product_words, 1, ${HIT_START}, ${HIT_END}, '…', ${EXCERPT_WORDS}) ${ofRow})`.as(
      'description_hits',
    ),
  }
}
