import { beforeAll, expect, it } from 'vitest'
import type { Product } from '../../../src/features/catalog/schemas.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { productBody, wholeProductBody } from '../../support/catalog-examples.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()
let admin = api.as({ accessToken: '' })

beforeAll(async () => {
  admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
})

const at = (id: string, rest = '') => `/v1/products/${id}${rest}`
const tagOf = (answer: Answer) => answer.headers.get('etag') ?? ''
const made = (more: object = {}) => admin.post<Product>('/v1/products', productBody(more))
const statuses = (answers: Answer[]) => answers.map(({ status }) => status).toSorted()

it('an act with a key is answered again as it was, though its If-Match holds no more', async () => {
  const answer = await made()
  const { id } = answer.body.data
  const headers = { 'if-match': tagOf(answer), 'idempotency-key': crypto.randomUUID() }
  const publish = () => admin.request<Product>('POST', at(id, '/publish'), { headers })
  const first = await publish()
  expect(first.status).toBe(200)
  await admin.patch(at(id), { name: 'Another name' }, { headers: { 'if-match': '*' } })
  const again = await publish()
  expect(again.status, JSON.stringify(again.body)).toBe(200)
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  expect(again.body.data).toEqual(first.body.data)
})

it('a change whose answer got lost may be sent again with the same If-Match', async () => {
  const answer = await made()
  const { id } = answer.body.data
  const headers = { 'if-match': tagOf(answer) }
  const replace = { body: wholeProductBody(), headers }
  const first = await admin.request<Product>('PUT', at(id), replace)
  const again = await admin.request<Product>('PUT', at(id), replace)
  expect([first.status, again.status]).toEqual([200, 200])
  expect(again.body.data).toEqual(first.body.data)
  expect(tagOf(again)).toBe(tagOf(first))
  const other = await admin.request('PUT', at(id), { body: { ...replace.body, name: 'Not the same' }, headers })
  expect(other.status).toBe(412)
})

it('who names no version is not told that somebody was quicker', async () => {
  const { id } = (await made()).body.data
  const twice = await Promise.all([1, 2].map(() => admin.post(at(id, '/publish'))))
  expect(statuses(twice)).toEqual([200, 200])
  const both = await Promise.all([admin.post(at(id, '/archive')), admin.patch(at(id, '/stock'), { stock: 77 })])
  expect(statuses(both)).toEqual([200, 200])
  const { data } = (await admin.get<Product>(at(id))).body
  expect(data).toMatchObject({ state: 'archived', stock: 77 })
})

it('HEAD tells what GET would, and that nothing has changed', async () => {
  const { id } = (await made()).body.data
  const read = await admin.get(at(id))
  const head = await admin.request('HEAD', at(id), { headers: { 'if-none-match': tagOf(read) } })
  expect([head.status, tagOf(head)]).toEqual([304, tagOf(read)])
  expect((await admin.request('HEAD', at(id))).status).toBe(200)
})

it('slugs that nobody has named give way to one another', async () => {
  const products = await Promise.all(Array.from({ length: 5 }, () => made({ name: 'Same name' })))
  expect(statuses(products)).toEqual([201, 201, 201, 201, 201])
  expect(new Set(products.map(({ body }) => body.data.slug)).size).toBe(5)
  const categories = await Promise.all([1, 2, 3].map(() => admin.post('/v1/categories', { name: 'Same name' })))
  expect(statuses(categories)).toEqual([201, 201, 201])
  const named = await Promise.all([1, 2].map(() => made({ slug: 'one-of-mine' })))
  expect(statuses(named)).toEqual([201, 409])
})

it('people who are made at once with one name have usernames of their own', async () => {
  const users = await Promise.all(
    [1, 2, 3].map((n) =>
      admin.post('/v1/users', {
        ...{ email: `twin${n}@people.test`, firstName: 'Twin', lastName: 'Sister' },
        ...{ phoneNumber: '+49 30 1234', role: 'user' },
      }),
    ),
  )
  expect(statuses(users)).toEqual([201, 201, 201])
})

it('nobody is older in the list than who was made before them, whatever the clock of an isolate says', async () => {
  const late = createApi({ clock: () => Date.now() + 60_000 })
  const early = createApi({ clock: () => Date.now() })
  const body = { firstName: 'Some', lastName: 'Body', phoneNumber: '+49 30 1234', role: 'user' }
  const rights = await makePerson(api.isolate, { role: 'admin' })
  for (const [n, one] of [late, early].entries()) {
    const answer = await one.as(rights).post('/v1/users', { ...body, email: `order${n}@people.test` })
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  }
  const { data } = (await admin.get<{ email: string; createdAt: string }[]>('/v2/users?search=Some&limit=2')).body
  expect(data.map(({ email }) => email)).toEqual(['order1@people.test', 'order0@people.test'])
  const times = data.map(({ createdAt }) => createdAt)
  expect(times).toEqual(times.toSorted().toReversed())
})

it('a hundred products with the longest names, and the largest product, are answered again like others', async () => {
  const longest = Array.from({ length: 100 }, (_, i) => {
    const tail = `${i}`.padStart(3, '0')
    return {
      ...productBody(),
      name: '"'.repeat(200),
      slug: `${'s'.repeat(117)}${tail}`,
      sku: `${'L'.repeat(61)}${tail}`,
    }
  })
  const key = crypto.randomUUID()
  const create = () => admin.post('/v1/products/bulk', longest, { headers: { 'idempotency-key': key } })
  const [first, second] = [await create(), await create()]
  expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true'])
  expect(second.body.data).toEqual(first.body.data)

  const answer = await made()
  const { id } = answer.body.data
  const attributes = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a${i}`, '"'.repeat(200)]))
  const variants = Array.from({ length: 50 }, (_, i) => ({
    sku: `V-${id}-${i}`,
    attributes: { ...attributes, a0: `${i}` },
  }))
  for (let some = 3; some <= 36; some += 3) {
    // What one request may not bring together comes by and by.
    const grown = { op: 'add', path: '/variants/-' }
    const operations = variants.slice(some - 3, some).map((value) => ({ ...grown, value }))
    const headers = { 'if-match': '*', 'content-type': 'application/json-patch+json' }
    const patched = await admin.request('PATCH', at(id), { body: operations, headers })
    expect(patched.status, JSON.stringify(patched.body).slice(0, 300)).toBe(200)
  }
  const once = { 'idempotency-key': crypto.randomUUID() }
  const publish = () => admin.request<Product>('POST', at(id, '/publish'), { headers: once })
  const [published, again] = [await publish(), await publish()]
  expect([published.status, again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true'])
  expect(JSON.stringify(again.body.data).length).toBeGreaterThan(200_000)
  expect(again.body.data).toEqual(published.body.data)
})

it('a patch of nothing is refused for that, also where there is no such product', async () => {
  const answer = await admin.patch(at(crypto.randomUUID()), {}, { headers: { 'if-match': '*' } })
  expect([answer.status, answer.body.errors?.[0]?.field]).toEqual([400, '(all)'])
})
