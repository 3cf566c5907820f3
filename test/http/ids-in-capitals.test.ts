import { beforeAll, expect, it } from 'vitest'
import type { Product } from '../../src/features/catalog/schemas.ts'
import type { UserV2 } from '../../src/features/identity/users/v2-schemas.ts'
import { createApi } from '../support/api.ts'
import { productBody } from '../support/catalog-examples.ts'
import { makePerson, type TestPerson } from '../support/people.ts'
import { makeCategory } from '../support/products.ts'

const api = createApi()
let admin: TestPerson

beforeAll(async () => {
  admin = await makePerson(api.isolate, { role: 'admin' })
})

it('an id is the same one in capitals: in a path, a query and a body, of one’s own and of what one may', async () => {
  const category = await makeCategory('Capitals')
  const categoryId = category.id.toUpperCase()
  const as = api.as(admin)
  const made = await as.post<Product>('/v1/products', { ...productBody({ name: 'In capitals' }), categoryId })
  expect([made.status, made.body.data.categoryId]).toEqual([201, category.id])
  const path = `/v1/products/${made.body.data.id.toUpperCase()}`
  expect((await as.get<Product>(path)).body.data.id).toBe(made.body.data.id)
  const published = await as.post<Product>(`${path}/publish`)
  expect([published.status, published.body.data.id]).toEqual([200, made.body.data.id])
  const listed = await api.get<Product[]>(`/v1/products?categoryId=${categoryId}`)
  expect(listed.body.data.map(({ id }) => id)).toEqual([made.body.data.id])
  // Whose it is, is asked of the id as well.
  const person = await makePerson(api.isolate)
  const own = await api.as(person).get<UserV2>(`/v2/users/${person.id.toUpperCase()}`)
  expect([own.status, own.body.data.id]).toEqual([200, person.id])
  expect((await api.as(person).get(`/v2/users/${admin.id.toUpperCase()}`)).status).toBe(404)
})
