import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CreatedProduct } from '../../../src/features/catalog/write-schemas.ts'
import { overspent } from '../../../src/http/cost.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { routesOf } from '../../support/examples.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()
let admin = api.as({ accessToken: '' })
let made = 0

beforeAll(async () => {
  admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  // What the caller may do is remembered, as in the measures of all routes.
  await admin.delete(`/v1/products/bulk?ids=${newId()}`)
})

const costOf = (name: string) => {
  const route = routesOf(api).find((one) => one.name === name)
  if (!route) throw new Error(`There is no ${name}`)
  return route.contract.policy.cost
}

/** The most that one product may have beside others of its kind in a body of the largest size. */
const full = (i: number) => ({
  name: `Full ${i}`,
  sku: `F${made}-${i}`,
  price: 1,
  tags: Array.from({ length: 20 }, (_, tag) => `t${i}-${tag}`),
  variants: Array.from({ length: 50 }, (_, v) => ({ sku: `F${made}-${i}-${v}`, attributes: { a: `${v}` } })),
})
const all = () => {
  made += 1
  const bodies = Array.from({ length: 100 }, (_, i) => ({ ...full(i), description: '' }))
  const size = JSON.stringify(bodies).length
  // What is left of the body is text to be searched.
  const words = Array.from({ length: 1_000 }, (_, word) => `w${word}`).join(' ')
  const room = Math.floor((512 * 1024 - size) / bodies.length) - 1
  return bodies.map((body) => ({ ...body, description: words.slice(0, Math.min(room, 5_000)) }))
}
const counts = () =>
  env.CATALOG_DB.prepare(
    `select (select count(*) from products) as products, (select count(*) from product_variants) as variants,
      (select count(*) from product_tags) as tags, (select count(*) from outbox) as events`,
  ).first<Record<'products' | 'variants' | 'tags' | 'events', number>>()

describe('a hundred products at once', () => {
  it('with fifty variants and twenty tags each, in the largest body, are made within the declared cost, and archived', async () => {
    const bodies = all()
    expect(JSON.stringify(bodies).length).toBeGreaterThan(500 * 1024)
    const answer = await admin.post<CreatedProduct[]>('/v1/products/bulk', bodies)
    expect([answer.status, answer.body.data?.length]).toEqual([201, 100])
    expect(await counts()).toEqual({ products: 100, variants: 5_000, tags: 2_000, events: 100 })
    expect(overspent(costOf('POST /v1/products/bulk'), answer.costs, 0)).toEqual([])
    const ids = answer.body.data.map(({ id }) => id).join(',')
    const gone = await admin.delete(`/v1/products/bulk?ids=${ids}`)
    expect(gone.status).toBe(204)
    expect(overspent(costOf('DELETE /v1/products/bulk'), gone.costs, 0)).toEqual([])
  })

  it('of two callers whose SKUs overlap are all made or none, each', async () => {
    const [mine, theirs] = [all(), all()]
    const last = theirs.at(-1)
    if (last) last.variants[49] = { sku: mine[0]?.variants[0]?.sku ?? '', attributes: { a: 'x' } }
    const before = await counts()
    const answers = await Promise.all([mine, theirs].map((bodies) => admin.post('/v1/products/bulk', bodies)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
    const after = await counts()
    expect(after).toEqual({
      products: (before?.products ?? 0) + 100,
      variants: (before?.variants ?? 0) + 5_000,
      tags: (before?.tags ?? 0) + 2_000,
      events: (before?.events ?? 0) + 100,
    })
  })

  it('that two callers archive at once are archived once', async () => {
    const { body } = await admin.post<CreatedProduct[]>('/v1/products/bulk', all())
    const path = `/v1/products/bulk?ids=${body.data.map(({ id }) => id).join(',')}`
    const answers = await Promise.all([admin.delete(path), admin.delete(path)])
    const statuses = answers.map(({ status }) => status).toSorted()
    expect(statuses[0]).toBe(204)
    expect([404, 412]).toContain(statuses[1])
    const told = await env.CATALOG_DB.prepare(
      `select count(*) as n from outbox where type = 'product.archived' and aggregate_id in
        (select value ->> 'id' from json_each(?))`,
    )
      .bind(JSON.stringify(body.data))
      .first('n')
    expect(told).toBe(100)
  })
})
