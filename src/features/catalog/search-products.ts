import { and, type SQL, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { bareColumns } from '../../platform/lists/columns.ts'
import { listParts, MOST_CANDIDATES } from '../../platform/lists/list-parts.ts'
import { type Total, totalOf } from '../../platform/paging.ts'
import { excerptOf, HIT_END, HIT_START } from './domain/excerpt.ts'
import { PRODUCT_LIST } from './product-list.ts'
import { wordMatch } from './product-terms.ts'
import { type ItemRow, itemColumns, toProductItem } from './product-view.ts'
import type { FoundProduct } from './schemas.ts'
import { type ProductFilters, visibleProducts } from './visible-products.ts'

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
 * many only the newest 1,000 are compared.
 */
export async function searchProducts(ctx: ServiceContext, search: ProductSearch): Promise<SearchedProducts> {
  const { asStaff, conditions, category } = await visibleProducts(ctx, search)
  if (conditions === null) return NOTHING
  const match = wordMatch({ conditions, search: search.q, sort: [] })
  if (match === null || match === undefined) return NOTHING
  const query = { conditions, sort: [{ field: 'createdAt', direction: 'desc' }] } as const
  const { where } = listParts(PRODUCT_LIST, { kind: 'candidates', source: { index: undefined }, within: [] }, query)
  const { db } = ctx.catalog
  const page = pageOf(match, where, search)
  const [rows, [kept]] = await db.batch([
    db
      .select(bareColumns({ ...itemColumns(category), ...hits(match) }))
      .from(page)
      .orderBy(sql`relevance desc`, sql`place desc`),
    db.select({ count: sql<number>`count(*)`.as('count') }).from(sql`(select 1 ${candidates(sql``, match, where)})`),
  ])
  const found = rows as FoundRow[]
  return {
    items: found.slice(0, search.limit).map((row) => ({
      ...toProductItem(row, asStaff),
      relevance: Number(row.relevance.toFixed(6)),
      nameExcerpt: excerptOf(row.nameHits),
      descriptionExcerpt: excerptOf(row.descriptionHits),
    })),
    // One more than are compared is taken, so that the count says whether there are more.
    total: totalOf(kept?.count ?? 0),
    hasMore: found.length > search.limit && search.page * search.limit < MOST_CANDIDATES,
  }
}

const SCORE = sql`, max(
  -bm25(product_words, ${NAME_WEIGHT}, 0, 0, 0), -bm25(product_words, 0, 1, 1, 0)) as relevance`

/** The newest matches and their rows, where they keep the other conditions. */
function candidates(score: SQL, match: string, where: SQL | undefined): SQL {
  const scored = sql`select rowid as place${score} from product_words where product_words match ${match} order by rowid desc limit ${MOST_CANDIDATES + 1}`
  return sql`from (${scored}) as found cross join products on products.seq = found.place where ${and(sql`true`, where)}`
}

function pageOf(match: string, where: SQL | undefined, { page, limit }: ProductSearch): SQL {
  return sql`(select products.*, found.place, found.relevance ${candidates(SCORE, match, where)}
    order by found.relevance desc, found.place desc limit ${limit + 1} offset ${(page - 1) * limit})`
}

/** Cut for the page alone: an excerpt reads the text. */
function hits(match: string) {
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
