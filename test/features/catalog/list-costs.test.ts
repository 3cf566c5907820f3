import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, type TaskMeta } from 'vitest'
import type { ProductItem } from '../../../src/features/catalog/schemas.ts'
import { createApi } from '../../support/api.ts'
import { growProducts, makeCategory } from '../../support/products.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Read by `npm run cost`: what a list has read, of how many products, and how much it may. */
    listCosts?: { what: string; size: number; items: number; read: number; most: number }[]
  }
}

/** The statements that lists have sent. */
const sent: { sql: string; values: unknown[] }[] = []
const api = createApi({ env: { CATALOG_DB: watched(env.CATALOG_DB) } })
const remembering = createApi({ env: { CATALOG_DB: watched(env.CATALOG_DB) }, settings: { CACHE_TIERS: 'isolate' } })
const FEW = 1_000
const MANY = 100_000
const STEP = 9_900
const categoryIds: string[] = []

/** What may be asked of a list in the order in which it is answered: each reads what it shows. */
const WALKS = [
  '',
  'sortBy=createdAt&order=asc',
  'sortBy=price',
  'sortBy=price&order=asc&minPrice=50000&maxPrice=60000',
  'sortBy=name&order=asc',
  'sortBy=stock&stock[gte]=3',
  'sortBy=rating',
  'category=cloth',
  'category=cloth&sortBy=price&order=asc',
  'category=cloth&sortBy=name',
  'category=cloth&sortBy=rating',
  'brand=brand 7',
  'category=cloth&tags=tag6,tag12',
  'category=cloth&inStock=true&brand=brand 4',
  'category=cloth&minPrice=1000&maxPrice=700000&inStock=true',
  'category=cloth&search=running',
]
/** The same where each item is of a category that no filter has named: that is one row more of each. */
const NAMED = [
  'tags=tag1&inStock=true',
  'price[ne]=5&price[gt]=100',
  'search=oth&brand=brand 4',
  'search=te',
  'q=%24%25%26',
]

/** SEARCH by an index, the table in its order, and full-text indexes; nothing is sorted. */
const SHAPES = [
  /^SEARCH products USING (COVERING )?(INDEX products_\w+|INTEGER PRIMARY KEY) \(/,
  /^SCAN products$/,
  /^SCAN product_(facets|parts|words) VIRTUAL TABLE INDEX \d+:/,
  /^(CORRELATED SCALAR|SCALAR|REUSE) SUBQUERY \d+$/,
  /^SEARCH categories USING INDEX sqlite_autoindex_categories_1 \(id=\?\)$/,
]

beforeAll(async () => {
  for (const name of ['Cloth', 'Other', 'More']) categoryIds.push((await makeCategory(name)).id)
  await growProducts(FEW, categoryIds)
}, 120_000)

const page = (query: string, by = api) => by.get<ProductItem[]>(`/v1/products?${query}`)

/** One page that is asked for by what comes after the newest, so that nothing is counted. */
async function readsOf(query: string, by = api): Promise<{ read: number; items: number }> {
  const isByTime = !query.includes('sortBy=') || query.includes('createdAt')
  const first = await page(`${query}&limit=1`, by)
  expect(first.status, JSON.stringify(first.body)).toBe(200)
  const cursor = first.body.meta.nextCursor
  if (cursor === null) return { read: 0, items: 0 }
  const answer = await page(`${query}&limit=20&cursor=${cursor}`, by)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  // The slug of the category is looked up before, and so is the place of a list by time.
  const besides = (query.includes('category=') ? 1 : 0) + (isByTime ? 1 : 0)
  return { read: answer.costs.d1RowsRead - besides, items: answer.body.data.length }
}

describe.each([FEW, MANY])('with %d products', (size) => {
  beforeAll(async () => {
    // In steps, as one statement may not take longer than the platform lets it.
    for (let there = FEW; there < size; there += STEP) await growProducts(STEP, categoryIds, there)
  }, 300_000)

  it.for(WALKS)('?%s reads at most two rows for each that it shows, and five (R6.18)', async (query, { task }) => {
    sent.length = 0
    const { read, items } = await readsOf(query)
    task.meta.listCosts = [{ what: `?${query}`, size, items, read, most: 2 * items + 5 }]
    expect(await strangeSteps()).toEqual([])
    expect(items, query).toBeGreaterThan(0)
    expect(read, `${items} items`).toBeLessThanOrEqual(2 * items + 5)
  })

  it.for(NAMED)(
    '?%s reads as much where the tree of categories is remembered, else one more of each (R6.18)',
    async (query, { task }) => {
      sent.length = 0
      const { read, items } = await readsOf(query)
      expect(await strangeSteps()).toEqual([])
      expect(read, `${items} items`).toBeLessThanOrEqual(3 * items + 5)
      await remembering.get('/v1/categories')
      const known = await readsOf(query, remembering)
      task.meta.listCosts = [
        { what: `?${query}`, size, ...known, most: 2 * items + 5 },
        { what: `?${query}, the tree not remembered`, size, items, read, most: 3 * items + 5 },
      ]
      expect([known.items, known.read <= 2 * items + 5]).toEqual([items, true])
    },
  )
})

describe('with 100,000 products', () => {
  it('page 1,000 by cursor, or by time and id, costs what page 1 costs (R5.6, R5.14)', async ({ task }) => {
    const told = tellerOf(task)
    for (const query of ['', 'sortBy=price&order=asc', 'sortBy=stock', 'category=cloth&inStock=true']) {
      const first = await page(`${query}&limit=10`)
      const deep = await page(`${query}&limit=10&page=1000`)
      expect(deep.body.data.length).toBe(10)
      const [near, far] = [first.body.meta.nextCursor, deep.body.meta.nextCursor]
      const costs = [await page(`${query}&limit=10&cursor=${near}`), await page(`${query}&limit=10&cursor=${far}`)]
      const [one, thousand] = costs.map((answer) => answer.costs.d1RowsRead)
      told(`?${query} page 2 by cursor`, costs[0], 25)
      told(`?${query} page 1,001 by cursor`, costs[1], Math.floor(1.2 * (one ?? 0)))
      expect(thousand).toBeLessThanOrEqual(1.2 * (one ?? 0))
    }
    const last = (await page('limit=10&page=1000')).body.data.at(-1)
    const keyset = await page(`limit=10&after=${last?.createdAt}&afterId=${last?.id}`)
    told('? page 1,001 by time and id', keyset, 25)
    expect(keyset.body.data.length).toBe(10)
    expect(keyset.costs.d1RowsRead).toBeLessThanOrEqual(25)
  }, 60_000)

  it('what no index has in its order is sorted where it is little, and refused with a way out where it is much', async ({
    task,
  }) => {
    const told = tellerOf(task)
    const narrow = await page('category=cloth&tags=tag6&brand=brand 6&sortBy=price&order=asc')
    expect(narrow.status).toBe(200)
    const prices = narrow.body.data.map(({ price }) => price)
    expect(prices.length).toBe(20)
    expect(prices).toEqual(prices.toSorted((a, b) => a - b))
    told('?category=..&tags=..&brand=..&sortBy=price, all sorted', narrow, 7_100)
    expect(narrow.costs.d1RowsRead).toBeLessThan(7_100)
    for (const query of [
      'inStock=true&sortBy=price',
      'sort=rating,name&category=cloth&inStock=true',
      'stock[gt]=3',
      'startDate=2020-01-01&sortBy=name',
    ]) {
      const wide = await page(query)
      expect([query, wide.status, wide.body.code]).toEqual([query, 422, 'UNPROCESSABLE'])
      expect(wide.body.message).toContain('narrow')
      told(`?${query}, refused`, wide, 7_100)
      expect(wide.costs.d1RowsRead).toBeLessThan(7_100)
    }
  }, 60_000)

  it('several keys are sorted within what an index has of the first one, and refused where too many share it (R6.15)', async ({
    task,
  }) => {
    const told = tellerOf(task)
    const all = await page('sort=-price,name&limit=100&page=3')
    expect(all.status, JSON.stringify(all.body)).toBe(200)
    told('?sort=-price,name&limit=100&page=3', all, 9_000)
    expect(all.costs.d1RowsRead).toBeLessThan(9_000)
    const keys = (answer: typeof all) => answer.body.data.map(({ price, name }) => [price, name])
    const cursor = (await page('sort=-price,name&limit=100&page=2')).body.meta.nextCursor
    const next = await page(`sort=-price,name&limit=100&cursor=${cursor}`)
    expect(keys(next)).toEqual(keys(all))
    const rated = await page('sort=-rating,name&category=cloth&limit=10')
    expect(rated.status).toBe(200)
    const [first, last] = [rated.body.data[0], rated.body.data.at(-1)]
    expect([first?.rating, last?.rating]).toEqual([5, 5])
    const names = rated.body.data.map(({ name }) => name)
    expect(names).toEqual(names.toSorted())
    // Ten thousand have as much in stock as the first ones.
    const alike = await page('sort=-stock,name')
    expect([alike.status, alike.body.code]).toEqual([422, 'UNPROCESSABLE'])
  }, 60_000)

  it('a text with a brand or a tag in other letters finds nothing, and reads nothing to say so (R6.18)', async ({
    task,
  }) => {
    const told = tellerOf(task)
    for (const query of [
      'search=running&brand=BRAND 7',
      'search=running&tags=TAG6',
      'search=re&tags=Tag10',
      'search=re&brand=Brand 10',
    ]) {
      const alike = await page(query)
      expect([query, alike.body.meta.total, alike.body.meta.totalIsExact]).toEqual([query, 0, true])
      told(`?${query}, which none has`, alike, 5)
      expect(alike.costs.d1RowsRead, query).toBeLessThanOrEqual(5)
      const itself = await page(query.toLowerCase())
      expect([query, itself.body.data.length, itself.costs.d1RowsRead < 1_100]).toEqual([query, 20, true])
    }
  }, 60_000)

  it('goes on by cursor where no number leads, in each form (R5.8, R5.9, R5.11)', async () => {
    const far = 'category=cloth&limit=100&page=100'
    const [usual, package_] = [
      await page(far),
      await api.get<{ links: { next: string } }>(`/v1/products?format=package&${far}`),
    ]
    const headers = await api.request<never>('GET', `/v1/products?format=headers&${far}`)
    const links = [
      (usual.body.links as { next: string }).next,
      package_.body.data.links.next,
      headers.headers.get('link')?.match(/<([^>]+)>; rel="next"/)?.[1] ?? '',
    ]
    for (const next of links) {
      expect(next).toMatch(/category=cloth&.*cursor=/)
      expect((await api.get(next)).status, next).toBe(200)
    }
  }, 60_000)

  it('a total is counted to 1,000, and says so (R5.2, R5.13)', async ({ task }) => {
    const told = tellerOf(task)
    const { body, costs } = await page('limit=10')
    expect(body.meta).toMatchObject({ total: 1_000, totalIsExact: false, hasNextPage: true })
    told('?limit=10, with the total', { body, costs }, 1_050)
    expect(costs.d1RowsRead).toBeLessThan(1_050)
    const few = await page('brand=brand 4&tags=tag24,tag5&category=cloth&minPrice=500000&limit=5')
    const { total, totalIsExact, totalPages } = few.body.meta
    expect([totalIsExact, totalPages]).toEqual([true, Math.ceil(Number(total) / 5)])
  }, 60_000)

  it('a search compares at most 1,000 products, and facets count at most as many (R6.12)', async ({ task }) => {
    const told = tellerOf(task)
    const search = await api.get<{ relevance: number }[]>('/v1/products/search?q=running cloths')
    expect(search.body.data.length).toBe(20)
    expect(search.body.meta).toMatchObject({ total: 1_000, totalIsExact: false })
    expect(search.costs.d1RowsRead).toBeLessThan(7_100)
    told('/search?q=running cloths', search, 7_100)
    // Of the newest thousand that match a dearer one is rare, and older ones were not looked at.
    const dear = '&minPrice=999000'
    const rare = await api.get(`/v1/products/search?q=running cloths${dear}`)
    expect([rare.body.meta.totalIsExact, rare.costs.d1RowsRead < 7_100]).toEqual([false, true])
    for (const by of ['words', 'search']) {
      const some = await api.get<{ counted: number; countedAll: boolean }>(`/v1/products/facets?${by}=running${dear}`)
      expect([by, some.body.data.countedAll, some.costs.d1RowsRead < 7_100]).toEqual([by, false, true])
    }
    // The last page by number is the last that is answered.
    const end = await api.get<unknown[]>('/v1/products/search?q=running&limit=24&page=41')
    expect([end.body.data.length, end.body.meta.totalPages, end.body.meta.hasNextPage]).toEqual([24, 41, false])
    expect(end.body.links).toMatchObject({ next: null, last: null })
    const facets = await api.get<{ counted: number; countedAll: boolean }>('/v1/products/facets?inStock=true')
    expect(facets.body.data).toMatchObject({ counted: 1_000, countedAll: false })
    told('/facets?inStock=true', facets, 5_000)
    expect(facets.costs.d1RowsRead).toBeLessThan(5_000)
  }, 60_000)
})

/** Notes what an answer has cost, for the table. */
function tellerOf({ meta }: { meta: TaskMeta }) {
  const noted: NonNullable<TaskMeta['listCosts']> = []
  meta.listCosts = noted
  return (
    what: string,
    answer: { body: { data: unknown }; costs: { d1RowsRead: number } } | undefined,
    most: number,
  ) => {
    const items = Array.isArray(answer?.body.data) ? answer.body.data.length : 0
    noted.push({ what, size: MANY, items, read: answer?.costs.d1RowsRead ?? 0, most })
  }
}

/** The steps of the plans of what was sent that are none of the allowed shapes. */
async function strangeSteps(): Promise<string[]> {
  const lists = sent.filter(({ sql }) => sql.includes('order by') && !sql.includes('count('))
  const plans = await Promise.all(
    lists.map(({ sql, values }) =>
      env.CATALOG_DB.prepare(`explain query plan ${sql}`)
        .bind(...values)
        .all<{ detail: string }>(),
    ),
  )
  expect(plans.length).toBeGreaterThan(0)
  return plans
    .flatMap(({ results }) => results.map(({ detail }) => detail))
    .filter((detail) => !SHAPES.some((shape) => shape.test(detail)))
}

/** The database, whose sessions note every statement that gets values. */
function watched(database: D1Database): D1Database {
  return new Proxy(database, {
    get(target, name) {
      if (name !== 'withSession') return Reflect.get(target, name)
      return (constraint: string) => {
        const session = target.withSession(constraint)
        const prepare = session.prepare.bind(session)
        return Object.assign(session, {
          prepare: (sql: string) => {
            const statement = prepare(sql)
            const bind = statement.bind.bind(statement)
            const noted = (...values: unknown[]) => {
              sent.push({ sql, values })
              return bind(...values)
            }
            return Object.assign(statement, { bind: noted })
          },
        })
      }
    },
  })
}
