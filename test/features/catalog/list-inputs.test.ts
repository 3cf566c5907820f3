import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FoundProduct, ProductFacets, ProductItem } from '../../../src/features/catalog/schemas.ts'
import { createApi } from '../../support/api.ts'
import { productBody } from '../../support/catalog-examples.ts'
import { makePerson } from '../../support/people.ts'
import { emptyCatalog, makeCategory, makeProducts } from '../../support/products.ts'

const api = createApi()
const GRAND = 'Grand "AND" 50%_off \'x\' (NEAR) ⟦bAcme⟧'

beforeAll(async () => {
  await emptyCatalog()
  const { id } = await makeCategory('Garden')
  await makeProducts([
    {
      name: 'Running shoe',
      description: 'For runners who run.',
      brand: 'Acme',
      categoryId: id,
      tags: ['sport'],
      price: 900,
    },
    {
      name: 'Quiet boot',
      description: 'Leather. Not for running far.',
      brand: 'Bolt',
      tags: ['sport', 'winter'],
      price: 1_500,
    },
    {
      name: GRAND,
      description: 'Crème brûlée',
      brand: GRAND.slice(0, 20),
      tags: ['a"b', 'naïve'],
      stock: 0,
      price: 300_000,
    },
    { name: 'Secret prototype', description: 'Nobody runs yet', state: 'draft' },
  ])
})

const HOSTILE = [
  `' OR '1'='1`,
  `'; DROP TABLE products; --`,
  `" OR name : "`,
  `") OR tokens MATCH ("x`,
  'NEAR(a b, 5)',
  'spublished OR sdraft',
  'name : secret',
  '⟦sd',
  'a* b^ {c} - + :',
  '%',
  '_',
  '%%%',
  '\\',
  '*',
  '""',
  '^',
  '\u{1F9F5}\u{1F9F5}\u{1F9F5}',
  '\u0001\u0002\u0003',
  '1e999',
  '9'.repeat(400),
  '-1',
  '0x10',
  'NaN',
  '[]',
  '{"$gt":""}',
  `${'['.repeat(90)}`,
  '__proto__',
  'constructor',
  'x'.repeat(5_000),
  '\u202etxet',
]
const NAMES = [
  ...[
    'page',
    'limit',
    'cursor',
    'after',
    'afterId',
    'sortBy',
    'order',
    'sort',
    'search',
    'q',
    'category',
    'categoryId',
  ],
  ...[
    'brand',
    'minPrice',
    'maxPrice',
    'price[eq]',
    'price[ne]',
    'stock[gt]',
    'inStock',
    'inStockOnly',
    'tags',
    'startDate',
  ],
  ...['endDate', 'fields', 'format', 'state'],
]
const RAW = [...['%ED%A0%80', '%00', 'a%00b', '%ZZ', '%', '%C3', '+', '%2B%2B']]

describe('whatever stands in a parameter', () => {
  it.each(NAMES)(
    '%s is refused clearly, or means just what it says (R6.3, R6.11, R17.36)',
    async (name) => {
      for (const raw of [...HOSTILE.map(encodeURIComponent), ...RAW]) {
        for (const route of ['', '/facets', '/search']) {
          const target = `/v1/products${route}?${route === '/search' && name !== 'q' ? 'q=running&' : ''}${encodeURIComponent(name)}=${raw}`
          const answer = await api.get<ProductItem[]>(target)
          const { status, body } = answer
          expect([200, 400, 422], `${target} ${JSON.stringify(body)}`).toContain(status)
          if (status === 400) expect(body.errors?.[0]?.field, target).toBeTruthy()
          // No part of it has widened what the caller may see.
          expect(JSON.stringify(body), target).not.toContain('Secret prototype')
        }
      }
      const { results } = await env.CATALOG_DB.prepare('select count(*) as n from products').all<{ n: number }>()
      expect(results[0]?.n).toBe(4)
    },
    60_000,
  )

  it('is refused where the parameter is unknown, nested, or comes twice', async () => {
    const unknown = [
      'price[like]=1',
      'price[gte][lt]=1',
      'price%5B%5D=1',
      'name[eq]=x',
      'id=1',
      '__proto__=1',
      'constructor=1',
      'minprice=1',
    ]
    for (const query of [
      ...unknown,
      'minPrice=1&minPrice=2',
      'sortBy=price&sortBy=name',
      'search=a&search=b',
      '__proto__[x]=1',
    ]) {
      const answer = await api.get(`/v1/products?${query}`)
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'VALIDATION_FAILED'])
    }
  })

  it('is refused as meaningless where two of them contradict one another, and as badly written where one is none (R2.12, R6.3, R6.14)', async () => {
    for (const query of [
      'minPrice=2&maxPrice=1',
      'startDate=2026-01-02&endDate=2026-01-01',
      'inStock=false&inStockOnly=true',
      'search=abc&q=def',
    ]) {
      const answer = await api.get(`/v1/products?${query}`)
      expect([query, answer.status, answer.body.code]).toEqual([query, 422, 'UNPROCESSABLE'])
    }
    for (const query of ['minPrice=x&maxPrice=1', 'startDate=2026-02-30', 'inStock=maybe', 'minPrice=-1']) {
      const answer = await api.get(`/v1/products?${query}`)
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'VALIDATION_FAILED'])
    }
    const day = '2023-11-15'
    expect((await api.get(`/v1/products?startDate=${day}&endDate=${day}&search=abc&q=abc`)).status).toBe(200)
  })

  it('is looked for as it is: quotes, wildcards, and words of a query language', async () => {
    const found = async (search: string) => {
      const answer = await api.get<ProductItem[]>(`/v1/products?search=${encodeURIComponent(search)}`)
      return answer.body.data.map(({ name }) => name)
    }
    for (const text of ['"AND" 50%_off', "'x' (near)", '⟦bAcme⟧', 'CRÈME', 'BRÛL', 'naïve', 'a"b']) {
      expect(await found(text), text).toEqual([GRAND])
    }
    for (const text of ['%_%', '50_', 'A_D', '⟦bolt⟧', 'spublished', '⟦sp']) expect(await found(text), text).toEqual([])
    const branded = await api.get<ProductItem[]>(
      `/v1/products?brand=${encodeURIComponent(GRAND.slice(0, 20))}&tags=${encodeURIComponent('a"b')}&search=grand`,
    )
    expect(branded.body.data.length).toBe(1)
  })
})

describe('who sees what', () => {
  it('everybody sees published products, and those who may change them see all, by state', async () => {
    const [user, moderator] = [await makePerson(api.isolate), await makePerson(api.isolate, { role: 'moderator' })]
    const public_ = await api.as(user).get<ProductItem[]>('/v1/products')
    expect(public_.body.data.length).toBe(3)
    expect(public_.body.data[0]).not.toHaveProperty('ownerId')
    expect((await api.get<ProductItem[]>('/v1/products?state=published')).body.data.length).toBe(3)
    for (const caller of [api, api.as(user)]) {
      for (const state of ['draft', 'archived']) {
        const hidden = await caller.get<ProductItem[]>(`/v1/products?state=${state}`)
        expect([hidden.status, hidden.body.data, hidden.body.meta.total]).toEqual([200, [], 0])
      }
    }
    const staff = await api.as(moderator).get<ProductItem[]>('/v1/products')
    expect(staff.body.data.length).toBe(4)
    expect(staff.body.data[0]).toMatchObject({ state: 'draft', isActive: false, ownerId: expect.any(String) })
    const drafts = await api.as(moderator).get<ProductItem[]>('/v1/products?state=draft&search=proto')
    expect(drafts.body.data.map(({ name }) => name)).toEqual(['Secret prototype'])
  })
})

describe('a search by words', () => {
  const search = (query: string) => api.get<FoundProduct[]>(`/v1/products/search?${query}`)

  it('finds all forms of all words, best first, with what was found in it (R6.12, R6.13, R6.20)', async () => {
    const { body } = await search('q=runs')
    expect(body.data.map(({ name }) => name)).toEqual(['Running shoe', 'Quiet boot'])
    const [best, other] = body.data
    expect(best?.relevance).toBeGreaterThan(other?.relevance ?? 0)
    expect(best?.nameExcerpt).toEqual([
      { text: 'Running', isMatch: true },
      { text: ' shoe', isMatch: false },
    ])
    expect(best?.descriptionExcerpt.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toContain('run')
    expect(body.meta).toMatchObject({
      page: 1,
      limit: 20,
      total: 2,
      totalIsExact: true,
      totalPages: 1,
      hasNextPage: false,
    })
    expect((await search('q=running leath')).body.data.map(({ name }) => name)).toEqual(['Quiet boot'])
    expect((await search('q=creme')).body.data.map(({ name }) => name)).toEqual([GRAND])
    for (const nothing of ['q=quiet shoe', 'q=%25', 'q=--', 'q=secret'])
      expect((await search(nothing)).body.data).toEqual([])
  })

  it('keeps the filters, and has pages that lead on (R5.8)', async () => {
    expect((await search('q=running&brand=Bolt')).body.data.map(({ name }) => name)).toEqual(['Quiet boot'])
    expect((await search('q=running&category=garden')).body.data.map(({ category }) => category)).toEqual(['garden'])
    expect((await search('q=running&tags=winter&minPrice=1000')).body.data.length).toBe(1)
    expect((await search('q=running&price[gt]=5&price[lt]=5')).body.data).toEqual([])
    const [one, two] = [await search('q=running&limit=1'), await search('q=running&limit=1&page=2')]
    expect([one, two].map(({ body }) => body.data[0]?.name)).toEqual(['Running shoe', 'Quiet boot'])
    expect(one.body.meta).toMatchObject({ hasNextPage: true, total: 2, totalPages: 2 })
    expect(one.body.links).toMatchObject({ prev: null, next: '/v1/products/search?q=running&page=2&limit=1' })
    expect((await search('q=running&limit=24&page=42')).status).toBe(400)
    expect((await search('')).status).toBe(400)
    expect((await search('q=%20')).status).toBe(400)
  })
})

it('facets say what prices are in, also where nothing is found', async () => {
  const yen = createApi({ settings: { CATALOG_CURRENCY: 'JPY' } })
  const { body } = await yen.get<ProductFacets>('/v1/products/facets?search=jacquard')
  expect([body.data.counted, body.data.currency]).toEqual([0, 'JPY'])
})

it('names are sorted without their accents, when they are made and when they change', async () => {
  const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  const made = await admin.post<{ id: string }>('/v1/products', productBody({ name: 'Écharpe  Été' }))
  const key = async () =>
    await env.CATALOG_DB.prepare('select name_key from products where id = ?').bind(made.body.data.id).first('name_key')
  expect(await key()).toBe('echarpe ete')
  const changed = await admin.patch(
    `/v1/products/${made.body.data.id}`,
    { name: 'Ágata' },
    { headers: { 'if-match': '*' } },
  )
  expect([changed.status, await key()]).toEqual([200, 'agata'])
  await env.CATALOG_DB.prepare('delete from products where id = ?').bind(made.body.data.id).run()
})

it('facets count what the filters find, the most frequent first', async () => {
  const { body } = await api.get<ProductFacets>('/v1/products/facets?tags=sport')
  expect(body.data).toEqual({
    categories: [{ id: expect.any(String), value: 'garden', name: 'Garden', count: 1 }],
    brands: [
      { value: 'Acme', count: 1 },
      { value: 'Bolt', count: 1 },
    ],
    tags: [
      { value: 'sport', count: 2 },
      { value: 'winter', count: 1 },
    ],
    prices: [
      { from: 0, to: 1_000, count: 1 },
      { from: 1_000, to: 2_500, count: 1 },
    ],
    inStock: 2,
    outOfStock: 0,
    counted: 2,
    currency: 'EUR',
    countedAll: true,
  })
  expect((await api.get<ProductFacets>('/v1/products/facets?search=brûlée')).body.data.outOfStock).toBe(1)
})

it('a product is found by what it is now, and a guard still sees whether its row was changed', async () => {
  const names = async (query: string) =>
    (await api.get<ProductItem[]>(`/v1/products?${query}`)).body.data.map(({ name }) => name)
  const [row] = await makeProducts([{ name: 'Old thing', brand: 'First', tags: ['one'], price: 70_000 }])
  const change = (set: string) => env.CATALOG_DB.prepare(`update products set ${set} where id = ?`).bind(row?.id)
  const guard = env.CATALOG_DB.prepare("insert into commit_guard (name) values ('changed')")
  await env.CATALOG_DB.batch([
    change(`name = 'New thing', name_key = 'new thing', brand = 'Second', tags = '["two"]', price = 80000, stock = 0`),
    guard,
  ])
  const gone = [
    'search=old thi',
    'brand=First&inStock=false',
    'tags=one',
    'price[eq]=70000&inStock=false',
    'brand=Second&inStock=true',
  ]
  for (const query of gone) expect(await names(query), query).toEqual([])
  for (const query of [
    'search=new thi',
    'brand=Second&tags=two',
    'price[eq]=80000&inStock=false',
    'search=th&inStock=false',
  ]) {
    expect(await names(query), query).toEqual(['New thing'])
  }
  expect((await api.get<FoundProduct[]>('/v1/products/search?q=old')).body.data).toEqual([])
  await expect(
    env.CATALOG_DB.batch([
      env.CATALOG_DB.prepare(`update products set stock = 1, name = 'x' where id = 'none'`),
      guard,
    ]),
  ).rejects.toThrow('guard:changed')
  await env.CATALOG_DB.prepare('delete from products where id = ?').bind(row?.id).run()
  for (const query of ['search=new thi', 'tags=two', 'search=th&inStock=false'])
    expect(await names(query), query).toEqual([])
  for (const table of ['product_words', 'product_facets', 'product_parts']) {
    await env.CATALOG_DB.prepare(`insert into ${table} (${table}) values ('integrity-check')`).run()
  }
})
