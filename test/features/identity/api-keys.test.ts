import { env } from 'cloudflare:workers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MOST_KEYS, pruneApiKeys } from '../../../src/features/identity/api-keys/queries.ts'
import type { ApiKeyView, NewApiKey } from '../../../src/features/identity/api-keys/schemas.ts'
import { SESSION_MEMORY_MS } from '../../../src/features/identity/domain/session-policy.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/platform/clock.ts'
import { drizzleOver } from '../../../src/platform/db/store.ts'
import { newApiKeySecret, writeApiKey } from '../../../src/platform/security/api-key.ts'
import { createApi } from '../../support/api.ts'
import { makeApiKey } from '../../support/api-key-examples.ts'
import { exampleOf, makeDeadLetter, makeWorld, routesOf } from '../../support/examples.ts'
import { GitHubDouble } from '../../support/github-double.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()
const KEYS = '/v1/auth/api-keys'
const wanted = { name: 'Nightly report', scopes: ['read', 'view:logs'], expiresInDays: 30 }

const row = (id: string) =>
  env.DB.prepare('select * from api_keys where id = ?').bind(id).first<Record<string, unknown>>()

describe('a new key', () => {
  it('is shown once, and stands nowhere: neither in its row, nor in an event, nor in the audit trail', async () => {
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const made = await api.as(admin).post<NewApiKey>(KEYS, wanted)
    expect(made.status).toBe(201)
    const { key, ...view } = made.body.data
    expect(view).toMatchObject({ name: 'Nightly report', scopes: ['read', 'view:logs'], hint: key.slice(-4) })
    expect(Date.parse(view.expiresAt) - Date.parse(view.createdAt)).toBe(30 * DAY_MS)

    expect((await api.as(admin).get<ApiKeyView[]>(KEYS)).body.data).toEqual([view])
    const secret = key.slice(-43)
    const tables = await env.DB.batch(
      ['api_keys', 'outbox', 'audit', 'idempotency'].map((table) => env.DB.prepare(`select * from ${table}`)),
    )
    expect(JSON.stringify(tables)).not.toContain(secret)
    const { results } = await env.DB.prepare('select action, details from audit where target_id = ?')
      .bind(admin.id)
      .all()
    expect(results).toEqual([{ action: 'API_KEY_CREATED', details: expect.stringContaining(view.id) }])
  })

  it('can do no more than its owner may', async () => {
    const user = await makePerson(api.isolate)
    const refused = await api.as(user).post(KEYS, wanted)
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    expect(refused.body.message).toContain('view:logs')
  })

  it('needs a fresh proof of who asks for it', async () => {
    let now = Date.now()
    const later = createApi({ clock: () => now })
    const user = await makePerson(later.isolate)
    now += 6 * MINUTE_MS
    const refused = await later.as(user).post(KEYS, { ...wanted, scopes: ['read'] })
    expect(refused).toMatchObject({ status: 403, body: { code: 'STEP_UP_REQUIRED' } })
  })

  it(`is not the ${MOST_KEYS + 1}st, however many are asked for at once`, async () => {
    const user = await makePerson(api.isolate)
    await Promise.all(Array.from({ length: MOST_KEYS - 1 }, () => makeApiKey(user.id)))
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.as(user).post(KEYS, { ...wanted, scopes: ['read'] })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  })
})

describe('a key', () => {
  it('acts for its owner, within its scopes and what they may, and the audit trail names it', async () => {
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const key = await makeApiKey(admin.id, { scopes: ['read', 'manage:settings'] })
    expect((await api.as(key).get('/v1/notifications')).status).toBe(200)
    expect((await api.as(key).get('/v1/admin/users')).status).toBe(200)
    // Its owner may, and it may not.
    expect(await api.as(key).get('/v1/admin/audit')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    const written = await api.as(key).post('/v1/notifications/mark-all-read')
    expect(written).toMatchObject({ status: 403, body: { message: 'This needs a key with the scope write' } })

    const letter = await makeDeadLetter()
    const decided = await api
      .as(key)
      .post(`/v1/admin/dead-letters/${letter}/discard`, { reason: 'nobody waits for it' })
    expect(decided.status).toBe(200)
    const act = await env.DB.prepare('select actor_id, details from audit where target_id = ?').bind(letter).first()
    expect(act).toEqual({ actor_id: admin.id, details: expect.stringContaining(`"apiKeyId":"${key.id}"`) })

    // What its owner may no more, it may no more.
    await env.DB.prepare('delete from user_roles where user_id = ?').bind(admin.id).run()
    expect((await createApi().as(key).get('/v1/admin/users')).status).toBe(403)
  })

  it('that is wrong, expired, revoked, or of nobody active gets the answer of any wrong token', async () => {
    const [user, gone] = [await makePerson(api.isolate), await makePerson(api.isolate, { isActive: false })]
    const good = await makeApiKey(user.id)
    const revoked = await makeApiKey(user.id)
    await env.DB.prepare('update api_keys set revoked_at = 1 where id = ?').bind(revoked.id).run()
    const bad = [
      { accessToken: writeApiKey({ id: good.id, secret: newApiKeySecret() }) },
      { accessToken: writeApiKey({ id: crypto.randomUUID(), secret: newApiKeySecret() }) },
      { accessToken: 'slv_nonsense' },
      { accessToken: 'not.a.token' },
      await makeApiKey(user.id, { expiresAt: Date.now() - 1 }),
      revoked,
      await makeApiKey(gone.id),
    ]
    const told = async (key: { accessToken: string }) => {
      const { status, body, headers } = await api.as(key).get('/v1/notifications')
      return { status, code: body.code, message: body.message, scheme: headers.get('www-authenticate') }
    }
    const expected = { status: 401, code: 'UNAUTHENTICATED', message: 'Authentication is required', scheme: 'Bearer' }
    for (const key of bad) expect(await told(key)).toEqual(expected)
    expect((await api.as(good).get('/v1/notifications')).status).toBe(200)
    // Once the isolate knows the key, a wrong secret with its id is still wrong.
    expect(await told(bad[0] ?? good)).toEqual(expected)
  })

  it('that was met costs no more than a session: its state is remembered, and read beside the verb’s own read', async () => {
    let now = Date.now()
    const own = createApi({ clock: () => now })
    const key = await makeApiKey((await makePerson(own.isolate)).id)
    const [first, second] = [await own.as(key).get('/v1/notifications'), await own.as(key).get('/v1/notifications')]
    now += SESSION_MEMORY_MS
    const third = await own.as(key).get('/v1/notifications')
    expect([first, second, third].map(({ status }) => status)).toEqual([200, 200, 200])
    // The first is found before the verb begins, and its use noted.
    expect([first.costs.d1Trips, second.costs.d1Trips, third.costs.d1Trips]).toEqual([3, 1, 2])
    expect([second.costs.d1SequentialTrips, third.costs.d1SequentialTrips]).toEqual([1, 1])
  })

  it('that is revoked is refused at once here, and within five seconds elsewhere; once is enough', async () => {
    let now = Date.now()
    const [here, elsewhere] = [createApi(), createApi({ clock: () => now })]
    const user = await makePerson(here.isolate)
    const key = await makeApiKey(user.id)
    for (const each of [here, elsewhere]) expect((await each.as(key).get('/v1/notifications')).status).toBe(200)
    const revoked = await Promise.all([1, 2, 3].map(() => here.as(user).delete(`${KEYS}/${key.id}`)))
    expect(revoked.map(({ status }) => status).filter((status) => status !== 404)).toContain(204)
    expect((await here.as(key).get('/v1/notifications')).status).toBe(401)
    now += SESSION_MEMORY_MS
    expect((await elsewhere.as(key).get('/v1/notifications')).status).toBe(401)
    expect((await here.as(user).get<ApiKeyView[]>(KEYS)).body.data).toEqual([])
    const { results } = await env.DB.prepare("select id from audit where target_id = ? and action = 'API_KEY_REVOKED'")
      .bind(user.id)
      .all()
    expect(results).toHaveLength(1)
  })

  it('has its use noted, with the address, once a minute at most', async () => {
    let now = Date.now()
    const own = createApi({ clock: () => now })
    const key = await makeApiKey((await makePerson(own.isolate)).id)
    const use = (ip: string) => own.as(key).get('/v1/notifications', { headers: { 'cf-connecting-ip': ip } })
    await use('192.0.2.1')
    expect(await row(key.id)).toMatchObject({ last_used_at: now, last_used_ip: '192.0.2.1' })
    const first = now
    now += MINUTE_MS - 1
    await use('192.0.2.2')
    expect(await row(key.id)).toMatchObject({ last_used_at: first, last_used_ip: '192.0.2.1' })
    now += SESSION_MEMORY_MS
    await use('192.0.2.3')
    expect(await row(key.id)).toMatchObject({ last_used_at: now, last_used_ip: '192.0.2.3' })
  })

  it('opens nothing of the account, no socket, and nothing that demands a fresh proof', async () => {
    const spy = new GitHubDouble().install()
    onTestFinished(() => spy.mockRestore())
    const world = await makeWorld(api)
    const closed = routesOf(api).filter(({ path, contract: { policy } }) => {
      const demands = typeof policy.access === 'object' ? policy.access : {}
      const isAccounts = path.startsWith('/v1/auth/') && policy.access !== 'public'
      return isAccounts || policy.access === 'ticket' || demands.stepUp || demands.session
    })
    const personal = ['GET /v1/data', 'GET /v1/users/profile', 'GET /v1/users/role', 'PATCH /v1/users/:id/tier']
    expect(closed.map(({ name }) => name)).toEqual(expect.arrayContaining([...personal, 'POST /v1/auth/api-keys']))
    for (const { name, method } of closed) {
      const { path, body, headers } = await exampleOf(name, world)
      // Made for each, as an example may revoke what there is.
      const key = await makeApiKey(world.admin.id, { scopes: ['read', 'write', 'manage:settings', 'view:logs'] })
      const given = { ...headers, authorization: `Bearer ${key.accessToken}` }
      const answer = await api.request(method, path, { ...(body === undefined ? {} : { body }), headers: given })
      expect([name, answer.status, answer.body?.code]).toEqual([name, 403, 'SESSION_REQUIRED'])
    }
  })

  it('is renamed by its owner and nobody else', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const { id } = await makeApiKey(ann.id)
    expect((await api.as(bob).patch(`${KEYS}/${id}`, { name: 'Mine now' })).status).toBe(404)
    expect((await api.as(ann).patch(`${KEYS}/${id}`, { name: 'Backups' })).status).toBe(200)
    expect((await api.as(ann).get<ApiKeyView[]>(KEYS)).body.data).toMatchObject([{ id, name: 'Backups' }])
  })
})

describe('the limits of keys', () => {
  const strict = { settings: { RATE_LIMIT_SCALE: '0.05' } }

  it('are their own: a program that runs wild does not stop its owner, and each key has a count', async () => {
    const own = createApi(strict)
    const user = await makePerson(own.isolate)
    await env.DB.prepare("update users set tier = 'premium' where id = ?").bind(user.id).run()
    const [wild, calm] = [await makeApiKey(user.id), await makeApiKey(user.id)]
    // 600 a minute for each, times the scale.
    const call = (by: { accessToken: string }) =>
      own.as(by).get('/v1/notifications', { headers: { 'cf-connecting-ip': '192.0.2.9' } })
    const first = await call(wild)
    expect(first.headers.get('ratelimit-policy')).toContain('"api-key";q=30')
    for (let i = 0; i < 29; i += 1) expect((await call(wild)).status).toBe(200)
    expect(await call(wild)).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    expect((await call(calm)).status).toBe(200)
    expect((await call(user)).status).toBe(200)
  })

  it('count keys that nobody knows against their address, so that making them up gains nothing', async () => {
    const own = createApi(strict)
    // 60 a minute, times the scale.
    const statuses = []
    for (let i = 0; i < 4; i += 1) {
      const made = { accessToken: writeApiKey({ id: crypto.randomUUID(), secret: newApiKeySecret() }) }
      const answer = await own.as(made).get('/v1/notifications', { headers: { 'cf-connecting-ip': '192.0.2.10' } })
      statuses.push([answer.status, answer.costs.d1Trips])
    }
    expect(statuses).toEqual([
      [401, 1],
      [401, 1],
      [401, 1],
      [429, 0],
    ])
  })
})

it('keys that expired long ago are pruned, and no others', async () => {
  const user = await makePerson(api.isolate)
  const { id } = await makeApiKey(user.id)
  expect(await pruneApiKeys(drizzleOver(env.DB), Date.now() + 394 * DAY_MS)).toBe(0)
  await pruneApiKeys(drizzleOver(env.DB), Date.now() + 396 * DAY_MS)
  await vi.waitFor(async () => expect(await row(id)).toBeNull())
})
