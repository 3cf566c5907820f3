import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import type { ServiceContext, SessionState } from '../../../src/context.ts'
import type { Env } from '../../../src/env.ts'
import { countFacets } from '../../../src/features/catalog/count-facets.ts'
import { listProducts } from '../../../src/features/catalog/list-products.ts'
import { productsChanged } from '../../../src/features/catalog/product-cache.ts'
import type { ProductFacets, ProductItem } from '../../../src/features/catalog/schemas.ts'
import { searchProducts } from '../../../src/features/catalog/search-products.ts'
import { type Api, createApi } from '../../support/api.ts'
import { productBody } from '../../support/catalog-examples.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { makeCategory, makeProducts } from '../../support/products.ts'

const remembering = (tiers = 'isolate') => createApi({ settings: { CACHE_TIERS: tiers } })

async function change({ isolate }: Api): Promise<void> {
  const deferred: Promise<unknown>[] = []
  const ctx = createSystemContext(isolate, env as unknown as Env, 'test', (work) => void deferred.push(work))
  expect(await productsChanged(ctx)).toBe(true)
  await Promise.all(deferred)
}

/** As the isolate remembers it. */
async function sessionOf(api: Api, person: TestPerson): Promise<SessionState> {
  await api.as(person).get('/v1/products?limit=1')
  const state = api.isolate.sessions.get(person.sessionId)
  if (!state) throw new Error('The session is not remembered')
  return state
}

describe('what the public sees of products', () => {
  it.each(['isolate', 'isolate,edge'])(
    'is read once a minute and query, and anew after a change: %s (R6.19, R5.13, R20.2)',
    async (tiers) => {
      const api = remembering(tiers)
      await change(api)
      const brand = crypto.randomUUID()
      await makeProducts([{ brand, price: 100 }])
      const [list, same] = [
        `/v1/products?brand=${brand}&minPrice=5&page=1`,
        `/v1/products?minPrice=5&limit=20&brand=${brand}`,
      ]
      const counted = async (path: string) => {
        const { body, costs } = await api.get<ProductItem[]>(path)
        return [body.data.length, body.meta.total, costs.d1Trips]
      }
      const facets = async () => {
        const { body, costs } = await api.get<ProductFacets>(`/v1/products/facets?brand=${brand}`)
        return [body.data.counted, costs.d1Trips]
      }
      expect(await counted(list)).toEqual([1, 1, 1])
      expect(await facets()).toEqual([1, 1])
      await makeProducts([{ brand, price: 100 }])
      expect(await counted(list)).toEqual([1, 1, 0])
      expect(await counted(same)).toEqual([1, 1, 0])
      expect(await counted(`${list}&inStock=true`)).toEqual([2, 2, 1])
      expect(await facets()).toEqual([1, 0])
      await change(api)
      expect(await counted(same)).toEqual([2, 2, 1])
      expect(await facets()).toEqual([2, 1])
    },
  )

  it('is another one at once after each way to change products and categories (R6.19, R25.4)', async () => {
    const api = remembering()
    const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
    const category = await makeCategory('Before', crypto.randomUUID())
    const [one] = await makeProducts([{ categoryId: category.id }])
    const shown = async () => {
      const { body, costs } = await api.get<ProductItem[]>(`/v1/products?categoryId=${category.id}`)
      const tree = await api.get<{ id: string; name: string }[]>('/v1/categories')
      return {
        stocks: body.data.map(({ stock }) => stock),
        name: tree.body.data.find(({ id }) => id === category.id)?.name,
        trips: costs.d1Trips + tree.costs.d1Trips,
      }
    }
    const remembered = { stocks: [5], name: 'Before', trips: 0 }
    await shown()
    expect(await shown()).toEqual(remembered)
    await admin.patch(`/v1/products/${one?.id}/stock`, { stock: 9 })
    expect(await shown()).toMatchObject({ stocks: [9] })
    const renamed = { headers: { 'if-match': '"1"' } }
    await admin.patch(`/v1/categories/${category.id}`, { name: 'After' }, renamed)
    expect(await shown()).toMatchObject({ name: 'After' })
    await admin.delete(`/v1/products/bulk?ids=${one?.id}`)
    expect(await shown()).toMatchObject({ stocks: [] })
    const made = await admin.post<{ id: string }>('/v1/products', productBody({ categoryId: category.id, stock: 2 }))
    await admin.post(`/v1/products/${made.body.data.id}/publish`)
    expect(await shown()).toMatchObject({ stocks: [2] })
    expect(await shown()).toEqual({ stocks: [2], name: 'After', trips: 0 })
  })

  it('has a total that deeper pages do not count again (R5.13)', async () => {
    const api = remembering()
    const brand = crypto.randomUUID()
    await makeProducts(Array.from({ length: 3 }, () => ({ brand })))
    const page = async (query: string) => {
      const { body, costs } = await api.get<ProductItem[]>(`/v1/products?brand=${brand}&limit=100&${query}`)
      return { total: body.meta.total, rowsRead: costs.d1RowsRead }
    }
    const first = await page('page=3')
    const second = await page('page=4')
    expect([first.total, second.total]).toEqual([3, 3])
    expect(second.rowsRead).toBeLessThan(first.rowsRead)
  })

  it('has the names of its categories from the tree, as they are now, also those that the tree does not know yet', async () => {
    const api = remembering()
    await change(api)
    const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
    const [one, brand] = [await makeCategory('One', crypto.randomUUID()), crypto.randomUUID()]
    await api.get('/v1/categories')
    const other = await makeCategory('Other', crypto.randomUUID())
    await makeProducts([
      { brand, categoryId: one.id },
      { brand, categoryId: other.id },
      { brand, categoryId: null },
    ])
    const slugs = async (limit: number) =>
      (await api.get<ProductItem[]>(`/v1/products?brand=${brand}&limit=${limit}`)).body.data.map(
        ({ category }) => category,
      )
    expect(await slugs(10)).toEqual([null, other.slug, one.slug])
    const slug = crypto.randomUUID()
    await admin.patch(`/v1/categories/${one.id}`, { slug }, { headers: { 'if-match': '*' } })
    expect(await slugs(11)).toEqual([null, other.slug, slug])
    await api.get('/v1/categories')
    expect(await slugs(12)).toEqual([null, other.slug, slug])
  })

  it('of a search is remembered by its words, however they are written, for each page, and anew after a change (R25.5)', async () => {
    const api = remembering()
    const word = `w${crypto.randomUUID().replaceAll('-', '')}`
    await makeProducts([{ name: `Thing ${word}` }])
    const found = async (q: string, rest = '') => {
      const answer = await api.get<ProductItem[]>(`/v1/products/search?q=${encodeURIComponent(q)}${rest}`)
      return [answer.status, answer.body.data?.length, answer.costs.d1Trips]
    }
    expect(await found(`thing ${word}`)).toEqual([200, 1, 1])
    await makeProducts([{ name: `Thing ${word}` }])
    expect(await found(`  THING   ${word.toUpperCase()} `)).toEqual([200, 1, 0])
    expect(await found(`thing ${word}`, '&limit=1&page=2')).toEqual([200, 1, 1])
    for (const wildcard of ['%%%', '_', `${word.slice(0, 9)}%`]) expect((await found(wildcard))[0]).toBe(200)
    expect((await found('x'.repeat(101)))[0]).toBe(400)
    await change(api)
    expect(await found(`thing ${word}`)).toEqual([200, 2, 1])
    const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
    await makeProducts([{ name: `Thing ${word}`, state: 'draft' }])
    for (const all of [3, 3]) {
      expect((await admin.get<ProductItem[]>(`/v1/products/search?q=thing ${word}`)).body.data.length).toBe(all)
    }
    expect(await found(`thing ${word}`)).toEqual([200, 2, 0])
  })

  it('is never what those see who may change products, nor the other way round (R6.19)', async () => {
    const api = remembering()
    const brand = crypto.randomUUID()
    await makeProducts([{ brand }, { brand, state: 'draft' }])
    const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
    const user = api.as(await makePerson(api.isolate))
    const seen = async (by: Pick<Api, 'get'>) => {
      const list = await by.get<ProductItem[]>(`/v1/products?brand=${brand}`)
      const facets = await by.get<ProductFacets>(`/v1/products/facets?brand=${brand}`)
      return [
        list.body.data.length,
        facets.body.data.counted,
        list.body.data.some(({ ownerId }) => ownerId !== undefined),
      ]
    }
    for (const by of [api, admin, user, api, admin, user]) {
      expect(await seen(by)).toEqual(by === admin ? [2, 2, true] : [1, 1, false])
    }
    await makeProducts([{ brand, state: 'draft' }])
    expect((await admin.get<ProductItem[]>(`/v1/products?brand=${brand}`)).body.data).toHaveLength(3)
  })

  it('is found for the public though whoever asks becomes staff while it is looked for (R6.19)', async () => {
    const api = remembering()
    const word = `w${crypto.randomUUID().replaceAll('-', '')}`
    await makeProducts([{ name: word }, { name: word, state: 'draft' }])
    const person = await makePerson(api.isolate)
    const ctx = createSystemContext(api.isolate, env as unknown as Env, 'test', () => {})
    const promoted = { ...(await sessionOf(api, person)), permissions: ['update:product' as const] }
    /** Known as a user until the first question has been answered. */
    const during = (): ServiceContext => {
      let asked = 0
      const get = () => (asked++ === 0 ? { ...promoted, permissions: [] } : promoted)
      return {
        ...ctx,
        actor: { kind: 'user', userId: person.id, sessionId: promoted.sessionId },
        sessions: { ...ctx.sessions, get },
        session: async () => promoted,
      }
    }
    const filters = { conditions: [], category: {} }
    const sort = [{ field: 'createdAt', direction: 'desc' }] as const
    await listProducts(during(), { ...filters, search: word, sort, paging: { page: 1, limit: 20 } })
    await searchProducts(during(), { ...filters, q: word, page: 1, limit: 20 })
    await countFacets(during(), { ...filters, search: word, words: undefined })
    const list = await api.get<ProductItem[]>(`/v1/products?search=${word}`)
    const search = await api.get<ProductItem[]>(`/v1/products/search?q=${word}`)
    const facets = await api.get<ProductFacets>(`/v1/products/facets?search=${word}`)
    expect([list, search, facets].map(({ costs }) => costs.d1Trips)).toEqual([0, 0, 0])
    expect([list.body.data.length, search.body.data.length, facets.body.data.counted]).toEqual([1, 1, 1])
    for (const item of [...list.body.data, ...search.body.data]) expect(item).not.toHaveProperty('ownerId')
  })

  it('is kept with the fields that were asked for, each set of them apart (R6.16)', async () => {
    const api = remembering()
    const brand = crypto.randomUUID()
    await makeProducts([{ brand }])
    const shown = async (fields: string) => {
      const { body, costs } = await api.get<object[]>(`/v1/products?brand=${brand}&fields=${fields}`)
      return [Object.keys(body.data[0] ?? {}).toSorted(), costs.d1Trips]
    }
    expect(await shown('name,brand')).toEqual([['brand', 'id', 'name'], 1])
    expect(await shown('brand,name,none')).toEqual([['brand', 'id', 'name'], 0])
    expect((await shown('state'))[0]).toHaveLength(23)
    expect(await shown('')).toEqual([expect.arrayContaining(['createdAt', 'stock', 'tags']), 0])
    expect(await shown('name,isActive')).toEqual([['id', 'isActive', 'name'], 1])
  })

  it('is asked for again only where it is another: 304 without a body', async () => {
    const api = remembering()
    const brand = crypto.randomUUID()
    await makeProducts([{ brand }])
    for (const path of [
      '/v1/products?',
      '/v1/products?format=headers&',
      '/v1/products?format=package&',
      '/v1/products/facets?',
    ]) {
      const { headers } = await api.get(`${path}brand=${brand}`)
      const etag = headers.get('etag') ?? ''
      expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/)
      const again = await api.get(`${path}brand=${brand}`, { headers: { 'if-none-match': etag } })
      expect([again.status, again.headers.get('etag'), await again.response.text()]).toEqual([304, etag, ''])
    }
    const etag = (await api.get(`/v1/products?brand=${brand}`)).headers.get('etag') ?? ''
    await makeProducts([{ brand }])
    await change(api)
    const changed = await api.get(`/v1/products?brand=${brand}`, { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
  })

  it('is loaded once for a hundred who ask at once, over HTTP (R25.4)', async () => {
    const api = remembering()
    const brand = crypto.randomUUID()
    await makeProducts([{ brand }])
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => api.get<ProductFacets>(`/v1/products/facets?brand=${brand}`)),
    )
    expect(answers.map(({ body }) => body.data.counted)).toEqual(Array(100).fill(1))
    expect(answers.reduce((sum, { costs }) => sum + costs.d1Trips, 0)).toBe(1)
  })
})
