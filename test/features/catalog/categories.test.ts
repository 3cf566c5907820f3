import { env } from 'cloudflare:workers'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Category, TreeCategory } from '../../../src/features/catalog/category-schemas.ts'
import type { Answer } from '../../support/api.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { makeProducts } from '../../support/products.ts'

const api = createApi()
let admin = api.as({ accessToken: '' })
let moderator = admin

beforeAll(async () => {
  admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
  moderator = api.as(await makePerson(api.isolate, { role: 'moderator' }))
})
beforeEach(async () => {
  await env.CATALOG_DB.batch([
    env.CATALOG_DB.prepare('delete from products'),
    env.CATALOG_DB.prepare('update categories set parent_id = null'),
    env.CATALOG_DB.prepare('delete from categories'),
  ])
})

const at = (id: string) => `/v1/categories/${id}`
const fieldsOf = ({ body }: Answer) => body.errors?.map(({ field }) => field)
const move = (id: string, parentId: string | null) => moderator.patch<Category>(at(id), { parentId })

async function make(name: string, parentId: string | null = null, more: object = {}): Promise<string> {
  const answer = await admin.post<Category>('/v1/categories', { name, parentId, ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body.data.id
}

/** From the top down to the last one. */
async function chain(...names: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of names) ids.push(await make(name, ids.at(-1) ?? null))
  return ids
}

const tree = async () => (await api.get<TreeCategory[]>('/v1/categories')).body.data.map(({ path }) => path.join('/'))

describe('categories', () => {
  it('are a tree that everybody reads at once, and 304 while it is the same (R17.37)', async () => {
    const [home, bed] = await chain('Home', 'Bed')
    await make('Apparel', null, { position: 5 })
    await make('Bath', home, { position: 1 })
    expect(await tree()).toEqual(['home', 'home/bed', 'home/bath', 'apparel'])
    const answer = await api.get('/v1/categories')
    expect(answer.costs.d1Queries).toBe(1)
    const known = { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } }
    expect((await api.get('/v1/categories', known)).status).toBe(304)
    expect((await moderator.patch(at(bed ?? ''), { name: 'Beds' })).status).toBe(200)
    expect((await api.get('/v1/categories', known)).status).toBe(200)
  })

  it('are made, replaced and deleted by those who may, each change of a version and told once (R17.37)', async () => {
    const made = await admin.post<Category>('/v1/categories', { name: 'Für Kinder' })
    const { id, slug } = made.body.data
    expect([slug, made.headers.get('location')]).toEqual(['fur-kinder', at(id)])
    expect((await make('Für Kinder', null).then((other) => api.get<Category>(at(other)))).body.data.slug).toBe(
      'fur-kinder-2',
    )
    expect(await admin.post('/v1/categories', { name: 'Any', slug })).toMatchObject({ status: 409 })
    const body = { name: 'Kids', slug: 'kids' }
    const stale = await moderator.request('PUT', at(id), { body, headers: { 'if-match': '"2"' } })
    expect(stale.status).toBe(412)
    const put = await moderator.request<Category>('PUT', at(id), {
      body,
      headers: { 'if-match': made.headers.get('etag') ?? '' },
    })
    expect(put.body.data).toMatchObject({ ...body, parentId: null, position: 0 })
    expect((await moderator.delete(at(id))).status).toBe(403)
    expect((await admin.delete(at(id))).status).toBe(204)
    expect((await admin.delete(at(id))).status).toBe(404)
    const { results } = await env.CATALOG_DB.prepare(
      "select sequence from outbox where type = 'category.changed' and aggregate_id = ? order by sequence",
    )
      .bind(id)
      .all()
    expect(results).toEqual([{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }])
    const act = await env.CATALOG_DB.prepare('select action from audit where target_id = ?').bind(id).first('action')
    expect(act).toBe('CATEGORY_DELETED')
  })

  it('stand at most five deep, also where a branch moves with all that is below it', async () => {
    const five = await chain('A1', 'A2', 'A3', 'A4', 'A5')
    const sixth = await admin.post('/v1/categories', { name: 'A6', parentId: five[4] })
    expect([sixth.status, fieldsOf(sixth)]).toEqual([422, ['parentId']])
    const [top, , bottom] = await chain('B1', 'B2', 'B3')
    expect((await move(top ?? '', five[2] ?? '')).status).toBe(422)
    expect((await move(top ?? '', five[1] ?? '')).status).toBe(200)
    const path = (await api.get<TreeCategory[]>('/v1/categories')).body.data.find(({ id }) => id === bottom)?.path
    expect(path).toEqual(['a1', 'a2', 'b1', 'b2', 'b3'])
  })

  it('never stand below themselves, nor below what is not there', async () => {
    const [top, middle, bottom] = await chain('Top', 'Middle', 'Bottom')
    for (const parent of [top, middle, bottom]) {
      const answer = await move(top ?? '', parent ?? '')
      expect([answer.status, fieldsOf(answer)]).toEqual([422, ['parentId']])
    }
    expect((await move(top ?? '', crypto.randomUUID())).status).toBe(422)
    expect((await admin.post('/v1/categories', { name: 'Lost', parentId: crypto.randomUUID() })).status).toBe(422)
    expect(await tree()).toEqual(['top', 'top/middle', 'top/middle/bottom'])
  })

  it('never stand below themselves, also where two are moved below each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, other] = [await make('One'), await make('Other')]
      const answers = await Promise.all([move(one, other), move(other, one)])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422])
    }
    expect(await tree()).toHaveLength(10)
  })

  it('are not deleted while something stands below them or products are in them, archived ones too', async () => {
    const [top, bottom] = await chain('Top', 'Bottom')
    await makeProducts([{ categoryId: bottom ?? '', state: 'archived' }])
    for (const id of [top, bottom]) expect(await admin.delete(at(id ?? ''))).toMatchObject({ status: 409 })
    expect(await tree()).toEqual(['top', 'top/bottom'])
    await env.CATALOG_DB.prepare('delete from products').run()
    expect((await admin.delete(at(bottom ?? ''))).status).toBe(204)
    expect((await admin.delete(at(top ?? ''))).status).toBe(204)
  })
})
