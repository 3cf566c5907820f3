import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { type Env, parseSettings } from '../../src/env.ts'
import { policyOf } from '../../src/platform/rate-limit/policies.ts'
import { type Answer, type Api, type Caller, createApi } from '../support/api.ts'

import { FIXTURE_PASSWORD, makePerson, makeSession } from '../support/people.ts'
import { apiWithLimiter, from, LIMITER_FAILURES, newAddress, strictApi, times } from '../support/strict-api.ts'

const remaining = ({ headers }: Answer) => Number(headers.get('x-ratelimit-remaining'))

describe('every answer', () => {
  it('says what the caller may still do, in both forms, refusals and unknown paths included (R2.20, R46.2)', async () => {
    const now = Date.now()
    const api = strictApi({ clock: () => now })
    const address = newAddress()
    for (const [i, path] of ['/v1/nothing', '/v1/auth/me', '/v1/people'].entries()) {
      const { headers } = await api.get(path, from(address))
      expect(headers.get('x-ratelimit-limit')).toBe('60')
      expect(headers.get('x-ratelimit-remaining')).toBe(String(59 - i))
      const windowEnd = Math.ceil(Math.floor(now / 60_000 + 1) * 60)
      expect(Number(headers.get('x-ratelimit-reset'))).toBe(windowEnd)
      expect(headers.get('ratelimit-policy')).toBe('"anonymous";q=60;w=60')
      expect(headers.get('ratelimit')).toBe(`"anonymous";r=${59 - i};t=${Math.ceil(windowEnd - now / 1_000)}`)
    }
  })

  it('that refuses says so with 429 and when to come again, in seconds (R45.2, R46.1, R46.2)', async () => {
    const api = strictApi()
    const address = newAddress()
    expect(new Set(await times(60, () => api.get('/v1/nothing', from(address))))).toEqual(new Set([404]))
    const refused = await api.get('/v1/nothing', from(address))
    expect(refused).toMatchObject({ status: 429, body: { statusCode: 429, code: 'RATE_LIMITED' } })
    const retryAfter = Number(refused.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(0)
    expect(retryAfter).toBeLessThanOrEqual(61)
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect((await api.get('/v1/nothing', from(newAddress()))).status).toBe(404)
  })
})

describe('nobody passes uncounted', () => {
  it.each([
    ['who takes no JSON', { accept: 'text/plain' }, 406],
    ['who asks for another host', { host: 'elsewhere.example' }, 403],
  ])('%s', async (_who, headers, status) => {
    const api = strictApi({ settings: { ALLOWED_HOSTS: 'localhost' } })
    const given = { headers: { ...headers, 'cf-connecting-ip': newAddress() } }
    const call = () => api.get(status === 403 ? 'http://elsewhere.example/version' : '/version', given)
    const first = await call()
    expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([status, '59'])
    expect((await times(60, call)).at(-1)).toBe(429)
  })

  it('and a preflight, which asks nothing of us, is all that is not counted', async () => {
    const api = strictApi()
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const preflight = await api.request('OPTIONS', '/v1/auth/login', { headers })
    expect([preflight.status, preflight.headers.has('x-ratelimit-limit')]).toEqual([204, false])
  })

  it('also with the token of a session that has ended: it uses up nothing of its owner’s, and costs no more reads', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    const thief = { accessToken: person.accessToken }
    await strictApi().as(person).post('/v1/auth/logout')
    const owner = { ...person, ...(await makeSession(api.isolate, person.id)) }
    const address = newAddress()
    const tickets = () => api.as(thief).post('/v1/ws-tickets', undefined, from(address))
    // The first finds out; from then on it is the address that counts.
    const statuses = await times(62, tickets)
    expect(new Set(statuses.slice(0, 61))).toEqual(new Set([401]))
    expect(statuses.at(-1)).toBe(429)
    expect((await tickets()).costs.d1Trips).toBe(0)
    expect((await api.as(owner).post('/v1/ws-tickets')).status).toBe(201)
    expect(remaining(await api.as(owner).get('/v1/auth/me'))).toBeGreaterThan(95)
  })
})

describe('an anonymous caller', () => {
  it('is known by the platform’s word for their address, not by what they write themselves (R45.2)', async () => {
    const api = strictApi()
    const address = newAddress()
    await times(60, () => api.get('/v1/nothing', from(address)))
    const forged = { headers: { 'cf-connecting-ip': address, 'x-forwarded-for': newAddress() } }
    expect((await api.get('/v1/nothing', forged)).status).toBe(429)
  })

  it('shares the count of all addresses of their IPv6 network', async () => {
    const api = strictApi()
    await times(60, () => api.get('/v1/nothing', from('2001:db8:1:2::1')))
    expect((await api.get('/v1/nothing', from('2001:db8:1:2:ffff::9'))).status).toBe(429)
    expect((await api.get('/v1/nothing', from('2001:db8:1:3::1'))).status).toBe(404)
  })

  it('gets their quota back as the window slides, and no double burst at its border (R46.1, R46.3)', async () => {
    let now = Math.ceil(Date.now() / 60_000) * 60_000 + 59_000
    const api = strictApi({ clock: () => now })
    const address = newAddress()
    await times(60, () => api.get('/v1/nothing', from(address)))
    now += 2_000
    const after = await times(5, () => api.get('/v1/nothing', from(address)))
    expect(after.filter((status) => status === 404)).toHaveLength(1)
    now += 60_000
    expect((await api.get('/v1/nothing', from(address))).status).toBe(404)
  })
})

describe('a user', () => {
  const people = (caller: Caller) => caller.get('/v1/people?q=nobody')

  it('has a hundred a minute by default, wherever they call from (R20.3, R45.1, R46.1)', async () => {
    const api = strictApi()
    const [person, other] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const statuses = await times(100, () => api.as(person).get('/v1/nothing', from(newAddress())))
    expect(new Set(statuses)).toEqual(new Set([404]))
    expect((await people(api.as(person))).status).toBe(429)
    expect((await people(api.as(other))).status).toBe(200)
  })

  it('has the quota of the tier that their record gives them, also in an isolate that did not know it (R46.1, R46.5)', async () => {
    for (const [tier, limit] of [
      ['basic', 1_000],
      ['premium', 10_000],
      ['enterprise', 100_000],
    ] as const) {
      const api = strictApi()
      const person = await makePerson(api.isolate)
      await env.DB.prepare('update users set tier = ? where id = ?').bind(tier, person.id).run()
      const first = await people(api.as(person))
      expect(first.headers.get('x-ratelimit-limit')).toBe(String(limit))
      expect(await times(110, () => people(api.as(person)))).not.toContain(429)
    }
  })

  it('is not refused for the lowest tier before their own was looked up', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    await env.DB.prepare("update users set tier = 'premium' where id = ?").bind(person.id).run()
    // Paths that read no session leave their tier unknown.
    expect(await times(120, () => api.as(person).get('/v1/nothing'))).not.toContain(429)
  })

  it('gets another tier from an admin, who is noted with the reason, and it holds at once (R46.5)', async () => {
    const api = strictApi()
    const [person, admin] = [await makePerson(api.isolate), await makePerson(api.isolate, { role: 'admin' })]
    expect((await people(api.as(person))).headers.get('x-ratelimit-limit')).toBe('100')
    const body = { tier: 'basic', reason: 'they asked nicely' }
    expect((await api.as(person).patch(`/v1/users/${person.id}/tier`, body)).status).toBe(403)
    expect(await api.as(admin).patch(`/v1/users/${person.id}/tier`, body)).toMatchObject({
      status: 200,
      body: { data: { id: person.id, tier: 'basic' } },
    })
    expect((await people(api.as(person))).headers.get('x-ratelimit-limit')).toBe('1000')
    const acts = await env.DB.prepare(
      "select actor_id, reason, details from audit where action = 'TIER_CHANGED' and target_id = ?",
    )
      .bind(person.id)
      .all()
    expect(acts.results).toEqual([
      { actor_id: admin.id, reason: 'they asked nicely', details: JSON.stringify({ from: 'free', to: 'basic' }) },
    ])
  })
})

describe('a route', () => {
  it('that is expensive takes five a minute of each user, and says which limit it was (R20.4, R46.3, R46.6)', async () => {
    const api = strictApi()
    const [one, other] = [
      await makePerson(api.isolate, { role: 'admin' }),
      await makePerson(api.isolate, { role: 'admin' }),
    ]
    const report = (who: typeof one) => api.as(who).post('/v1/expensive-operation', { days: 1 })
    expect(await times(6, () => report(one))).toEqual([200, 200, 200, 200, 200, 429])
    const refused = await report(one)
    expect(refused.headers.get('x-ratelimit-limit')).toBe('5')
    expect(refused.headers.get('ratelimit-policy')).toContain('"expensive";q=5;w=60')
    expect((await report(other)).status).toBe(200)
    expect((await api.as(one).get('/v1/auth/me')).status).toBe(200)
  })

  it('that carries data takes a hundred a minute, whatever the tier allows (R46.3, R46.6)', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    await env.DB.prepare("update users set tier = 'enterprise' where id = ?").bind(person.id).run()
    const statuses = await times(101, () => api.as(person).get('/v1/data'))
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.at(-1)).toBe(429)
    expect((await api.as(person).get('/v1/auth/me')).status).toBe(200)
  })

  it('that is a probe is free of all limits, and nothing else is (R45.1)', async () => {
    const api = strictApi()
    const address = newAddress()
    await times(61, () => api.get('/v1/nothing', from(address)))
    expect((await api.get('/health/live', from(address))).status).toBe(200)
    expect((await api.get('/health/live', from(address))).headers.has('x-ratelimit-limit')).toBe(false)
    expect((await api.get('/version', from(address))).status).toBe(429)
  })

  it('that hands out tickets takes a burst of ten and then one a second (R46.4)', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    const statuses = await times(11, () => api.as(person).post('/v1/ws-tickets'))
    expect(statuses).toEqual([...Array<number>(10).fill(201), 429])
    await vi.waitFor(async () => expect((await api.as(person).post('/v1/ws-tickets')).status).toBe(201), 3_000)
  })
})

describe('the platform’s own count', () => {
  it('refuses before anything else is asked (R45.1)', async () => {
    const closed = { limit: vi.fn(async () => ({ success: false })) }
    const api = strictApi({ env: { LIMIT_ANONYMOUS: closed as unknown as RateLimit } })
    const address = newAddress()
    expect((await api.get('/version', from(address))).status).toBe(429)
    expect(closed.limit).toHaveBeenCalledWith({ key: `ip:${address}` })
  })

  it('that fails lets the isolate’s own count decide', async () => {
    const broken = { limit: () => Promise.reject(new Error('internal error')) } as unknown as RateLimit
    const api = strictApi({ env: { LIMIT_ANONYMOUS: broken } })
    const address = newAddress()
    const statuses = await times(61, () => api.get('/v1/nothing', from(address)))
    expect([statuses.at(0), statuses.at(-1)]).toEqual([404, 429])
  })
})

describe('counts of several isolates', () => {
  it('cost no call while a caller uses little, and add up once one uses more (R46.1)', async () => {
    const [a, b] = [strictApi(), strictApi()]
    const person = await makePerson(a.isolate)
    const call = (api: Api) => api.as(person).get('/v1/nothing')
    const quiet = await Promise.all(Array.from({ length: 9 }, () => call(a)))
    expect(quiet.map(({ costs }) => costs.objectHops)).toEqual(Array(9).fill(0))
    await times(61, () => call(a))
    await times(10, () => call(b))
    // The second isolate has told of its first tenth, and heard of what the first one used.
    expect(remaining(await call(b))).toBeLessThanOrEqual(30)
    const more = await times(60, () => call(b))
    expect(more.filter((status) => status === 404).length).toBeLessThanOrEqual(30)
  })
})

describe('sign-in', () => {
  const signIn = (api: Api, email: string, password: string, address: string) =>
    api.post('/v1/auth/login', { email, password }, from(address))

  it('locks an account for an address after five failures, right password or not, and for nobody else (R7.13, R7.25)', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    const address = newAddress()
    const wrong = await times(5, () => signIn(api, person.email, 'wrong', address))
    expect(wrong).toEqual([401, 401, 401, 401, 401])
    const locked = await signIn(api, person.email, FIXTURE_PASSWORD, address)
    expect(locked).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
    const retryAfter = Number(locked.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(60)
    expect(retryAfter).toBeLessThanOrEqual(30 * 60)
    expect((await signIn(api, person.email, FIXTURE_PASSWORD, newAddress())).status).toBe(200)
    const other = await makePerson(api.isolate)
    expect((await signIn(api, other.email, FIXTURE_PASSWORD, address)).status).toBe(200)
  })

  it('never scales the lock-out of an account, as it does all other limits (R7.13)', async () => {
    const api = createApi()
    const person = await makePerson(api.isolate)
    const address = newAddress()
    expect((await times(6, () => signIn(api, person.email, 'wrong', address))).at(-1)).toBe(429)
  })

  it('forgets the failures of somebody who then gets it right (R7.13)', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    const address = newAddress()
    for (let round = 0; round < 2; round += 1) {
      await times(4, () => signIn(api, person.email, 'wrong', address))
      const right = await signIn(api, person.email, FIXTURE_PASSWORD, address)
      expect([right.status, right.headers.get('ratelimit-policy')]).toEqual([
        200,
        expect.not.stringContaining('failed'),
      ])
    }
  })

  it('looks at no more than five of many guesses that come at once (R7.13)', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    const address = newAddress()
    const guesses = Array.from({ length: 20 }, (_, i) => signIn(api, person.email, `guess ${i}`, address))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(15)
  })

  it('counts an unknown account as it counts a known one (R7.13)', async () => {
    const api = strictApi()
    const address = newAddress()
    const statuses = await times(6, () => signIn(api, 'nobody@people.test', 'wrong', address))
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })

  it('does not count what failed on our side against anybody', async () => {
    const api = strictApi()
    const person = await makePerson(api.isolate)
    const address = newAddress()
    const full = new Error('D1_ERROR: Network connection lost.')
    const verify = vi.spyOn(api.isolate.passwords, 'verify').mockRejectedValue(full)
    expect(await times(7, () => signIn(api, person.email, FIXTURE_PASSWORD, address))).not.toContain(429)
    verify.mockRestore()
    expect((await signIn(api, person.email, FIXTURE_PASSWORD, address)).status).toBe(200)
  })

  it('turns away an address that tries a list of accounts, and all else that it asks for a while (R45.9, R7.25)', async () => {
    let now = Date.now()
    const api = strictApi({ clock: () => now })
    const person = await makePerson(api.isolate)
    const address = newAddress()
    const { rule } = policyOf('failed-sign-ins-of-address')
    const bucket = 'failed-sign-ins-of-address'
    const call = { correlationId: 'test-correlation', traceparent: '' }
    await env.RATE_LIMITER.getByName(`ip:${address}`).take(call, [{ bucket, rule, amount: 49 }])
    expect((await signIn(api, 'nobody@people.test', 'wrong', address)).status).toBe(401)
    const blocked = await signIn(api, person.email, FIXTURE_PASSWORD, address)
    expect(blocked).toMatchObject({ status: 403, body: { code: 'ADDRESS_BLOCKED' } })
    expect((await api.get('/version', from(address))).body.code).toBe('ADDRESS_BLOCKED')
    expect((await api.get('/version', from(newAddress()))).status).toBe(200)
    // What the isolate remembers is short: the limiter is asked again.
    now += 6_000
    expect((await api.get('/version', from(address))).status).toBe(200)
    expect((await signIn(api, person.email, FIXTURE_PASSWORD, address)).status).toBe(403)
  })
})

describe('a limiter that is down, slow or talks nonsense', () => {
  it('is waited for 200 ms where nothing else is set', () => {
    const { RATE_LIMIT_TIMEOUT_MS: _ours, ...bindings } = env
    expect(parseSettings(bindings as Env).RATE_LIMIT_TIMEOUT_MS).toBe(200)
  })

  it.each(LIMITER_FAILURES)('lets nobody sign in, and says when to come again: %s', async (_how, take) => {
    const api = apiWithLimiter(take)
    const person = await makePerson(api.isolate)
    const answer = await api.post('/v1/auth/login', { email: person.email, password: FIXTURE_PASSWORD })
    expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect(answer.headers.get('retry-after')).toBe('2')
  })

  it.each(LIMITER_FAILURES)('leaves the rest to the isolate, which still counts: %s', async (_how, take) => {
    const api = apiWithLimiter(take)
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const statuses = await times(6, () => api.as(admin).post('/v1/expensive-operation', { days: 1 }))
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })
})

describe.skipIf(!env.TEST_UPSTASH)('with Upstash configured', () => {
  it('exact limits are counted there, in one request each, and no object is asked (R20.3, R45.1, R7.13)', async () => {
    const { url = '', token = '' } = env.TEST_UPSTASH ?? {}
    const objects = { getByName: () => Promise.reject(new Error('no object is asked')) }
    const settings = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token, RATE_LIMIT_TIMEOUT_MS: '5000' }
    const [a, b] = [0, 1].map(() =>
      strictApi({ env: { RATE_LIMITER: objects as unknown as typeof env.RATE_LIMITER }, settings }),
    ) as [Api, Api]
    const person = await makePerson(a.isolate)
    const address = newAddress()
    const signIn = (api: Api, password: string) =>
      api.post('/v1/auth/login', { email: person.email, password }, from(address))
    expect(await times(3, () => signIn(a, 'wrong'))).toEqual([401, 401, 401])
    expect(await times(2, () => signIn(b, 'wrong'))).toEqual([401, 401])
    expect((await signIn(a, FIXTURE_PASSWORD)).status).toBe(429)
  })
})
