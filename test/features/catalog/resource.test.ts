import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Category } from '../../../src/features/catalog/category-schemas.ts'
import type { FoundProduct, Product, ProductFacets, ProductItem } from '../../../src/features/catalog/schemas.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { productBody, wholeProductBody } from '../../support/catalog-examples.ts'
import type { OpenApi } from '../../support/openapi/document.ts'
import { makePerson } from '../../support/people.ts'
import { emptyCatalog, makeCategory, makeProducts } from '../../support/products.ts'

const api = createApi()
let admin = api.as({ accessToken: '' })
let user = admin

beforeAll(async () => {
  admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  user = api.as(await makePerson(api.isolate))
})

const any = { headers: { 'if-match': '*' } }
const list = (query: string) => api.get<ProductItem[]>(`/v1/products?${query}`)
const namesOf = ({ body }: Answer<ProductItem[]>) => body.data.map(({ name }) => name)
const make = async (more: object = {}) => (await admin.post<Product>('/v1/products', productBody(more))).body.data
const rowOf = (id: string) => env.CATALOG_DB.prepare('select * from products where id = ?').bind(id).first()

describe('products as a resource', () => {
  it('are listed, read, made, replaced, changed and deleted by their methods; only a POST twice is done twice (R2.5)', async () => {
    const body = productBody({ slug: 'one-resource' })
    const made = await admin.post<Product>('/v1/products', body)
    expect(made.status).toBe(201)
    const { id } = made.body.data
    const path = `/v1/products/${id}`
    const before = await rowOf(id)
    for (const read of ['/v1/products', path, '/v1/products/facets']) expect((await admin.get(read)).status).toBe(200)
    expect(await rowOf(id), 'to read changes nothing').toEqual(before)
    const whole = wholeProductBody({ slug: 'one-resource-2' })
    const put = () => admin.request<Product>('PUT', path, { body: whole, ...any })
    const patch = () => admin.patch<Product>(path, { name: 'Another' }, any)
    for (const act of [put, patch]) {
      const once = await act()
      const row = await rowOf(id)
      const twice = await act()
      expect([once.status, twice.status, twice.body.data]).toEqual([200, 200, once.body.data])
      expect(await rowOf(id)).toEqual(row)
    }
    const again = [productBody({ slug: undefined }), productBody({ slug: undefined })]
    const ids = await Promise.all(
      again.map(async (one) => (await admin.post<Product>('/v1/products', one)).body.data.id),
    )
    expect(new Set(ids).size).toBe(2)
    const gone = await admin.delete(path, any)
    expect([gone.status, await gone.response.text()]).toEqual([204, ''])
  })

  it('are gone after a DELETE, so a second one is 404 and changes nothing (R2.6)', async () => {
    const { id } = await make()
    expect((await admin.delete(`/v1/products/${id}`, any)).status).toBe(204)
    const row = await rowOf(id)
    expect((await admin.delete(`/v1/products/${id}`, any)).status).toBe(404)
    expect(await rowOf(id)).toEqual(row)
  })

  it('are refused as badly written, to nobody, to whoever may not, where there is none, and where one is taken (R2.10)', async () => {
    const body = productBody({ sku: 'TAKEN-ONCE' })
    await admin.post('/v1/products', body)
    const missing = `/v1/products/${crypto.randomUUID()}`
    const answers = [
      await admin.post('/v1/products', { ...body, price: '5' }),
      await api.post('/v1/products', body),
      await user.post('/v1/products', body),
      await admin.get(missing),
      await admin.patch(missing, { name: 'x' }, any),
      await admin.post('/v1/products', productBody({ sku: 'TAKEN-ONCE' })),
    ]
    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual([
      [400, 'VALIDATION_FAILED'],
      [401, 'UNAUTHENTICATED'],
      [403, 'FORBIDDEN'],
      [404, 'NOT_FOUND'],
      [404, 'NOT_FOUND'],
      [409, 'CONFLICT'],
    ])
  })

  it('have all of their fields, prices in minor units, and stock that says whether there is any (R6.5, R17.1)', async () => {
    const category = await makeCategory('Rugs')
    const made = await make({
      ...{ name: 'Kilim', slug: 'kilim', sku: 'KILIM-1', description: 'Woven', brand: 'Loom', price: 4_950 },
      ...{ compareAtPrice: 5_950, stock: 0, weightGrams: 1_250, categoryId: category.id, tags: ['wool', 'a b'] },
      ...{
        attributes: { colour: 'red' },
        images: [{ url: 'https://images.test/k.jpg', alt: 'A kilim' }],
        variants: [],
      },
    })
    expect(made).toEqual({
      ...{ id: expect.any(String), name: 'Kilim', slug: 'kilim', sku: 'KILIM-1', description: 'Woven', brand: 'Loom' },
      ...{ price: 4_950, compareAtPrice: 5_950, currency: 'EUR', stock: 0, inStock: false, weightGrams: 1_250 },
      ...{ categoryId: category.id, category: 'rugs', tags: ['wool', 'a b'], attributes: { colour: 'red' } },
      ...{ images: [{ url: 'https://images.test/k.jpg', alt: 'A kilim' }], variants: [], rating: null, ratingCount: 0 },
      ...{ state: 'draft', isActive: false, publishedAt: null, ownerId: expect.any(String) },
      ...{ createdAt: expect.stringMatching(/^\d{4}-.*Z$/), updatedAt: made.createdAt },
    })
    expect(await make()).toMatchObject({ stock: 0, weightGrams: null, brand: null, categoryId: null })
    const set = await admin.patch<Product>(`/v1/products/${made.id}/stock`, { stock: 1 })
    expect(set.body.data).toMatchObject({ stock: 1, inStock: true })
  })

  it('keep to what their table says of stock, prices and names, whoever writes to it (R17.2)', async () => {
    const [one, other] = await makeProducts([{ price: 100 }, {}])
    const change = (set: string) =>
      env.CATALOG_DB.prepare(`update products set ${set} where id = ?`).bind(one?.id).run()
    for (const set of ['stock = -1', 'price = -1', 'compare_at_price = 99']) {
      await expect(change(set), set).rejects.toThrow('CHECK')
    }
    for (const name of ['slug', 'sku'] as const) {
      await expect(change(`${name} = '${other?.[name]}'`), name).rejects.toThrow('UNIQUE')
    }
    await change('compare_at_price = 100')
  })

  it('stand in categories, which have a name, a slug of their own, a parent and times (R17.3)', async () => {
    const post = (body: object) => admin.post<Category>('/v1/categories', body)
    const top = (await post({ name: 'Bedding', slug: 'bedding' })).body.data
    expect(top).toEqual({
      ...{ id: expect.any(String), name: 'Bedding', slug: 'bedding', parentId: null, position: 0 },
      ...{ createdAt: expect.stringMatching(/Z$/), updatedAt: top.createdAt },
    })
    expect((await post({ name: 'Sheets', parentId: top.id })).body.data).toMatchObject({ parentId: top.id })
    expect((await post({ name: 'Other', slug: 'bedding' })).status).toBe(409)
    expect((await post({ name: 'Lost', parentId: crypto.randomUUID() })).status).toBe(422)
  })
})

describe('the list of products', () => {
  beforeAll(async () => {
    await emptyCatalog()
    const [rugs, throws] = [await makeCategory('Rugs'), await makeCategory('Throws')]
    await makeProducts([
      { name: 'Wool rug', sku: 'R-100', categoryId: rugs.id, brand: 'Loom', price: 2_000, stock: 4, tags: ['warm'] },
      { name: 'Jute rug', description: 'No WOOL in it', categoryId: rugs.id, brand: 'Loom', price: 900, stock: 0 },
      { name: 'Throw', description: 'Of wool', categoryId: throws.id, brand: 'loom', price: 1_500, tags: ['warm'] },
      { name: 'Mat', sku: 'wool-9', categoryId: rugs.id, brand: 'Weft', price: 5_000, tags: ['wool'] },
      { name: 'Plain 50% cloth', description: 'a_b', price: 100, tags: ['woolly'] },
      { name: 'Wool draft', categoryId: rugs.id, price: 2_000, state: 'draft' },
    ])
  })

  it('is public, documents what may be asked of it, and answers all of it at once (R6.4, R2.17)', async () => {
    const { body } = await api.get('/openapi/v1.json')
    const document = body as unknown as OpenApi
    const { parameters = [], security } = document.paths['/v1/products']?.get ?? {}
    const described = new Map(parameters.map((one) => [one.name, one.schema.description as string | undefined]))
    const eleven = [
      'page',
      'limit',
      'sortBy',
      'order',
      'search',
      'category',
      'brand',
      'minPrice',
      'maxPrice',
      'inStock',
    ]
    for (const name of [...eleven, 'tags', 'fields', 'price[gte]', 'price[lte]', 'stock[gt]']) {
      expect(described.get(name), name).toMatch(/\w/)
    }
    expect(security).toContainEqual({})
    const all =
      'page=1&limit=5&sortBy=price&order=desc&search=wool&category=rugs&brand=Loom&minPrice=1000&maxPrice=3000' +
      '&inStock=true&tags=warm,other&price[gte]=1000&price[lte]=2000&stock[gt]=3&fields=id,name,price'
    const answer = await list(all)
    expect(answer.body.data).toEqual([{ id: expect.any(String), name: 'Wool rug', price: 2_000 }])
    expect(answer.body.meta).toMatchObject({ page: 1, limit: 5, total: 1, totalPages: 1 })
  })

  it('begins with the newest, on page 1, twenty of them, a hundred at most (R6.1)', async () => {
    const answer = await list('')
    expect(answer.body.meta).toMatchObject({ page: 1, limit: 20, total: 5 })
    expect((await api.get('/v1/products/search?q=wool')).body.meta).toMatchObject({ page: 1, limit: 20 })
    expect(namesOf(answer)).toEqual(['Plain 50% cloth', 'Mat', 'Throw', 'Jute rug', 'Wool rug'])
    expect(namesOf(await list('sortBy=createdAt&order=DESC&page=1&limit=20'))).toEqual(namesOf(answer))
    expect(namesOf(await list('order=ASC&limit=1&page=2'))).toEqual(['Jute rug'])
    for (const [query, field] of [
      ['page=0', 'page'],
      ['page=x', 'page'],
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['sortBy=ownerId', 'sortBy'],
      ['order=up', 'order'],
    ]) {
      const refused = await list(query ?? '')
      expect([query, refused.status, refused.body.errors?.[0]?.field]).toEqual([query, 400, field])
    }
  })

  it('finds a text in name, description or SKU, or as a whole tag, in any case, and all filters besides (R6.6, R17.35, R5.10)', async () => {
    expect(namesOf(await list('search=wOOl'))).toEqual(['Mat', 'Throw', 'Jute rug', 'Wool rug'])
    expect(namesOf(await list('q=warm'))).toEqual(['Throw', 'Wool rug'])
    expect(namesOf(await list('search=50%25 c'))).toEqual(['Plain 50% cloth'])
    for (const wildcard of ['%25%25%25', 'a_b_', 'w__l', 'w*ol'])
      expect(namesOf(await list(`q=${wildcard}`))).toEqual([])
    const page = async (query: string) => {
      const answer = await list(query)
      return [namesOf(answer), answer.body.meta.total]
    }
    // Each of the alternatives is bound to every filter.
    expect(await page('search=wool&category=rugs')).toEqual([['Mat', 'Jute rug', 'Wool rug'], 3])
    expect(await page('search=wool&category=rugs&maxPrice=2000')).toEqual([['Jute rug', 'Wool rug'], 2])
    expect(await page('search=wool&minPrice=1500&maxPrice=2000&inStockOnly=true')).toEqual([['Throw', 'Wool rug'], 2])
    expect(await page('search=wool&brand=Loom&limit=1')).toEqual([['Jute rug'], 2])
    expect(await page('search=wool&tags=WARM')).toEqual([[], 0])
    expect((await list(`search=${'x'.repeat(101)}`)).status).toBe(400)
  })

  it('shows published products with their category, by the newest unless it is said otherwise (R17.35)', async () => {
    const { id: categoryId } =
      (await list('category=rugs&limit=1')).body.data.map((one) => ({ id: one.categoryId }))[0] ?? {}
    const found = await list(`categoryId=${categoryId}&sortBy=price&order=ASC&page=1&limit=2`)
    expect(found.body.data.map(({ name, category, isActive }) => [name, category, isActive])).toEqual([
      ['Jute rug', 'rugs', true],
      ['Wool rug', 'rugs', true],
    ])
    expect(found.body.meta).toMatchObject({ total: 3, totalPages: 2 })
  })
})

describe('the counts of a search', () => {
  const facets = async (query: string) => (await api.get<ProductFacets>(`/v1/products/facets?${query}`)).body.data
  const search = (query: string) => api.get<FoundProduct[]>(`/v1/products/search?${query}`)

  it.each(['', '&brand=Loom', '&tags=warm', '&inStock=true&maxPrice=1500', '&category=rugs'])(
    'are of just what is found, by the words or by the text%s',
    async (more) => {
      for (const text of ['wool', 'rugs', 'wo', 'no wool']) {
        const [found, counted] = [await search(`q=${text}${more}`), await facets(`words=${text}${more}`)]
        expect([text, counted.counted]).toEqual([text, found.body.meta.total])
        expect(counted.brands.reduce((sum, { count }) => sum + count, 0)).toBe(
          found.body.data.filter(({ brand }) => brand !== null).length,
        )
        const listed = await list(`search=${text}${more}`)
        expect([text, (await facets(`search=${text}${more}`)).counted]).toEqual([text, listed.body.meta.total])
        expect(listed.body.meta.total).toBe(listed.body.data.length)
      }
    },
  )

  it('are asked for by words or by a text, not by both', async () => {
    const answer = await api.get('/v1/products/facets?words=rug&search=mat')
    expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([422, 'words'])
  })
})
