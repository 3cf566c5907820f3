import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ListedUserV1 } from '../../../src/features/identity/users/v1-schemas.ts'
import type { UserV2 } from '../../../src/features/identity/users/v2-schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makeCrowd, makePerson, type TestPerson } from '../../support/people.ts'
import { watchStatements } from '../../support/watched-statements.ts'

const api = createApi()
const tag = `q${newId().slice(-6)}x`
let [admin, moderator, ann]: TestPerson[] = []
const as = (person = moderator as TestPerson) => api.as(person)

beforeAll(async () => {
  admin = await makePerson(api.isolate, { role: 'admin' })
  moderator = await makePerson(api.isolate, { role: 'moderator' })
  for (const firstName of ['Éva', 'Ada', 'Li']) {
    ann = await makePerson(api.isolate, { firstName, lastName: `Zeta ${tag}` })
  }
})

describe.each(['/users', '/v1/users', '/v2/users'])('%s', (path) => {
  const list = (query: string) => as().get<UserV2[]>(`${path}?${query}`)
  const names = async (query: string) =>
    (await list(`search=${tag}&${query}`)).body.data.map(({ firstName }) => firstName)

  it('lists users: in pages, by a part of the name, newest first unless another order is named (R1.1, R1.21)', async () => {
    expect(await names('')).toEqual(['Li', 'Ada', 'Éva'])
    expect(await names('order=asc')).toEqual(['Éva', 'Ada', 'Li'])
    expect(await names('sortBy=createdAt&order=ASC')).toEqual(['Éva', 'Ada', 'Li'])
    expect(await names('sortBy=name')).toEqual(['Li', 'Éva', 'Ada'])
    expect(await names('sortBy=name&order=ASC')).toEqual(['Ada', 'Éva', 'Li'])
    expect(await names('limit=2&page=2')).toEqual(['Éva'])
    for (const sortBy of ['passwordHash', 'password_hash', 'email', 'id;drop table users']) {
      const { status, body } = await list(`sortBy=${encodeURIComponent(sortBy)}`)
      expect([status, body.errors]).toEqual([400, [{ field: 'sortBy', message: 'Sort by createdAt, name' }]])
    }
    expect((await list('order=up')).body).toMatchObject({ statusCode: 400, errors: [{ field: 'order' }] })
  })

  it('has page 1 of ten where nothing is said, and takes whole numbers within their bounds (R1.19, R1.22)', async () => {
    expect((await list('')).body.meta).toMatchObject({ page: 1, limit: 10 })
    const second = await list(`search=${tag}&limit=2&page=2`)
    expect(second.body.meta).toMatchObject({ page: 2, limit: 2, total: 3, totalPages: 2, totalIsExact: true })
    expect((await list('limit=1')).body.data).toHaveLength(1)
    for (const wrong of ['limit=0', 'limit=101', 'limit=1.5', 'limit=ten', 'page=0', 'page=-1', 'page=x', 'page=']) {
      const { status, body } = await list(wrong)
      expect([wrong, status, body.errors?.[0]?.field]).toEqual([wrong, 400, wrong.split('=')[0]])
    }
  })

  it('takes no sign of a search for a wildcard (R1.20)', async () => {
    const found = async (search: string) => (await list(`search=${encodeURIComponent(search)}`)).body.data.length
    expect(await found(tag.toUpperCase())).toBe(3)
    expect(await found(tag.slice(2, 5))).toBeGreaterThanOrEqual(3)
    const unlike = `${tag.slice(0, 3)}_${tag.slice(4)}`
    for (const search of ['%', '%%%', `%${tag}`, `${tag}%`, '_', '___', unlike, '*', `${tag}*`, '"']) {
      expect([search, await found(search)]).toEqual([search, 0])
    }
  })

  it('is for moderators and admins, and has nobody who has given up their account (R1.9)', async () => {
    expect((await api.get(path)).status).toBe(401)
    expect((await as(ann).get(path)).status).toBe(403)
    const gone = await makePerson(api.isolate, { firstName: 'Gone' })
    const first = async () => (await list('limit=1')).body.data[0]?.id
    expect(await first()).toBe(gone.id)
    expect((await as(gone).delete(`/v1/users/${gone.id}`)).status).toBe(204)
    expect(await first()).not.toBe(gone.id)
  })
})

describe('version 1', () => {
  it('lists an array of its users, never more than a hundred at once (R3.2)', async () => {
    const crowd = await makeCrowd(120)
    await env.DB.prepare(
      `insert into user_roles (user_id, role_id)
       select value, (select id from roles where name = 'user') from json_each(?)`,
    )
      .bind(JSON.stringify(crowd))
      .run()
    const list = (query = '') => as(admin).get<ListedUserV1[]>(`/v1/users${query}`)
    expect((await list()).body.data).toHaveLength(10)
    const most = (await list('?limit=100')).body.data
    expect([most.length, (await list('?limit=101')).status]).toEqual([100, 400])
    expect(most[0]).toMatchObject({ id: crowd.at(-1), name: 'Person Crowd', email: `${crowd.at(-1)}@people.test` })
    expect(most[0]).not.toHaveProperty('phoneNumber')
    const one = await as(admin).get(`/v1/users/${ann?.id}`)
    expect([one.status, one.body.data]).toMatchObject([200, { id: ann?.id, name: `Li Zeta ${tag}` }])
    await env.DB.prepare('delete from users where id in (select value from json_each(?))')
      .bind(JSON.stringify(crowd))
      .run()
  })

  it('names who holds a role, which does not go with a search or an order', async () => {
    const held = await as().get<ListedUserV1[]>('/v1/users?role=moderator')
    expect(held.body.data.map(({ role }) => role)).toEqual(held.body.data.map(() => 'moderator'))
    for (const more of ['search=x', 'order=ASC', 'sortBy=name']) {
      expect((await as().get(`/v1/users?role=moderator&${more}`)).status).toBe(422)
    }
  })

  it('goes on with a search by the cursor that it has answered', async () => {
    const page = (cursor = '') => as().get<ListedUserV1[]>(`/v1/users?search=${tag}&limit=2${cursor}`)
    const first = await page()
    const next = await page(`&cursor=${encodeURIComponent(String(first.body.meta.nextCursor))}`)
    expect(next.body.data.map(({ firstName }) => firstName)).toEqual(['Éva'])
    expect(next.body.meta.nextCursor).toBeNull()
  })
})

describe('version 2', () => {
  it('lists users in pages, tells of one, and alone has their profile (R3.3)', async () => {
    const listed = await as().get<UserV2[]>(`/v2/users?search=${tag}&page=2&limit=1`)
    expect(listed.body).toMatchObject({
      data: [{ firstName: 'Ada', lastName: `Zeta ${tag}`, phoneNumber: null, updatedAt: expect.any(String) }],
      meta: { version: '2', page: 2, limit: 1, total: 3, totalPages: 3 },
    })
    const own = `users/${ann?.id}/profile`
    expect((await as(ann).get(`/v2/users/${ann?.id}`)).status).toBe(200)
    expect((await as(ann).get(`/v2/${own}`)).status).toBe(200)
    expect((await as(ann).get(`/${own}`, { headers: { 'x-api-version': '2' } })).status).toBe(200)
    for (const method of ['GET', 'PUT', 'PATCH']) {
      const body = method === 'GET' ? {} : { body: {} }
      for (const path of [`/v1/${own}`, `/${own}`]) expect((await as(ann).request(method, path, body)).status).toBe(404)
    }
  })
})

it('version 1 reads of a user what it tells, version 2 all of them, and both lists count (R3.11)', async () => {
  const seen: string[] = []
  const watched = createApi({ env: { DB: watchStatements(env.DB, seen) } })
  const columns = async (version: string) => {
    seen.length = 0
    expect((await watched.as(ann as TestPerson).get(`/${version}/users/${ann?.id}`)).status).toBe(200)
    const selected = seen.flatMap(
      (query) => /^select (.*) from "users" where \("users"\."id" = \?/s.exec(query)?.[1] ?? [],
    )
    expect(selected).toHaveLength(1)
    return selected[0]?.match(/^"\w+"|, "\w+"/g)?.map((name) => name.replace(/\W/g, ''))
  }
  // The version is for the entity tag.
  expect(await columns('v1')).toEqual(['id', 'email', 'first_name', 'last_name', 'version', 'created_at'])
  expect(await columns('v2')).toEqual(expect.arrayContaining(['phone_number', 'avatar', 'updated_at']))
  const { meta } = (await as().get('/v2/users')).body
  expect(meta).toMatchObject({ page: 1, limit: 10, total: expect.any(Number) })
  expect(meta.totalPages).toBe(Math.ceil(Number(meta.total) / 10))
})
