import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { fieldsParameter, pickFields } from '../../http/conventions/fields.ts'
import {
  dayOrTime,
  filterText,
  flag,
  operatorConditions,
  operatorParameters,
  plainConditions,
  textList,
} from '../../http/conventions/filtering.ts'
import { answerList, FORMATS, listAnswers, numberedAnswer, pagingOf } from '../../http/conventions/list-answer.ts'
import { modalQuery } from '../../http/conventions/pagination.ts'
import { weakTag } from '../../http/conventions/preconditions.ts'
import { refuseInherited } from '../../http/conventions/refuse-inherited.ts'
import { sortOf, sortParameters } from '../../http/conventions/sorting.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { Id } from '../../platform/id-schema.ts'
import { meaningless } from '../../platform/lists/find-page.ts'
import type { Condition } from '../../platform/lists/list-query.ts'
import { MAX_WHOLE_NUMBER, wholeNumber } from '../../platform/text.ts'
import { countFacets } from './count-facets.ts'
import { listProducts } from './list-products.ts'
import { FoundProduct, ProductFacets, ProductItem, ProductState, SparseProduct } from './schemas.ts'
import { searchProducts } from './search-products.ts'

const OPERATORS = { price: ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'], stock: ['gt', 'gte'] } as const
const MAX_SEARCH = 100
const searchText = filterText(MAX_SEARCH).trim()

const filters = {
  category: filterText(200).meta({ description: 'The slug of a category' }).optional(),
  categoryId: Id.meta({ description: 'The same by its id' }).optional(),
  brand: filterText(200).meta({ description: 'The brand, just as it is written' }).optional(),
  minPrice: wholeNumber.meta({ description: 'The least price, in minor units' }).optional(),
  maxPrice: wholeNumber.meta({ description: 'The highest price, in minor units' }).optional(),
  ...operatorParameters(OPERATORS),
  inStock: flag.meta({ description: 'Whether there is any of it' }).optional(),
  inStockOnly: flag.meta({ description: 'Only the value true asks for something' }).optional(),
  tags: textList(100).meta({ description: 'One of these tags' }).optional(),
  startDate: dayOrTime('start').meta({ description: 'Made then or later' }).optional(),
  endDate: dayOrTime('end').meta({ description: 'Made then or before; a day until its end' }).optional(),
  state: ProductState.optional(),
}
const texts = {
  search: searchText.meta({ description: 'What name, description or SKU contain, or a whole tag' }).optional(),
  q: searchText.meta({ description: 'The same as search' }).optional(),
}
const shown = { fields: fieldsParameter.optional(), format: z.enum(FORMATS).optional() }

const ProductsQuery = modalQuery({
  ...filters,
  ...texts,
  ...shown,
  ...sortParameters(['createdAt', 'name', 'price', 'stock', 'rating']),
})
const MAX_SEARCHED = 1_000
const MAX_PAGE = 100
const TOO_FAR = 'Page x limit goes up to 1,000'
const SearchQuery = z
  .strictObject({
    q: searchText.min(1).regex(/\S/u, 'Say what to search for'),
    page: wholeNumber.pipe(z.int().min(1).max(MAX_SEARCHED).meta({ 'x-rule': TOO_FAR })).default(1),
    limit: wholeNumber.pipe(z.int().min(1).max(MAX_PAGE)).default(20),
    ...filters,
  })
  .superRefine(({ page, limit }, c) => {
    if (page * limit <= MAX_SEARCHED) return
    c.addIssue({ code: 'custom', path: ['page'], message: TOO_FAR })
  })
const FacetsQuery = z.strictObject({
  ...filters,
  ...texts,
  words: searchText.meta({ description: 'Instead of search: what `/products/search` finds by these words' }).optional(),
})

type Filters = Omit<z.output<typeof FacetsQuery>, 'words'>

const common = {
  access: { permissions: ['read:product'], orGuest: true },
  tag: 'Products',
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
} as const
const WHO_SEES =
  'Everybody sees published products and finds none of another `state`; those who may change them see all.'

/** Before anything with an id in its place. */
export const productListRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List products', {
      ...common,
      cache: 'revalidate',
      // A page and its categories; candidates where nothing has them in the order, or the pages before; and the total.
      cost: { trips: 4, sequential: 2, rowsRead: { perItem: 6, besides: 25_000 }, rowsWritten: 0, hops: 0, sends: 0 },
      description: `${WHO_SEES} Newest first, unless \`sort\` (\`-price,name\`) or \`sortBy\` and \`order\` say otherwise.`,
      query: ProductsQuery,
      answers: { 200: listAnswers(ProductItem, SparseProduct) },
    }),
    async (c) => {
      refuseInherited(c)
      const query = c.req.valid('query')
      const paging = pagingOf(query)
      const found = await listProducts(c.get('ctx'), {
        ...filtersOf(query),
        search: searchOf(query),
        sort: sortOf(query, { field: 'createdAt', direction: 'desc' }),
        paging,
        fields: query.fields,
      })
      const keyOf = ({ createdAt, id }: { createdAt: string; id: string }) => ({ at: createdAt, id })
      const show = (item: (typeof found.rows)[number]) => pickFields(item, query.fields)
      return answerList(c, { found, paging, format: query.format, keyOf, ...(query.fields && { show }) })
    },
  )
  .get(
    '/search',
    contract('Search products by their words, best first', {
      ...common,
      cost: { trips: 4, sequential: 2, rowsRead: { perItem: 8, besides: 14_000 }, rowsWritten: 0, hops: 0, sends: 0 },
      description: `${WHO_SEES} All words must occur, in any of their forms; the last one may be a beginning. Of more than 1,000 products the newest are compared.`,
      query: SearchQuery,
      answers: { 200: numberedAnswer(FoundProduct) },
    }),
    async (c) => {
      refuseInherited(c)
      const { q, page, limit, ...query } = c.req.valid('query')
      const { items, total, hasMore } = await searchProducts(c.get('ctx'), { ...filtersOf(query), q, page, limit })
      // Pages that would be refused are none.
      const mostPages = Math.floor(MAX_SEARCHED / limit)
      const meta = {
        ...{ page, limit, total: total.total, totalIsExact: total.isExact },
        totalPages: Math.min(Math.ceil(total.total / limit), mostPages),
        hasNextPage: hasMore && page < mostPages,
        hasPrevPage: page > 1,
        nextCursor: null,
      }
      return ok(c, items, { meta })
    },
  )
  .get(
    '/facets',
    contract('Count what the products have that filters find', {
      ...common,
      cache: 'revalidate',
      cost: { trips: 5, sequential: 3, rowsRead: 9_000, rowsWritten: 0, hops: 0, sends: 0 },
      description: `${WHO_SEES} Of more than 1,000 products the newest are counted, and \`countedAll\` is false.`,
      query: FacetsQuery,
      answers: { 200: envelope(ProductFacets) },
    }),
    async (c) => {
      refuseInherited(c)
      const query = c.req.valid('query')
      const [search, words] = [searchOf(query), query.words === '' ? undefined : query.words]
      if (search !== undefined && words !== undefined) throw meaningless('words', 'Comes instead of search')
      const facets = await countFacets(c.get('ctx'), { ...filtersOf(query), search, words })
      return ok(c, facets, { etag: await weakTag(facets) })
    },
  )

/** What is asked of products. @throws Refusal 422 for what no product can meet */
function filtersOf(query: Filters) {
  const { category, categoryId, brand, minPrice, maxPrice, startDate, endDate, state, tags } = query
  if (query.inStock === false && query.inStockOnly) throw meaningless('inStockOnly', 'Contradicts inStock')
  const inStock = query.inStock ?? (query.inStockOnly ? true : undefined)
  const bounds: Condition[] = [
    ...bound('price', 'gte', minPrice),
    ...bound('price', 'lte', maxPrice),
    ...bound('createdAt', 'gte', startDate),
    ...bound('createdAt', 'lte', endDate),
  ]
  if ((minPrice ?? 0) > (maxPrice ?? MAX_WHOLE_NUMBER)) throw meaningless('minPrice', 'Is above maxPrice')
  if (startDate !== undefined && endDate !== undefined && startDate > endDate) {
    throw meaningless('startDate', 'Is after endDate')
  }
  return {
    category: { slug: category === '' ? undefined : category, id: categoryId },
    conditions: [
      ...plainConditions({ state, brand, inStock, tags }),
      ...bounds,
      ...operatorConditions(OPERATORS, query),
    ],
  }
}

function bound(field: string, op: 'gte' | 'lte', value: number | undefined): Condition[] {
  return value === undefined ? [] : [{ field, op, value }]
}

function searchOf({ search, q }: Filters): string | undefined {
  const [one, other] = [search, q].filter((text) => text !== undefined && text !== '')
  if (other !== undefined && other !== one) throw meaningless('q', 'Is another name of search: say one of them')
  return one
}
