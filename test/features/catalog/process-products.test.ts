import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { MAX_PRICE } from '../../../src/features/catalog/write-schemas.ts'
import type { Operation } from '../../../src/features/long-work/schemas.ts'
import { createApi } from '../../support/api.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'
import { growProducts, makeCategory, makeProducts } from '../../support/products.ts'

const queues = holdQueues()
const api = createApi()
let admin = api.as({ accessToken: '' })
let moderator = admin
let adminId = ''

beforeAll(async () => {
  const person = await makePerson(api.isolate, { role: 'admin' })
  adminId = person.id
  admin = api.as(person)
  moderator = api.as(await makePerson(api.isolate, { role: 'moderator' }))
})

const begin = (body: object, by = admin) => by.post<Operation>('/v1/products/process', body)
const read = async (path: string, by = admin) => (await by.get<Operation>(path)).body.data
const stored = async <T>(sql: string, ...values: unknown[]) =>
  (
    await env.CATALOG_DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results

describe('long work on products', () => {
  it('is accepted, and tells how far it is until it is done, 100 products a page (R2.9)', async () => {
    const category = await makeCategory('Many', crypto.randomUUID())
    await growProducts(230, [category.id], 1)
    const [archived] = await makeProducts([{ categoryId: category.id, state: 'archived', price: 1_000 }])
    const before = await stored<{ id: string; price: number }>(
      'select id, price from products where category_id = ? and state <> ? order by seq',
      category.id,
      'archived',
    )
    const accepted = await begin({ action: 'change-price', percent: -10, products: { categoryId: category.id } })
    expect([accepted.status, accepted.body.data.state, accepted.body.data.progress]).toEqual([
      ...[202, 'pending', { done: 0, total: null }],
    ])
    const location = accepted.headers.get('location') ?? ''
    expect(location).toBe(`/v1/operations/${accepted.body.data.id}`)
    expect(accepted.headers.get('retry-after')).toBe('5')
    const waiting = await admin.get<Operation>(location)
    expect(waiting.headers.get('retry-after')).toBe('5')
    expect(waiting.body.links).toEqual({
      self: { href: location },
      cancel: { href: `${location}/cancel`, method: 'POST' },
    })

    await queues.deliver({ twice: true })
    const done = await admin.get<Operation>(location)
    expect(done.body.data).toMatchObject({
      ...{ state: 'succeeded', progress: { done: 231, total: 231 }, result: { changed: 230 }, error: null },
      ...{ startedAt: expect.any(String), finishedAt: expect.any(String) },
    })
    expect(done.headers.get('retry-after')).toBeNull()
    expect(done.body.links).toMatchObject({ result: { href: `/v1/products?categoryId=${category.id}` } })
    const after = await stored<{ id: string; price: number; version: number }>(
      'select id, price, version from products where category_id = ? and state <> ? order by seq',
      category.id,
      'archived',
    )
    expect(after).toEqual(
      before.map(({ id, price }) => ({ id, price: Math.floor((price * 90 + 50) / 100), version: 2 })),
    )
    expect(await stored('select price, version from products where id = ?', archived?.id)).toEqual([
      { price: 1_000, version: 1 },
    ])
    const told = await stored<{ n: number }>(
      `select count(distinct aggregate_id) as n from outbox where type = 'product.updated' and sequence = 2
       and aggregate_id in (select id from products where category_id = ?)`,
      category.id,
    )
    expect(told).toEqual([{ n: 230 }])
  })

  it('forgets what a product cost before where it costs more now, and changes its variants too', async () => {
    const brand = crypto.randomUUID()
    const [one] = await makeProducts([{ brand, price: 1_000, compareAtPrice: 1_200 }])
    await env.CATALOG_DB.prepare(
      `insert into product_variants (id, product_seq, sku, attributes, price, position) values (?1, ?2, ?1, '{}', 500, 0)`,
    )
      .bind(brand, one?.seq)
      .run()
    const run = async (percent: number) => {
      await begin({ action: 'change-price', percent, products: { brand } })
      await queues.deliver()
      return stored(
        `select p.price, compare_at_price as was, v.price as variant from products p
         join product_variants v on v.product_seq = p.seq where p.id = ?`,
        one?.id,
      )
    }
    expect(await run(10)).toEqual([{ price: 1_100, was: 1_200, variant: 550 }])
    expect(await run(10)).toEqual([{ price: 1_210, was: null, variant: 605 }])
  })

  it('leaves no price, of a variant neither, that no other route takes, and tells how many would be higher', async () => {
    const brand = crypto.randomUUID()
    const [dear] = await makeProducts([
      { brand, price: 200_000_000 },
      { brand, price: 1_000 },
    ])
    await env.CATALOG_DB.prepare(
      `insert into product_variants (id, product_seq, sku, attributes, price, position) values (?1, ?2, ?1, '{}', 300000000, 0)`,
    )
      .bind(brand, dear?.seq)
      .run()
    const { body } = await begin({ action: 'change-price', percent: 1_000, products: { brand } })
    await queues.deliver()
    expect(
      await stored(
        `select p.price, v.price as variant from products p left join product_variants v on v.product_seq = p.seq
         where p.brand = ? order by p.seq`,
        brand,
      ),
    ).toEqual([
      { price: MAX_PRICE, variant: MAX_PRICE },
      { price: 11_000, variant: null },
    ])
    expect(await read(`/v1/operations/${body.data.id}`)).toMatchObject({
      ...{ state: 'succeeded', result: { changed: 2, capped: 1 } },
    })
    const changed = await admin.patch(`/v1/products/${dear?.id}`, { name: 'Dear' }, { headers: { 'if-match': '*' } })
    expect(changed.status).toBe(200)
  })

  it('publishes drafts and archives the rest, each by who may (R12.9)', async () => {
    const brand = crypto.randomUUID()
    await makeProducts([{ brand }, { brand, state: 'draft', publishedAt: null }, { brand, state: 'archived' }])
    const states = async () =>
      (await stored<{ state: string }>('select state from products where brand = ? order by seq', brand)).map(
        ({ state }) => state,
      )
    for (const action of ['publish', 'archive']) {
      expect((await begin({ action, products: { brand } }, moderator)).status).toBe(403)
    }
    await begin({ action: 'publish', products: { brand } })
    await queues.deliver()
    expect(await states()).toEqual(['published', 'published', 'archived'])
    await begin({ action: 'archive', products: { brand } })
    await queues.deliver()
    expect(await states()).toEqual(['archived', 'archived', 'archived'])
  })

  it('ends with nothing to do where there is nothing, and is refused for a category that is none', async () => {
    const { body } = await begin({ action: 'archive', products: { brand: 'Nobody at all' } })
    await queues.deliver()
    expect(await read(`/v1/operations/${body.data.id}`)).toMatchObject({
      ...{ state: 'succeeded', progress: { done: 0, total: 0 }, result: { changed: 0 } },
    })
    const refused = await begin({ action: 'archive', products: { categoryId: crypto.randomUUID() } })
    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([422, 'products.categoryId'])
  })

  it('reads a page again that somebody has changed meanwhile, so no change is lost (R33.6)', async () => {
    const brand = crypto.randomUUID()
    const [one] = await makeProducts([{ brand, price: 1_000 }])
    const changed = { price: 2_000 }
    let isChanged = false
    const { CATALOG_DB } = env
    const prepare = (sql: string) => CATALOG_DB.prepare(sql)
    await begin({ action: 'change-price', percent: 50, products: { brand } })
    const withSession = (constraint?: D1SessionConstraint) => {
      const session = CATALOG_DB.withSession(constraint)
      return {
        prepare: (sql: string) => session.prepare(sql),
        getBookmark: () => session.getBookmark(),
        batch: async (statements: D1PreparedStatement[]) => {
          if (!isChanged) {
            isChanged = true
            await prepare('update products set price = ?, version = version + 1 where id = ?')
              .bind(changed.price, one?.id)
              .run()
          }
          return session.batch(statements)
        },
      }
    }
    const raced = { ...env, CATALOG_DB: { prepare, withSession } } as unknown as Parameters<typeof queues.deliver>[0] &
      object
    const consume = { process: { env: raced as never, isDead: false } }
    await queues.deliver(consume)
    expect(isChanged).toBe(true)
    expect(await stored('select price, version from products where id = ?', one?.id)).toEqual([
      { price: 3_000, version: 3 },
    ])
  })
})

describe('an operation', () => {
  it('is its owner’s alone, and begins no further page once they cancel it', async () => {
    const brand = crypto.randomUUID()
    await makeProducts([{ brand, price: 1_000 }])
    const { body } = await begin({ action: 'change-price', percent: 1, products: { brand } })
    const path = `/v1/operations/${body.data.id}`
    expect((await moderator.get(path)).status).toBe(404)
    expect((await moderator.post(`${path}/cancel`)).status).toBe(404)
    for (let time = 0; time < 2; time += 1) {
      const cancelled = await admin.post<Operation>(`${path}/cancel`)
      expect([cancelled.status, cancelled.body.data.state]).toEqual([200, 'cancelled'])
    }
    await queues.deliver()
    expect(await read(path)).toMatchObject({ state: 'cancelled', progress: { done: 0 } })
    expect(await stored('select price from products where brand = ?', brand)).toEqual([{ price: 1_000 }])
  })

  it('is read and stopped by whoever looks after the settings, which the trail tells as the act of somebody else', async () => {
    const brand = crypto.randomUUID()
    await makeProducts([{ brand, price: 1_000 }])
    const owner = await makePerson(api.isolate, { role: 'admin' })
    const { body } = await begin({ action: 'archive', products: { brand } }, api.as(owner))
    const path = `/v1/operations/${body.data.id}`
    const begun = await stored<{ details: string }>('select details from audit where actor_id = ?', owner.id)
    expect(begun.map(({ details }) => JSON.parse(details).operationId)).toEqual([body.data.id])
    const acts = () =>
      stored<{ actor_id: string; action: string; details: string }>(
        'select actor_id, action, details from audit where target_id = ?',
        body.data.id,
      )
    expect((await moderator.post(`${path}/cancel`)).status).toBe(404)
    expect(await read(path)).toMatchObject({ state: 'pending' })
    const cancelled = await admin.post<Operation>(`${path}/cancel`)
    expect([cancelled.status, cancelled.body.data.state]).toEqual([200, 'cancelled'])
    await queues.deliver()
    expect(await stored('select state from products where brand = ?', brand)).toEqual([{ state: 'published' }])
    const [act, ...others] = await acts()
    expect([act?.action, act?.actor_id, others]).toEqual(['OPERATION_CANCELLED', adminId, []])
    expect(JSON.parse(act?.details ?? '')).toEqual({ kind: 'products.process', ownerId: owner.id })
  })

  it('that has ended cannot be cancelled', async () => {
    const { body } = await begin({ action: 'archive', products: { brand: 'Nobody at all' } })
    await queues.deliver()
    expect((await admin.post(`/v1/operations/${body.data.id}/cancel`)).status).toBe(409)
  })
})
