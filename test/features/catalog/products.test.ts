import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Product } from '../../../src/features/catalog/schemas.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { productBody, wholeProductBody } from '../../support/catalog-examples.ts'
import { makePerson } from '../../support/people.ts'
import { makeCategory, makeProducts } from '../../support/products.ts'

const api = createApi()
let admin = api.as({ accessToken: '' })
let moderator = admin
let person = admin

beforeAll(async () => {
  admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  moderator = api.as(await makePerson(api.isolate, { role: 'moderator' }))
  person = api.as(await makePerson(api.isolate))
})

const at = (id: string, rest = '') => `/v1/products/${id}${rest}`
const tagOf = (answer: Answer) => answer.headers.get('etag') ?? ''
const match = (etag: string) => ({ headers: { 'if-match': etag } })

async function made(more: object = {}): Promise<Answer<Product>> {
  const answer = await admin.post<Product>('/v1/products', productBody(more))
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer
}

const fieldsOf = ({ body }: Answer) => body.errors?.map(({ field }) => field)
const events = async (id: string) =>
  (
    await env.CATALOG_DB.prepare('select type, sequence, payload from outbox where aggregate_id = ? order by sequence')
      .bind(id)
      .all<{ type: string; sequence: number; payload: string }>()
  ).results.map(({ type, sequence, payload }) => [type, sequence, JSON.parse(payload)])

describe('a product', () => {
  it('is made as a draft with a slug of its name, and answers where it is and what may be done with it (R2.7)', async () => {
    const category = await makeCategory('Shirts')
    const answer = await made({ name: 'Été à la plage!', categoryId: category.id, stock: 3, tags: ['a', 'a', 'b'] })
    const { data } = answer.body
    expect(data).toMatchObject({
      ...{ slug: 'ete-a-la-plage', state: 'draft', isActive: false, category: 'shirts', currency: 'EUR' },
      ...{ stock: 3, inStock: true, tags: ['a', 'b'], rating: null, publishedAt: null, description: '' },
    })
    expect(data.variants.map(({ attributes, price }) => [attributes.size, price])).toEqual([
      ['M', null],
      ['L', 5_100],
    ])
    expect(answer.headers.get('location')).toBe(at(data.id))
    expect(answer.body.links).toMatchObject({
      self: { href: at(data.id) },
      category: { href: `/v1/categories/${category.id}` },
      update: { href: at(data.id), method: 'PUT' },
      publish: { href: at(data.id, '/publish'), method: 'POST' },
    })
    const read = await admin.get<Product>(at(data.id))
    expect(read.body.data).toEqual(data)
    expect(tagOf(read)).toBe(tagOf(answer))
    expect(await events(data.id)).toEqual([['product.created', 1, { productId: data.id, version: 1 }]])
    const second = await made({ name: 'Été à la plage' })
    expect(second.body.data.slug).toBe('ete-a-la-plage-2')
  })

  it('is seen by everybody once it is published, by id and by slug, without its owner and with the links of a reader (R17.37, R2.22)', async () => {
    const { id, slug } = (await made()).body.data
    for (const who of [api, person]) expect((await who.get(at(id))).status).toBe(404)
    expect((await moderator.get(at(slug))).status).toBe(200)
    expect((await moderator.post(at(id, '/publish'))).status).toBe(403)
    expect((await admin.post<Product>(at(id, '/publish'))).body.data).toMatchObject({ state: 'published' })
    for (const who of [api, person]) {
      const answer = await who.get<Product>(at(slug))
      expect(answer.body.data).toMatchObject({ id, isActive: true })
      expect(answer.body.data).not.toHaveProperty('ownerId')
      expect(answer.body.data).not.toHaveProperty('state')
      expect(answer.body.links).toEqual({ self: { href: at(id) }, reviews: { href: at(id, '/reviews') } })
    }
    const forStaff = await moderator.get<Product>(at(id))
    expect(forStaff.body.links).not.toHaveProperty('delete')
    expect(forStaff.body.links).toHaveProperty('update')
  })

  it('has a tag for each of its representations, by which a reader who has it is answered 304 (R35.6)', async () => {
    const category = await makeCategory('Hats', 'hats')
    const [{ id } = { id: '' }] = await makeProducts([{ categoryId: category.id }])
    const etag = tagOf(await api.get(at(id)))
    expect(tagOf(await moderator.get(at(id)))).not.toBe(etag)
    const known = { headers: { 'if-none-match': etag } }
    expect((await api.get(at(id), known)).status).toBe(304)
    expect((await moderator.get(at(id), known)).status).toBe(200)
    await env.CATALOG_DB.prepare("update categories set slug = 'caps', version = 2 where id = ?")
      .bind(category.id)
      .run()
    expect((await api.get<Product>(at(id), known)).body?.data.category).toBe('caps')
  })

  it('shows the fields that are asked for, and its id (R6.16)', async () => {
    const [{ id } = { id: '' }] = await makeProducts([{ name: 'Bag', price: 5 }])
    expect((await api.get(at(id, '?fields=name,price,nonsense'))).body.data).toEqual({ id, name: 'Bag', price: 5 })
  })

  it.each([
    ['another currency', { currency: 'USD' }, 422, ['currency']],
    ['a former price below the price', { compareAtPrice: 4_899 }, 422, ['compareAtPrice']],
    ['a slug of a path of ours', { slug: 'facets' }, 422, ['slug']],
    ['a category that is not there', { categoryId: '01930000-0000-7000-8000-00000000dead' }, 422, ['categoryId']],
    [
      'two variants alike',
      { variants: ['A', 'B'].map((sku) => ({ sku, attributes: { b: '2', a: '1' } })) },
      422,
      ['variants.1.attributes'],
    ],
    ['one SKU twice', { sku: 'ONE', variants: [{ sku: 'ONE', attributes: {} }] }, 422, ['variants.0.sku']],
    ['a picture without https', { images: [{ url: 'http://images.test/a.jpg' }] }, 400, ['images.0.url']],
    ['an owner', { ownerId: '01930000-0000-7000-8000-00000000dead' }, 400, ['ownerId']],
    ['a state', { state: 'published' }, 400, ['state']],
  ])('is not made with %s', async (_what, more, status, fields) => {
    const answer = await admin.post('/v1/products', productBody(more))
    expect([answer.status, fieldsOf(answer)]).toEqual([status, fields])
  })

  it('has a slug, a SKU and variants of its own: what is taken is 409 and named, on a PUT as well (R17.2)', async () => {
    const { sku, slug, variants } = (await made()).body.data
    const refused = async (more: object) => {
      const answer = await admin.post('/v1/products', productBody(more))
      return [answer.status, answer.body.code, fieldsOf(answer)]
    }
    expect(await refused({ slug })).toEqual([409, 'CONFLICT', ['slug']])
    expect(await refused({ sku })).toEqual([409, 'CONFLICT', ['sku']])
    const variant = { sku: variants[0]?.sku, attributes: { size: 'S' } }
    expect(await refused({ variants: [variant] })).toEqual([409, 'CONFLICT', ['variants.0.sku']])
    const other = await made()
    const put = (more: object) =>
      admin.request('PUT', at(other.body.data.id), { body: wholeProductBody(more), ...match('*') })
    const answers = [await put({ slug }), await put({ sku }), await put({ variants: [variant] })]
    expect(answers.map((answer) => [answer.status, fieldsOf(answer)])).toEqual([
      [409, ['slug']],
      [409, ['sku']],
      [409, ['variants']],
    ])
    expect((await admin.get<Product>(at(other.body.data.id))).body.data).toEqual(other.body.data)
  })
})

describe('a change of a product', () => {
  it('must name what it changes: 428 without If-Match, 412 with another tag, and nothing happens (R4.16)', async () => {
    const { id } = (await made()).body.data
    const before = await admin.get<Product>(at(id))
    const body = wholeProductBody()
    for (const [method, sent] of [
      ['PUT', { body }],
      ['PATCH', { body: { name: 'New' } }],
      ['DELETE', {}],
    ] as const) {
      expect((await admin.request(method, at(id), sent)).status).toBe(428)
      for (const tag of ['"2"', '"7", "9-u"', `W/${tagOf(before)}`]) {
        expect((await admin.request(method, at(id), { ...sent, ...match(tag) })).status, `${method} ${tag}`).toBe(412)
      }
    }
    expect((await admin.get<Product>(at(id))).body.data).toEqual(before.body.data)
    expect((await admin.request('PUT', at(id), { body, ...match(tagOf(before)) })).status).toBe(200)
  })

  it('is one of those that are made at once on one tag: the others are 412 (R4.16)', async () => {
    const answer = await made()
    const { id } = answer.body.data
    const all = await Promise.all(
      Array.from({ length: 5 }, (_, i) => admin.patch(at(id), { name: `Name ${i}` }, match(tagOf(answer)))),
    )
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412])
    expect((await events(id)).map(([type]) => type)).toEqual(['product.created', 'product.updated'])
  })

  it('by PUT replaces all, sets to null what may be null and is left out, and keeps stock and state (R4.3, R4.8)', async () => {
    const { id, variants } = (await made({ stock: 4, brand: 'Acme', weightGrams: 200 })).body.data
    const body = wholeProductBody({
      tags: ['other'],
      variants: [{ sku: variants[1]?.sku, attributes: { size: 'XL' } }],
    })
    const { description: _, ...partial } = body
    expect((await admin.request('PUT', at(id), { body: partial, ...match('*') })).status).toBe(400)
    expect((await admin.request('PUT', at(id), { body: { ...body, stock: 9 }, ...match('*') })).status).toBe(400)
    const { data } = (await admin.request<Product>('PUT', at(id), { body, ...match('"1"') })).body
    expect(data).toMatchObject({ brand: null, weightGrams: null, stock: 4, state: 'draft', slug: body.slug })
    expect(data.variants).toEqual([
      { id: variants[1]?.id, sku: variants[1]?.sku, attributes: { size: 'XL' }, price: null },
    ])
    expect((await admin.get<Product>(at(id))).body.data).toEqual(data)
    const byTag = (tag: string) => admin.get<Product[]>(`/v1/products?state=draft&tags=${tag}&brand=`)
    expect((await byTag('other')).body.data.map((one) => one.id)).toEqual([id])
    const again = await admin.request('PUT', at(id), { body: { ...body, variants: data.variants }, ...match('"2"') })
    expect(tagOf(again), 'a PUT of what there is changes nothing').toMatch(/^"2-/)
  })

  it.each([
    ['application/json', { name: 'New', brand: null }],
    ['application/merge-patch+json', { name: 'New', brand: null, attributes: { material: null, fit: 'slim' } }],
    [
      'application/json-patch+json',
      [
        { op: 'replace', path: '/name', value: 'New' },
        { op: 'add', path: '/tags/-', value: 'more' },
      ],
    ],
  ])('by PATCH as %s changes what it names', async (type, patch) => {
    const before = (await made({ brand: 'Acme' })).body.data
    const headers = { 'content-type': type, 'if-match': '"1"' }
    const answer = await admin.patch<Product>(at(before.id), undefined, { raw: JSON.stringify(patch), headers })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    const changed = {
      'application/json': { brand: null },
      'application/merge-patch+json': { brand: null, attributes: { fit: 'slim' } },
      'application/json-patch+json': { tags: ['summer', 'new', 'more'] },
    }[type]
    const { updatedAt: _, ...rest } = before
    expect(answer.body.data).toMatchObject({ ...rest, name: 'New', ...changed })
  })

  it('by PATCH of what is not written so is refused: stock, state, ids, another type (R4.16)', async () => {
    const { id } = (await made()).body.data
    const patch = (body: object) => admin.patch(at(id), body, match('*'))
    for (const body of [{ stock: 9 }, { state: 'published' }, { id }, { price: null }, {}]) {
      expect((await patch(body)).status, JSON.stringify(body)).toBe(400)
    }
    expect(await patch({ compareAtPrice: 1 })).toMatchObject({ status: 422 })
    const text = { raw: 'name=New', headers: { 'content-type': 'text/plain', 'if-match': '*' } }
    const wrong = await admin.patch(at(id), undefined, text)
    expect([wrong.status, wrong.headers.get('accept-patch')]).toEqual([415, expect.stringContaining('merge-patch')])
  })
})

describe('the state of a product', () => {
  it('is published once however often it is asked for, archived by deleting it, each act audited (R12.9)', async () => {
    const { id } = (await made()).body.data
    const [one, other] = [await admin.post<Product>(at(id, '/publish')), await admin.post<Product>(at(id, '/publish'))]
    expect([one.status, other.status, tagOf(other)]).toEqual([200, 200, tagOf(one)])
    expect(other.body.data).toEqual(one.body.data)
    expect((await moderator.delete(at(id), match('*'))).status).toBe(403)
    const gone = await admin.delete(at(id), match(tagOf(one)))
    expect([gone.status, gone.body]).toEqual([204, undefined])
    expect((await api.get(at(id))).status).toBe(404)
    expect((await admin.delete(at(id), match('*'))).status).toBe(404)
    expect((await admin.post(at(id, '/archive'))).status).toBe(200)
    expect((await moderator.get<Product>(at(id))).body.data.state).toBe('archived')
    expect((await events(id)).map(([type, sequence]) => [type, sequence])).toEqual([
      ['product.created', 1],
      ['product.published', 2],
      ['product.archived', 3],
    ])
    const acts = await env.CATALOG_DB.prepare('select action from audit where target_id = ? order by at, id')
      .bind(id)
      .all()
    expect(acts.results).toEqual([{ action: 'PRODUCT_PUBLISHED' }, { action: 'PRODUCT_ARCHIVED' }])
    expect((await admin.post<Product>(at(id, '/publish'))).body.data.state).toBe('published')
  })

  it('is published by a repeat with the same key as it was the first time', async () => {
    const { id } = (await made()).body.data
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const first = await admin.post<Product>(at(id, '/publish'), undefined, { headers })
    await admin.post(at(id, '/archive'))
    const again = await admin.post<Product>(at(id, '/publish'), undefined, { headers })
    expect([again.headers.get('idempotency-replayed'), again.body.data]).toEqual(['true', first.body.data])
  })

  it('has nothing to do with its stock, which has a route of its own', async () => {
    const { id } = (await made()).body.data
    const set = (stock: number) => moderator.patch<Product>(at(id, '/stock'), { stock }, match('"1"'))
    expect((await set(7)).body.data).toMatchObject({ stock: 7, inStock: true, state: 'draft' })
    expect((await set(8)).status).toBe(412)
    expect((await moderator.patch(at(id, '/stock'), { stock: -1 })).status).toBe(400)
    expect((await events(id)).at(-1)?.[0]).toBe('product.stock_changed')
  })
})

describe('many products at once', () => {
  const count = () => env.CATALOG_DB.prepare('select count(*) as n from products').first<number>('n')

  it('are made in their order, all or none: errors name those by whose fault (R2.7)', async () => {
    const before = await count()
    const { sku } = (await made()).body.data
    const post = (body: object[]) => admin.post<{ id: string; slug: string }[]>('/v1/products/bulk', body)
    const twice = await post([
      productBody(),
      productBody({ sku }),
      productBody({ name: 'A', slug: 'one-of-two' }),
      productBody({ slug: 'one-of-two' }),
    ])
    expect([twice.status, fieldsOf(twice)]).toEqual([409, ['1.sku', '3.slug']])
    const wrong = await post([productBody(), productBody({ currency: 'USD' })])
    expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['1.currency']])
    const broken = await post([productBody(), productBody({ price: -1 })])
    expect([broken.status, fieldsOf(broken)]).toEqual([400, ['1.price']])
    expect([(await post([])).status, (await post(Array.from({ length: 101 }, () => productBody()))).status]).toEqual([
      400, 400,
    ])
    expect(await count()).toBe((before ?? 0) + 1)
    const good = await post([productBody({ name: 'Same' }), productBody({ name: 'Same' })])
    expect(good.body.data.map(({ slug }) => slug)).toEqual(['same', 'same-2'])
    const listed = await admin.get<Product[]>('/v1/products?state=draft&limit=2')
    expect(listed.body.data.map(({ slug }) => slug)).toEqual(['same-2', 'same'])
  })

  it('are deleted, all or none, each once however often it is named (R2.8)', async () => {
    const [one, other, third] = (await makeProducts([{}, {}, {}])).map(({ id }) => id)
    const remove = (ids: string) => admin.delete(`/v1/products/bulk?ids=${encodeURIComponent(ids)}`)
    const unknown = crypto.randomUUID()
    const missing = await remove(`${one},${unknown}`)
    expect([missing.status, fieldsOf(missing)]).toEqual([404, ['ids.1']])
    expect((await api.get(at(one ?? ''))).status).toBe(200)
    for (const ids of ['', ' , ', 'abc', Array.from({ length: 101 }, () => crypto.randomUUID()).join(',')]) {
      expect((await remove(ids)).status, ids.slice(0, 50)).toBe(400)
    }
    expect((await remove(`${one}, ${other},${one}`)).status).toBe(204)
    expect((await api.get(at(other ?? ''))).status).toBe(404)
    expect((await api.get(at(third ?? ''))).status).toBe(200)
    expect((await events(one ?? '')).map(([type, sequence]) => [type, sequence])).toEqual([['product.archived', 2]])
    expect((await remove(`${other},${third}`)).status).toBe(404)
  })
})
