import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createApi } from '../../support/api.ts'
import { Wire, wireEnv } from '../../support/faulty-bindings.ts'
import { makePerson } from '../../support/people.ts'
import { makeCategory, makeProducts } from '../../support/products.ts'

const api = createApi({ settings: { CACHE_TIERS: 'isolate' } })
const HTML = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }
const open = async (path: string, by = api.get) => {
  const { status, headers, response, costs } = await by(path, HTML)
  return { status, html: headers.get('content-type'), text: await response.text(), costs }
}

beforeAll(async () => {
  await makeCategory('Shirts', 'shirts')
  await makeProducts([
    { slug: 'linen-shirt' },
    { slug: 'wool-draft', state: 'draft' },
    { slug: 'old-scarf', state: 'archived' },
  ])
})

describe('the pages of the shop', () => {
  it('are answered with 404 where everybody finds nothing there, and are the same page', async () => {
    const whole = await open('/app/shop')
    expect(whole).toMatchObject({ status: 200, html: expect.stringContaining('text/html') })
    for (const [path, status] of [
      ['/app/shop/linen-shirt', 200],
      ['/app/shop/wool-draft', 404],
      ['/app/shop/old-scarf', 404],
      ['/app/shop/nothing-like-it', 404],
      ['/app/shop?category=shirts&page=2', 200],
      ['/app/shop?category=jacquard', 404],
      ['/app/shop?category=Not%20a%20slug', 404],
      ['/app/shop?category=', 200],
    ] as const) {
      const { status: got, text } = await open(path)
      expect([path, got, text === whole.text]).toEqual([path, status, true])
    }
    expect((await open('/app/shop/Not%20a%20slug')).status).toBe(404)
    expect((await api.get('/app/shop/linen-shirt', { headers: { accept: 'application/json' } })).body.code).toBe(
      'NOT_FOUND',
    )
  })

  it('cost one trip for what was not seen yet, and none for what was, and follow what the seller does', async () => {
    const [product] = await makeProducts([{ slug: 'canvas-tote' }])
    const first = await open('/app/shop/canvas-tote')
    expect(first.costs).toMatchObject({ d1Trips: 1, d1RowsRead: 1, d1RowsWritten: 0 })
    expect((await open('/app/shop/canvas-tote')).costs.d1Trips).toBe(0)
    expect((await open('/app/shop')).costs.d1Trips).toBe(0)
    const seller = api.as(await makePerson(api.isolate, { role: 'admin' }))
    await seller.post(`/v1/products/${product?.id}/archive`)
    expect((await open('/app/shop/canvas-tote')).status).toBe(404)
  })

  it('are there though nobody can say what the shop has', async () => {
    const broken = createApi({ env: wireEnv(env, new Wire({ mode: 'crash', at: 1, side: 'before' })) })
    expect((await open('/app/shop/linen-shirt', broken.get)).status).toBe(200)
  })
})
