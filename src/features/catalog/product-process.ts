import { type SQL, sql } from 'drizzle-orm'
import * as z from 'zod'
import type { Permission, ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import type { EventType } from '../../platform/events.ts'
import type { OperationKind } from '../long-work/index.ts'
import { priceAfter } from './domain/price-after.ts'
import { ProductArchived, ProductPublished, ProductUpdated } from './events.ts'
import { ProcessProductsBody } from './process-schemas.ts'
import { productsChanged } from './product-cache.ts'
import { facetMatch } from './product-terms.ts'
import type { products } from './tables.ts'
import { MAX_PRICE } from './write-schemas.ts'

const PAGE = 100

/** `capped`: of those that were changed, how many have a price that would be higher. */
const Place = z.object({ after: z.int(), upTo: z.int(), changed: z.int(), capped: z.int().default(0) })

type Row = Pick<
  typeof products.$inferSelect,
  'seq' | 'id' | 'version' | 'state' | 'price' | 'compareAtPrice' | 'publishedAt'
> & { variants: string }

/** What a product of a page becomes. */
type After = Pick<Row, 'price' | 'compareAtPrice' | 'state' | 'publishedAt'> & {
  variants: { id: string; price: number }[]
  isCapped: boolean
}

/** As for one product. */
const NEEDED: Record<ProcessProductsBody['action'], readonly [Permission, ...Permission[]]> = {
  'change-price': ['update:product'],
  publish: ['update:product', 'publish:product'],
  archive: ['update:product', 'delete:product'],
}

/**
 * Goes through the products of a category or a brand in the order of their making, those that were there when it began:
 * each is met once, whatever becomes of it meanwhile.
 */
export const PROCESS_PRODUCTS: OperationKind<ProcessProductsBody, z.output<typeof Place>> = {
  name: 'products.process',
  input: ProcessProductsBody,
  place: Place,
  needs: ({ action }) => NEEDED[action],
  async begin(ctx, input) {
    const [found] = await ctx.catalog.db.all<{ total: number; last: number | null }>(sql`
      select count(*) as total, max(rowid) as last from product_facets where product_facets match ${matchOf(input)}`)
    return { place: { after: 0, upTo: found?.last ?? 0, changed: 0, capped: 0 }, total: found?.total ?? 0 }
  },
  async page(ctx, input, { after, upTo, ...before }) {
    const found = await ctx.catalog.db.all<Row>(sql`
      select seq, id, version, state, price, compare_at_price as compareAtPrice, published_at as publishedAt,
        (select json_group_array(json_object('id', v.id, 'price', v.price)) from product_variants as v
          where v.product_seq = seq and v.price is not null) as variants
      from product_facets cross join products on products.seq = product_facets.rowid
      where product_facets match ${matchOf(input)} and product_facets.rowid > ${after} and product_facets.rowid <= ${upTo}
      order by product_facets.rowid limit ${PAGE + 1}`)
    const rows = found.slice(0, PAGE)
    const changes = rows.flatMap((row) => {
      const becomes = becomesOf(input, row, ctx.clock())
      return becomes ? [{ row, becomes }] : []
    })
    const changed = before.changed + changes.length
    const capped = before.capped + changes.filter(({ becomes }) => becomes.isCapped).length
    const result: Record<string, number> = input.action === 'change-price' ? { changed, capped } : { changed }
    return {
      steps: stepsOf(ctx, input, changes),
      holds: areStill(changes.map(({ row }) => row)),
      done: rows.length,
      place: { after: rows.at(-1)?.seq ?? upTo, upTo, changed, capped },
      isLast: found.length <= PAGE,
      result,
    }
  },
  after: productsChanged,
}

function matchOf({ products: which }: ProcessProductsBody): string {
  const [field, value] = 'brand' in which ? ['brand', which.brand] : ['category', which.categoryId]
  const match = facetMatch({ conditions: [{ field, op: 'eq', value }], sort: [] })
  if (typeof match !== 'string') throw new Error(`Nothing is found by ${field}`)
  return match
}

/** Undefined where nothing would change. */
function becomesOf(input: ProcessProductsBody, row: Row, now: number): After | undefined {
  const { price, compareAtPrice, publishedAt, state } = row
  const same: After = { price, compareAtPrice, publishedAt, state, variants: [], isCapped: false }
  if (state === 'archived') return undefined
  if (input.action === 'archive') return { ...same, state: 'archived' }
  if (input.action === 'publish') {
    return state === 'draft' ? { ...same, state: 'published', publishedAt: now } : undefined
  }
  let isCapped = false
  // What is higher could not be written by any other route, nor the product with it.
  const priced = (before: number) => {
    const after = priceAfter(before, input.percent)
    isCapped ||= after > MAX_PRICE
    return Math.min(after, MAX_PRICE)
  }
  const variants = variantsOf(row).flatMap((one) => {
    const after = priced(one.price)
    return after === one.price ? [] : [{ id: one.id, price: after }]
  })
  const newPrice = priced(price)
  if (newPrice === price && variants.length === 0) return undefined
  // What a product was dearer than is no longer so.
  const wasDearer = compareAtPrice !== null && compareAtPrice >= newPrice
  return { ...same, price: newPrice, compareAtPrice: wasDearer ? compareAtPrice : null, variants, isCapped }
}

/** As the query of a page makes them. */
function variantsOf({ variants }: Row): { id: string; price: number }[] {
  return JSON.parse(variants) as { id: string; price: number }[]
}

const EVENTS: Record<ProcessProductsBody['action'], EventType<{ productId: string; version: number }>> = {
  'change-price': ProductUpdated,
  publish: ProductPublished,
  archive: ProductArchived,
}

function stepsOf(
  ctx: ServiceContext,
  { action }: ProcessProductsBody,
  changes: readonly { row: Row; becomes: After }[],
): Step[] {
  if (changes.length === 0) return []
  const given = JSON.stringify(changes.map(({ row, becomes }) => ({ seq: row.seq, ...becomes })))
  const field = (name: keyof After | 'seq') => sql`json_extract(given.value, ${`$.${name}`})`
  return [
    sql`update products set price = ${field('price')}, compare_at_price = ${field('compareAtPrice')},
        state = ${field('state')}, published_at = ${field('publishedAt')}, updated_at = ${ctx.clock()},
        version = products.version + 1
      from json_each(${given}) as given where products.seq = ${field('seq')}`,
    // A cross join would keep the variants of all products to its left, and so read them all.
    sql`update product_variants set price = json_extract(variant.value, '$.price')
      from json_each(${given}) as given join json_each(given.value, '$.variants') as variant
      where product_variants.id = json_extract(variant.value, '$.id')`,
    ...changes.map(({ row: { id, version } }) =>
      ctx.event(EVENTS[action], {
        ...{ aggregateId: id, sequence: version + 1 },
        payload: { productId: id, version: version + 1 },
      }),
    ),
  ]
}

/** That all of them are of the version that was read. */
function areStill(rows: readonly Row[]): SQL {
  const given = JSON.stringify(rows.map(({ seq, version }) => [seq, version]))
  return sql`not exists (
    select 1 from json_each(${given}) as given
    left join products on products.seq = json_extract(given.value, '$[0]')
    where products.version is not json_extract(given.value, '$[1]'))`
}
