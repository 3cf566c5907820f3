import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { SYSTEM_USER_ID } from '../../../src/context.ts'
import { MOST_SCANNED } from '../../../src/features/identity/admin-queries.ts'
import type { UserDetails, UserSummary } from '../../../src/features/identity/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Caller, createApi } from '../../support/api.ts'
import { makePerson, makeSession, type TestPerson } from '../../support/people.ts'

const api = createApi()
let [admin, moderator, ada]: TestPerson[] = []
let as: Caller

const read = async (query: string) => {
  const { status, body } = await as.get<UserSummary[]>(`/v1/admin/users?${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return { ids: body.data.map(({ id }) => id), users: body.data, next: body.meta.nextCursor as string | null }
}

beforeAll(async () => {
  admin = await makePerson(api.isolate, { role: 'admin' })
  moderator = await makePerson(api.isolate, { role: 'moderator' })
  ada = await makePerson(api.isolate, { firstName: 'Ada', lastName: 'Löwe', username: 'the_countess' })
  as = api.as(admin)
})

describe('users, as an admin sees them', () => {
  it('are listed newest first by cursor, each once', async () => {
    const first = await read('limit=2')
    const second = await read(`limit=2&cursor=${first.next}`)
    expect([...first.ids, ...second.ids].slice(0, 3)).toEqual([ada?.id, moderator?.id, admin?.id])
  })

  it.each(['the_c', 'ada lo', 'LÖW', 'The_Countess@people'])('are found by how they begin: %s', async (q) => {
    expect((await read(`q=${encodeURIComponent(q)}`)).ids).toEqual([ada?.id])
    expect((await read(`q=${encodeURIComponent(q)}&role=moderator`)).ids).toEqual([])
  })

  it('show their role, tier, state and how many devices are signed in', async () => {
    await makeSession(api.isolate, ada?.id ?? '')
    await as.patch(`/v1/users/${ada?.id}/tier`, { tier: 'basic', reason: 'of a test' })
    const { body } = await as.get<UserDetails>(`/v1/admin/users/${ada?.id}`)
    expect(body.data).toMatchObject({
      ...{ id: ada?.id, email: ada?.email, role: 'user', roles: ['user'], tier: 'basic', isActive: true },
      liveSessions: 2,
    })
    expect(body.data.permissions).toContain('read:user')
    expect(JSON.stringify(body)).not.toContain('scrypt')
    expect((await as.get(`/v1/admin/users/${newId()}`)).status).toBe(404)
  })

  it('are nobody who has given up their account, which is read as such, nor the system itself', async () => {
    const gone = await makePerson(api.isolate, { username: 'gone_girl', role: 'moderator' })
    const [found, listed] = [() => read('q=gone_girl'), () => read('role=moderator')]
    expect([(await found()).ids, (await listed()).ids.includes(gone.id)]).toEqual([[gone.id], true])
    await env.DB.prepare('update users set is_active = 0, deleted_at = 1 where id = ?').bind(gone.id).run()
    expect([(await found()).ids, (await listed()).ids.includes(gone.id)]).toEqual([[], false])
    const told = await as.get<UserDetails>(`/v1/admin/users/${gone.id}`)
    expect([told.status, told.body.data.isDeleted]).toEqual([200, true])
    expect((await as.get<UserDetails>(`/v1/admin/users/${ada?.id}`)).body.data.isDeleted).toBe(false)

    expect((await read('q=selvage')).ids).toEqual([])
    const everybody = await as.get<UserSummary[]>('/v1/admin/users?limit=100')
    expect(everybody.body.data.map(({ id }) => id)).not.toContain(SYSTEM_USER_ID)
    expect((await as.get(`/v1/admin/users/${SYSTEM_USER_ID}`)).status).toBe(404)
  })

  it('are found by role and tier among many who have only one of them, at a bounded cost a page', async () => {
    const ids = Array.from({ length: MOST_SCANNED + 100 }, () => newId())
    await env.DB.prepare(
      `insert into users (id, email, username, password_hash, first_name, last_name, name_key, last_name_key, tier,
         created_at, updated_at)
       select value, value || '@people.test', 'crowd_' || key, 'x', 'C', 'C', 'c c', 'c', 'basic', 1, 1 from json_each(?)`,
    )
      .bind(JSON.stringify(ids))
      .run()
    expect((await read('tier=basic&limit=1')).ids).toEqual([ids.at(-1)])
    expect((await read('role=moderator')).ids).toEqual([moderator?.id])
    expect((await read('role=moderator&tier=free')).ids).toEqual([moderator?.id])
    expect((await read('role=moderator&tier=basic')).ids).toEqual([])
    const first = await read('role=user&tier=basic')
    expect(first.ids).toEqual([])
    const second = await read(`role=user&tier=basic&cursor=${first.next}`)
    expect(second).toMatchObject({ ids: [ada?.id], next: null })
  })
})
