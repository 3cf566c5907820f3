import { exports } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Product } from '../../../src/features/catalog/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { productBody } from '../../support/catalog-examples.ts'
import { makePerson } from '../../support/people.ts'
import { makeProducts } from '../../support/products.ts'

const api = createApi()
const call = { correlationId: 'another-service', traceparent: '' }
const service = () => exports.CatalogService

it('tells another service what products cost and come in now, in its order, drafts too (R26.2)', async () => {
  const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  const { id, variants } = (await admin.post<Product>('/v1/products', productBody({ stock: 2 }))).body.data
  const [other] = await makeProducts([{ name: 'Other', price: 7 }])
  const ask = async () => {
    const answer = await service().productsByIds(call, { productIds: [other?.id ?? '', newId(), id, id] })
    return answer.ok ? answer.value : []
  }
  expect(await ask()).toEqual([
    expect.objectContaining({
      id: other?.id,
      name: 'Other',
      price: 7,
      currency: 'EUR',
      state: 'published',
      variants: [],
    }),
    expect.objectContaining({ id, price: 4_900, stock: 2, state: 'draft', version: 1, variants }),
  ])
  await admin.patch(`/v1/products/${id}`, { price: 5_000 }, { headers: { 'if-match': '*' } })
  expect((await ask())[1]).toMatchObject({ price: 5_000, version: 2 })
})

it('finds a product by its slug, and says as a value what it refuses (R26.2)', async () => {
  const [made] = await makeProducts([{ slug: 'green-bag' }])
  expect(await service().productBySlug(call, { slug: 'green-bag' })).toMatchObject({
    ok: true,
    value: { id: made?.id },
  })
  expect(await service().productBySlug(call, { slug: 'blue-bag' })).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  for (const productIds of [[], Array.from({ length: 101 }, () => newId()), ['1']]) {
    expect(await service().productsByIds(call, { productIds })).toMatchObject({ ok: false, code: 'VALIDATION_FAILED' })
  }
  const told = { productIds: [made?.id ?? ''], userId: newId() }
  expect(await service().productsByIds(call, told)).toMatchObject({ ok: false, code: 'VALIDATION_FAILED' })
})
