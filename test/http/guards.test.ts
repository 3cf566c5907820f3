import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Permission, Resource, Role } from '../../src/context.ts'
import type { Access } from '../../src/http/access.ts'
import { contract, type Policy } from '../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../src/http/cost.ts'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import { lend } from '../support/access-examples.ts'
import { type Api, createApi } from '../support/api.ts'
import { makeApiKey } from '../support/api-key-examples.ts'
import { makeGroup } from '../support/membership.ts'
import { makePerson, type TestPerson } from '../support/people.ts'

const declared = {
  ...{ tag: 'Probe', limits: [], idempotency: 'off', cache: 'no-store', cost: COSTS_NOTHING, answers: { 200: null } },
} as const satisfies Omit<Policy, 'access'>

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

function mount(api: Api, method: Method, path: string, access: Access): void {
  api.app.on(method, path, contract('Probe', { ...declared, access }), (c) => c.json({ data: 'done' }))
}

const ROLES: Role[] = ['guest', 'user', 'moderator', 'admin']

/** What each role is answered, after who is not signed in. */
async function statuses(api: Api, method: Method, path: string): Promise<number[]> {
  const all = [(await api.request(method, path)).status]
  for (const role of ROLES) {
    all.push((await api.as(await makePerson(api.isolate, { role })).request(method, path)).status)
  }
  return all
}

describe('a route', () => {
  it('names one role or more itself, as there are no marks of groups that it could override (R11.2, R11.3)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe/one', { roles: ['moderator'] })
    mount(api, 'GET', '/v1/probe/two', { roles: ['admin', 'moderator'] })
    mount(api, 'GET', '/v1/probe/none', 'user')
    expect(await statuses(api, 'GET', '/v1/probe/one')).toEqual([401, 403, 403, 200, 403])
    expect(await statuses(api, 'GET', '/v1/probe/two')).toEqual([401, 403, 403, 200, 200])
    expect(await statuses(api, 'GET', '/v1/probe/none')).toEqual([401, 200, 200, 200, 200])
    const refused = await api.as(await makePerson(api.isolate)).get('/v1/probe/two')
    expect(refused.body.message).toBe('This needs one of the roles admin, moderator')
  })

  it.each([
    ['an empty list of roles', { roles: [] }],
    ['a misspelt role', { roles: ['administrator'] }],
    ['an empty list for a level', { minimumRole: [] }],
    ['a misspelt level', { minimumRole: ['boss'] }],
    ['a misspelt permission', { permissions: ['read:everything'] }],
    ['guests to be verified', { orGuest: true, verifiedEmail: true }],
    ['nothing of guests', { orGuest: true }],
  ])('that demands %s does not start (R11.4)', (_what, access) => {
    expect(() => contract('Probe', { ...declared, access: access as unknown as Access })).toThrow('"Probe"')
  })

  it('that is public asks nobody for anything, whatever token they bring (R11.6)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe', 'public')
    const ended = await makePerson(api.isolate, { isActive: false })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([200, 200, 200, 200, 200])
    expect((await api.as(ended).get('/v1/probe')).status).toBe(200)
    expect((await api.as({ accessToken: 'garbage' }).get('/v1/probe')).status).toBe(200)
  })

  it('asks who somebody is, then what they may, then whose it is (R11.6, R11.12)', async () => {
    const api = createApi()
    const owner = { entity: 'Thing', ownerOf: async () => undefined }
    mount(api, 'GET', '/v1/probe', { roles: ['moderator'], owner })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([401, 403, 403, 404, 403])
  })
})

describe('a level', () => {
  it('lets in the lowest of the roles and all above it, and tells their names (R11.7, R11.8)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe', { minimumRole: ['admin', 'moderator'] })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([401, 403, 403, 200, 200])
    const refused = await api.as(await makePerson(api.isolate)).get('/v1/probe')
    expect(refused.body.message).toBe('This needs one of the roles admin, moderator, or a higher one')
  })

  it('keeps a role out that nobody knows, and takes the highest of several (R11.8, R11.10)', async () => {
    await env.DB.prepare("insert into roles values ('unknown', 'superuser', 'Of a test', 99)").run()
    try {
      const api = createApi()
      mount(api, 'GET', '/v1/probe', { minimumRole: ['user'] })
      const person = await makePerson(api.isolate)
      const setRole = (name: string) =>
        env.DB.prepare('update user_roles set role_id = (select id from roles where name = ?) where user_id = ?')
          .bind(name, person.id)
          .run()
      await setRole('superuser')
      expect((await api.as(person).get('/v1/probe')).status).toBe(403)
      await setRole('guest')
      await env.DB.prepare("insert into user_roles select ?, id from roles where name = 'moderator'")
        .bind(person.id)
        .run()
      api.isolate.sessions.forgetUser(person.id)
      expect((await api.as(person).get('/v1/probe')).status).toBe(200)
    } finally {
      await env.DB.prepare("delete from user_roles where role_id = 'unknown'").run()
      await env.DB.prepare("delete from roles where id = 'unknown'").run()
    }
  })
})

describe('products by role, on routes of a test', () => {
  it('are everybody’s to list, any user’s to read, staff’s to make, and admins’ to change (R11.5)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe', 'public')
    mount(api, 'POST', '/v1/probe', { roles: ['admin', 'moderator'] })
    mount(api, 'GET', '/v1/probe/:id', 'user')
    for (const method of ['PATCH', 'DELETE'] as const) mount(api, method, '/v1/probe/:id', { roles: ['admin'] })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([200, 200, 200, 200, 200])
    expect(await statuses(api, 'GET', '/v1/probe/1')).toEqual([401, 200, 200, 200, 200])
    expect(await statuses(api, 'POST', '/v1/probe')).toEqual([401, 403, 403, 200, 200])
    for (const method of ['PATCH', 'DELETE'] as const) {
      expect(await statuses(api, method, '/v1/probe/1')).toEqual([401, 403, 403, 403, 200])
    }
  })

  it('by permission are everybody’s to list and, as guests may, to read, and for who holds the permission else (R12.8)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe', 'public')
    mount(api, 'GET', '/v1/probe/:id', { permissions: ['read:product'], orGuest: true })
    mount(api, 'POST', '/v1/probe', { permissions: ['create:product'] })
    mount(api, 'PATCH', '/v1/probe/:id', { permissions: ['update:product'] })
    mount(api, 'DELETE', '/v1/probe/:id', { permissions: ['delete:product'] })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([200, 200, 200, 200, 200])
    expect(await statuses(api, 'GET', '/v1/probe/1')).toEqual([200, 200, 200, 200, 200])
    expect(await statuses(api, 'POST', '/v1/probe')).toEqual([401, 403, 403, 403, 200])
    expect(await statuses(api, 'PATCH', '/v1/probe/1')).toEqual([401, 403, 403, 200, 200])
    expect(await statuses(api, 'DELETE', '/v1/probe/1')).toEqual([401, 403, 403, 403, 200])
  })

  it('that guests may not have are 401 for who is not signed in, also where guests are let in (R12.7)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe', { permissions: ['read:order'], orGuest: true })
    mount(api, 'GET', '/v1/probe/free', { permissions: ['read:product'], orGuest: true })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([401, 403, 200, 200, 200])
    // Whoever is denied what guests may is not let in as one: the denial is theirs.
    const denied = await makePerson(api.isolate)
    await env.DB.prepare(
      `insert into user_permissions select ?, id, 'deny', 'test', 1 from permissions where name = 'read:product'`,
    )
      .bind(denied.id)
      .run()
    expect((await api.as(denied).get('/v1/probe/free')).status).toBe(403)
  })
})

describe('permissions', () => {
  const both: readonly [Permission, Permission] = ['update:product', 'publish:product']

  it('in a list are all demanded, or any, as the route says; a 403 names all of them and what is missing (R12.6, R12.7, R12.27)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe/all', { permissions: both })
    mount(api, 'GET', '/v1/probe/any', { anyPermission: both })
    expect(await statuses(api, 'GET', '/v1/probe/all')).toEqual([401, 403, 403, 403, 200])
    expect(await statuses(api, 'GET', '/v1/probe/any')).toEqual([401, 403, 403, 200, 200])
    const [moderator, user] = [await makePerson(api.isolate, { role: 'moderator' }), await makePerson(api.isolate)]
    const words = async (who: TestPerson, path: string) => (await api.as(who).get(`/v1/probe/${path}`)).body.message
    const list = 'update:product, publish:product'
    expect(await words(moderator, 'all')).toBe(`This needs the permissions ${list}. Missing: publish:product`)
    expect(await words(user, 'any')).toBe(`This needs one of the permissions ${list}. Missing: ${list}`)
  })

  it('are none for a role that nobody knows (R12.7)', async () => {
    const api = createApi()
    mount(api, 'GET', '/v1/probe', { permissions: ['read:product'] })
    const person = await makePerson(api.isolate)
    await env.DB.prepare('delete from user_roles where user_id = ?').bind(person.id).run()
    expect((await api.as(person).get('/v1/probe')).status).toBe(403)
  })

  it('that change in a role reach all who have it within five seconds, and none is an answer worth keeping (R12.21)', async () => {
    let now = Date.now()
    const api = createApi({ clock: () => now })
    mount(api, 'GET', '/v1/probe', { permissions: ['read:product'] })
    const [guest, nobody] = [await makePerson(api.isolate, { role: 'guest' }), await makePerson(api.isolate)]
    await env.DB.prepare('delete from user_roles where user_id = ?').bind(nobody.id).run()
    const links = "role_id = (select id from roles where name = 'guest')"
    const { results } = await env.DB.prepare(`select * from role_permissions where ${links}`).all<{
      role_id: string
      permission_id: string
    }>()
    expect((await api.as(guest).get('/v1/probe')).status).toBe(200)
    await env.DB.prepare(`delete from role_permissions where ${links}`).run()
    expect((await api.as(guest).get('/v1/probe')).status).toBe(200)
    now += 5_001
    expect((await api.as(guest).get('/v1/probe')).status).toBe(403)
    for (const row of results) {
      await env.DB.prepare('insert into role_permissions values (?, ?)').bind(row.role_id, row.permission_id).run()
    }
    expect((await api.as(nobody).get('/v1/probe')).costs.d1Trips).toBe(1)
    expect((await api.as(nobody).get('/v1/probe')).costs.d1Trips).toBe(0)
  })

  it('that cannot be read let nobody in (R12.21)', async () => {
    const down = { withSession: () => ({ prepare: () => fail(), batch: () => fail() }) }
    const fail = () => {
      throw new Error('D1_ERROR: Network connection lost.')
    }
    const api = createApi({ env: { DB: down as unknown as D1Database } })
    mount(api, 'GET', '/v1/probe', { permissions: ['read:product'] })
    const person = await makePerson(createApi().isolate, { role: 'admin' })
    expect((await api.as(person).get('/v1/probe')).status).toBe(503)
  })
})

describe('what everybody may with their own', () => {
  it('is not theirs with anybody’s, unless their role is higher (R12.5)', async () => {
    const api = createApi()
    const owner = await makePerson(api.isolate)
    const guard = { entity: 'Order', ownerOf: async () => owner.id, orRole: 'moderator' } as const
    mount(api, 'GET', '/v1/probe', { permissions: ['read:order'], owner: guard })
    expect(await statuses(api, 'GET', '/v1/probe')).toEqual([401, 403, 404, 200, 200])
    expect((await api.as(owner).get('/v1/probe')).status).toBe(200)
  })

  it('is also for who holds one of several permissions', async () => {
    const api = createApi()
    const owner = await makePerson(api.isolate)
    const guard = {
      entity: 'Order',
      ownerOf: async () => owner.id,
      orPermission: ['cancel:order', 'update:order'],
    } as const
    mount(api, 'PATCH', '/v1/probe', { owner: guard })
    expect(await statuses(api, 'PATCH', '/v1/probe')).toEqual([401, 404, 404, 200, 200])
    expect((await api.as(owner).patch('/v1/probe')).status).toBe(200)
  })
})

describe('a thing that all may know of', () => {
  async function posts() {
    const api = createApi()
    const author = await makePerson(api.isolate)
    const post: Resource = {
      entity: 'Post',
      ownerOf: async (_ctx, id) => (id === 'post-1' || id === 'post-2' ? author.id : undefined),
      actions: { update: ['delete:user'], pin: [] },
    }
    api.isolate.resources.set('post', post)
    mount(api, 'PATCH', '/v1/probe/:id', { resource: { type: 'post', action: 'update', param: 'id' } })
    mount(api, 'POST', '/v1/probe/:id/pin', { resource: { type: 'post', action: 'pin', param: 'id' } })
    return { api, author }
  }

  it('is its author’s to change and an admin’s, 403 for others, and 404 for all where there is none (R11.9, R12.22)', async () => {
    const { api, author } = await posts()
    expect(await statuses(api, 'PATCH', '/v1/probe/post-1')).toEqual([401, 403, 403, 403, 200])
    expect(await statuses(api, 'PATCH', '/v1/probe/missing')).toEqual([401, 404, 404, 404, 404])
    expect((await api.as(author).patch('/v1/probe/post-1')).status).toBe(200)
    // What no permission covers is the author’s alone.
    expect(await statuses(api, 'POST', '/v1/probe/post-1/pin')).toEqual([401, 403, 403, 403, 403])
    expect((await api.as(author).post('/v1/probe/post-1/pin')).status).toBe(200)
  })

  it('is open to who was granted that act on that one, and no other (R12.23)', async () => {
    const { api } = await posts()
    const editor = await makePerson(api.isolate)
    await lend(editor.id, 'post', 'post-1', 'update')
    const tries = async () => [
      (await api.as(editor).patch('/v1/probe/post-1')).status,
      (await api.as(editor).patch('/v1/probe/post-2')).status,
      (await api.as(editor).post('/v1/probe/post-1/pin')).status,
    ]
    expect(await tries()).toEqual([200, 403, 403])
    await env.DB.prepare('delete from resource_permissions where user_id = ?').bind(editor.id).run()
    expect(await tries()).toEqual([403, 403, 403])
  })

  it('of a type or for an act that nothing is known of is closed to everybody (R12.22)', async () => {
    const { api, author } = await posts()
    mount(api, 'GET', '/v1/probe/:id/a', { resource: { type: 'spaceship', action: 'update', param: 'id' } })
    mount(api, 'GET', '/v1/probe/:id/b', { resource: { type: 'post', action: 'constructor', param: 'id' } })
    await lend(author.id, 'spaceship', 'post-1', 'update')
    for (const path of ['a', 'b']) {
      expect(await statuses(api, 'GET', `/v1/probe/post-1/${path}`)).toEqual([401, 403, 403, 403, 403])
      expect((await api.as(author).get(`/v1/probe/post-1/${path}`)).status).toBe(403)
    }
  })

  it('whose owner cannot be found out is open to nobody', async () => {
    const { api, author } = await posts()
    const ownerOf = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
    api.isolate.resources.set('post', { entity: 'Post', ownerOf, actions: { update: ['delete:user'] } })
    expect((await api.as(author).patch('/v1/probe/post-1')).status).toBe(503)
  })
})

describe('whoever is kept out', () => {
  const notes = async (userId: string) => {
    const { results } = await env.DB.prepare(
      "select target_id, ip, correlation_id, details, at from audit where action = 'ACCESS_DENIED' and actor_id = ?",
    )
      .bind(userId)
      .all<{ target_id: string; ip: string; correlation_id: string; details: string; at: number }>()
    return results.map(({ details, ...row }) => ({ ...row, details: JSON.parse(details) }))
  }

  it('is noted, after the answer, with what they wanted, what it needs and the role that they have (R11.14)', async () => {
    const api = createApi()
    const person = await makePerson(api.isolate, { role: 'moderator' })
    const headers = { 'cf-connecting-ip': '203.0.113.9' }
    const refused = await api.as(person).get('/v1/admin/audit', { headers })
    expect(await notes(person.id)).toEqual([
      {
        ...{ target_id: 'GET /v1/admin/audit', ip: '203.0.113.9', at: expect.any(Number) },
        correlation_id: refused.headers.get('x-request-id'),
        details: {
          ...{ path: '/v1/admin/audit', code: 'FORBIDDEN', required: { permissions: ['view:logs'] } },
          userRole: 'moderator',
        },
      },
    ])
    await api.as(person).get('/v1/auth/me')
    await api.get('/v1/admin/audit')
    expect(await notes(person.id)).toHaveLength(1)
  })

  it('is noted for every reason, and by which key, with the role of its owner (R11.14)', async () => {
    let now = Date.now()
    const api = createApi({ clock: () => now })
    mount(api, 'GET', '/v1/probe/verified', { verifiedEmail: true })
    mount(api, 'GET', '/v1/probe/proved', { stepUp: true })
    const admin = await makePerson(api.isolate, { role: 'admin', isEmailVerified: false })
    const key = await makeApiKey(admin.id, { scopes: ['read'] })
    now += 6 * MINUTE_MS
    await api.as(admin).get('/v1/probe/verified')
    await api.as(admin).get('/v1/probe/proved')
    await api.as(key).get('/v1/probe/proved')
    await api.as(key).get('/v1/admin/audit')
    const byKey = { apiKeyId: key.id, userRole: 'admin' }
    expect((await notes(admin.id)).map(({ details }) => details)).toMatchObject([
      { code: 'EMAIL_NOT_VERIFIED', required: { verifiedEmail: true }, userRole: 'admin' },
      { code: 'STEP_UP_REQUIRED', required: { stepUp: true }, userRole: 'admin' },
      { ...byKey, code: 'SESSION_REQUIRED' },
      { ...byKey, code: 'FORBIDDEN' },
    ])
  })

  it('by the rules of a conversation alone, as one who is muted, is no row of the trail', async () => {
    const api = createApi()
    const { members, path } = await makeGroup(api)
    const refused = await api.as(members[0]).patch(path, { name: 'Mine' })
    expect([refused.status, await notes(members[0].id)]).toEqual([403, []])
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    await api.as(ann).request('PUT', `/v1/people/${bob.id}/block`)
    expect((await api.as(ann).post('/v1/chat/rooms/private', { userId: bob.id })).status).toBe(403)
    expect(await notes(ann.id)).toEqual([])
  })

  it('and asks again is noted once a minute, and all together not without end', async () => {
    let now = Date.now()
    const api = createApi({ clock: () => now })
    const person = await makePerson(api.isolate)
    const ask = () => api.as(person).get('/v1/admin/audit')
    for (let i = 0; i < 5; i += 1) expect((await ask()).status).toBe(403)
    expect(await notes(person.id)).toHaveLength(1)
    now += 60_000
    await ask()
    expect(await notes(person.id)).toHaveLength(2)
    const taken = Array.from({ length: 200 }, (_, i) => api.isolate.denials.takes(`other ${i}`)).filter(Boolean)
    expect(taken).toHaveLength(59)
  })

  it('is answered the same where it cannot be noted', async () => {
    const api = createApi()
    const person = await makePerson(api.isolate)
    await api.as(person).get('/v1/auth/me')
    const fail = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
    const getBookmark = () => null
    const broken = { withSession: () => ({ prepare: env.DB.prepare.bind(env.DB), batch: fail, getBookmark }) }
    const other = createApi({ env: { DB: broken as unknown as D1Database } })
    expect((await other.as(person).get('/v1/admin/audit')).status).toBe(403)
  })
})
