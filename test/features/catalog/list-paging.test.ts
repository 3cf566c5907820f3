import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ProductItem } from '../../../src/features/catalog/schemas.ts'
import { isoTime } from '../../../src/platform/clock.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { emptyCatalog, makeCategory, makeProducts } from '../../support/products.ts'
import { watchStatements } from '../../support/watched-statements.ts'

const api = createApi()

// Before each: some of them delete and archive what they find.
beforeEach(async () => {
  await emptyCatalog()
  const { id } = await makeCategory('Tools')
  const prices = [5, 5, 5, 7, 1, 1, 9, 5, 3, 3, 2, 8]
  await makeProducts(
    prices.map((price, i) => ({ name: `Tool ${i}`, price, categoryId: id, brand: `b${i % 2}`, tags: ['t'] })),
  )
})

const list = (query: string) => api.get<ProductItem[]>(`/v1/products?${query}`)
const idsOf = ({ body }: Answer<ProductItem[]>) => body.data.map(({ id }) => id)
const linksOf = ({ body }: Answer<unknown>) => body.links as Record<string, string | null>

/** All ids of a list, by its own links, with something done between two pages. */
async function walk(query: string, between: (seen: string[]) => Promise<unknown> = async () => {}): Promise<string[]> {
  const seen: string[] = []
  let next: string | null = `/v1/products?${query}`
  while (next !== null) {
    const answer: Answer<ProductItem[]> = await api.get<ProductItem[]>(next)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    seen.push(...idsOf(answer))
    next = linksOf(answer).next ?? null
    await between(seen)
  }
  return seen
}

describe('the pages of a list', () => {
  it('say where they are, lead on with what was asked, and end (R5.1, R5.2, R6.9)', async () => {
    const answer = await list('limit=5&page=2&brand=b1&minPrice=2')
    expect(answer.body.meta).toMatchObject({
      ...{ page: 2, limit: 5, total: 5, totalIsExact: true, totalPages: 1, hasNextPage: false, hasPrevPage: true },
    })
    expect(answer.body.data).toEqual([])
    expect(linksOf(answer)).toEqual({
      self: '/v1/products?brand=b1&minPrice=2&page=2&limit=5',
      first: '/v1/products?brand=b1&minPrice=2&page=1&limit=5',
      prev: '/v1/products?brand=b1&minPrice=2&page=1&limit=5',
      next: null,
      last: '/v1/products?brand=b1&minPrice=2&page=1&limit=5',
    })
    expect((await list('')).body.meta).toMatchObject({ page: 1, limit: 20, total: 12 })
  })

  it.each([
    '',
    'sortBy=price',
    'sortBy=price&order=asc',
    'sort=price,-name',
    'sort=-price,createdAt',
    'tags=t',
    'search=tool',
  ])('by number and by cursor are the same ones, for ?%s (R5.4, R6.8)', async (query) => {
    const all = idsOf(await list(`${query}&limit=50`))
    expect(new Set(all).size).toBe(12)
    expect(await walk(`${query}&limit=5`)).toEqual(all)
    const { nextCursor } = (await list(`${query}&limit=2`)).body.meta
    const rest = await list(`${query}&limit=50&cursor=${nextCursor}`)
    expect(idsOf(rest)).toEqual(all.slice(2))
    expect(rest.body.meta).toMatchObject({ hasMore: false, nextCursor: null, limit: 50 })
    expect(rest.body.meta).not.toHaveProperty('total')
  })

  it('by time and id hold rows that share a time once each, and by time alone what is older (R5.6)', async () => {
    const createdAt = 1_800_000_000_000
    const same = await makeProducts([{ createdAt }, { createdAt }, { createdAt }])
    const all = idsOf(await list('limit=50'))
    const first = await list('limit=2')
    const [, second] = first.body.data
    const rest = await walk(`limit=1&after=${second?.createdAt}&afterId=${second?.id}`)
    expect(rest).toEqual(all.slice(2))
    expect(idsOf(await list(`limit=50&after=${second?.createdAt}`))).toEqual(all.slice(3))
    const next = await list(`limit=3&after=${second?.createdAt}&afterId=${second?.id}`)
    const last = next.body.data.at(-1)
    expect(next.body.meta).toMatchObject({ hasMore: true, nextAfter: last?.createdAt, nextAfterId: last?.id, limit: 3 })
    expect(same.map(({ id }) => id).every((id) => all.includes(id))).toBe(true)
    await env.CATALOG_DB.prepare('delete from products where created_at = ?').bind(createdAt).run()
  })

  it('neither repeat nor leave out what was there all the time, whatever comes and goes meanwhile (R5.14)', async () => {
    const change = fc.constantFrom('insert', 'delete-seen', 'delete-last', 'archive')
    const queries = ['limit=3', 'limit=3&sortBy=price&order=asc', 'limit=2&tags=t', 'limit=3&sort=price,-name']
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...queries), fc.array(change, { maxLength: 4 }), async (query, changes) => {
        const before = idsOf(await list(`${query.replace(/limit=\d+/, 'limit=50')}`))
        const gone = new Set<string>()
        const [start] = await Promise.all([list(query)])
        const first = query.includes('sort')
          ? `${query}&cursor=${start.body.meta.nextCursor}`
          : `${query}&after=${start.body.data.at(-1)?.createdAt}&afterId=${start.body.data.at(-1)?.id}`
        const seen = await walk(first, async (passed) => {
          const step = changes.shift()
          if (step === 'insert') await makeProducts([{ name: `New ${newId()}`, price: 4, tags: ['t'] }])
          const victim = step === 'delete-seen' ? before[0] : passed.at(-1)
          if (victim === undefined || step === undefined || step === 'insert') return
          gone.add(victim)
          await env.CATALOG_DB.prepare(
            step === 'archive'
              ? `update products set state = 'archived' where id = ?`
              : 'delete from products where id = ?',
          )
            .bind(victim)
            .run()
        })
        const all = [...idsOf(start), ...seen]
        expect(new Set(all).size).toBe(all.length)
        for (const id of before) if (!gone.has(id)) expect(all).toContain(id)
        const missing = 12 - before.length + gone.size
        if (missing > 0)
          await makeProducts(Array.from({ length: Math.min(missing, 6) }, (_, i) => ({ price: i, tags: ['t'] })))
      }),
      { numRuns: 12 },
    )
  }, 60_000)

  it('are not gone on with by a cursor of another list, filter or order, nor by none of ours (R5.5)', async () => {
    await makeProducts(Array.from({ length: 4 }, () => ({ brand: 'own' })))
    const { nextCursor } = (await list('limit=2&brand=own&minPrice=1')).body.meta
    expect((await list(`limit=7&minPrice=1&brand=own&cursor=${nextCursor}`)).status).toBe(200)
    const wrong = [
      '',
      'brand=b0&minPrice=1',
      'brand=own',
      'brand=own&minPrice=1&sortBy=price',
      'brand=own&minPrice=1&search=tool',
    ]
    for (const query of wrong) {
      const answer = await list(`${query}&cursor=${nextCursor}`)
      expect([query, answer.status, answer.body.errors?.[0]?.field]).toEqual([query, 400, 'cursor'])
    }
    const bent = [['x', 'y', []], { a: 1 }, [String(nextCursor).slice(0, 16), 'id', ['a', 'b']], null, 'x']
    for (const one of bent) {
      const cursor = btoa(JSON.stringify(one)).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')
      expect((await list(`cursor=${cursor}`)).status, cursor).toBe(400)
    }
    const moved = await list('limit=2&sortBy=price')
    const parts = JSON.parse(atob(String(moved.body.meta.nextCursor).replaceAll('-', '+').replaceAll('_', '/')))
    const forged = btoa(JSON.stringify([parts[0], parts[1], ['1; drop table products']])).replaceAll('=', '')
    expect((await list(`limit=2&sortBy=price&cursor=${forged}`)).status).toBe(400)
  })

  it('go on from the time that is named, whatever product of another time is named with it (R5.6)', async () => {
    const brand = newId()
    const at = 1_600_000_000_000
    const ids = (await makeProducts([1, 2, 2, 3].map((s) => ({ brand, createdAt: at + s * 1_000 })))).map(
      ({ id }) => id,
    )
    const since = (s: number, id?: string, rest = '') =>
      list(`brand=${brand}&after=${isoTime(at + s * 1_000)}${id === undefined ? '' : `&afterId=${id}`}${rest}`)
    const [one, two, other, three] = ids
    expect(idsOf(await since(2, other))).toEqual([two, one])
    expect(idsOf(await since(2, three))).toEqual([one])
    expect(idsOf(await since(3, one))).toEqual([other, two, one])
    expect(idsOf(await since(2, one, '&sortBy=createdAt&order=asc'))).toEqual([three])
  })

  it('are asked for in one way, within its bounds (R5.7)', async () => {
    for (const query of [
      'page=1&cursor=x',
      'page=1&after=2026-01-01T00:00:00Z',
      'page=1000&limit=100',
      'limit=0',
      'limit=101',
    ]) {
      expect([query, (await list(query)).status]).toEqual([query, 400])
    }
    const sorted = await list('after=2026-01-01T00:00:00Z&sortBy=price')
    expect([sorted.status, sorted.body.errors?.[0]?.field]).toEqual([422, 'after'])
  })
})

describe('the forms of a list', () => {
  it('read the columns of the fields that were asked for, and those by which the list goes on (R5.12)', async () => {
    const seen: string[] = []
    const watched = createApi({ env: { CATALOG_DB: watchStatements(env.CATALOG_DB, seen) } })
    const columnsRead = async (query: string) => {
      seen.length = 0
      const { body } = await watched.get<object[]>(`/v1/products?limit=2&${query}`)
      expect(body.data.length).toBe(2)
      const [page = ''] = seen.filter((statement) => statement.includes('order by'))
      return [...(page.split(' from ')[0]?.matchAll(/"(\w+)"(?=,|$| as )/g) ?? [])].map(([, name]) => name)
    }
    expect(new Set(await columnsRead('fields=id,name,price,createdAt'))).toEqual(
      new Set(['id', 'name', 'price', 'created_at']),
    )
    expect(new Set(await columnsRead('fields=inStock&sort=-rating,name'))).toEqual(
      new Set(['id', 'stock', 'created_at', 'rating', 'name_key']),
    )
    expect((await columnsRead('fields=nothing')).length).toBeGreaterThan(20)
  })

  it('are items with meta and links, as packages have them (R5.9)', async () => {
    const answer = await api.get<{ items: ProductItem[]; meta: object; links: object }>(
      '/v1/products?format=package&limit=2&page=2&sortBy=price',
    )
    const { items, meta, links } = answer.body.data
    expect(items.length).toBe(2)
    expect(meta).toMatchObject({ itemCount: 2, itemsPerPage: 2, currentPage: 2 })
    expect(links).toMatchObject({
      previous: '/v1/products?format=package&sortBy=price&page=1&limit=2',
      next: '/v1/products?format=package&sortBy=price&page=3&limit=2',
    })
  })

  it('are the bare array with headers, which pages of other origins may read (R5.11)', async () => {
    const origin = 'http://localhost'
    const answer = await api.request<never>('GET', '/v1/products?format=headers&limit=5&page=2&brand=b1', {
      headers: { origin },
    })
    const total = Number(answer.headers.get('x-total-count'))
    expect(Array.isArray(answer.body)).toBe(true)
    expect(total).toBeGreaterThan(0)
    expect(answer.headers.get('x-total-pages')).toBe(String(Math.ceil(total / 5)))
    expect(answer.headers.get('x-current-page')).toBe('2')
    expect(answer.headers.get('x-per-page')).toBe('5')
    expect(answer.headers.get('link')).toContain('</v1/products?format=headers&brand=b1&page=1&limit=5>; rel="prev"')
    const exposed = answer.headers.get('access-control-expose-headers') ?? ''
    for (const name of ['X-Total-Count', 'X-Total-Pages', 'X-Current-Page', 'X-Per-Page', 'Link'])
      expect(exposed).toContain(name)
  })

  it('hold the fields that were asked for, and links from the configured origin (R6.16, R5.8)', async () => {
    const answer = await list('fields=price,name,password&limit=1')
    expect(Object.keys(answer.body.data[0] ?? {}).toSorted()).toEqual(['id', 'name', 'price'])
    expect(Object.keys((await list('fields=nothing&limit=1')).body.data[0] ?? {}).length).toBeGreaterThan(10)
    const named = createApi({ settings: { PUBLIC_ORIGIN: 'https://api.selvage.test/' } })
    const linked = await named.get('/v1/products?limit=1', { headers: { host: 'evil.test' } })
    expect(linksOf(linked).next).toBe('https://api.selvage.test/v1/products?page=2&limit=1')
  })
})
