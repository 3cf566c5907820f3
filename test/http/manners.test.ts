import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { type Contract, contractOf } from '../../src/http/contract.ts'
import { contractedRoutes } from '../../src/http/openapi/routes.ts'
import { createApi } from '../support/api.ts'
import { makePerson } from '../support/people.ts'
import { PRODUCTION } from '../support/production.ts'

const api = createApi()

describe('answers', () => {
  it('stand in one envelope, with the request’s id and time (R1.14, R2.14)', async () => {
    const { status, headers, body } = await api.get('/version', { headers: { 'x-request-id': 'request-0001' } })
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      data: { name: 'selvage', version: '0.1.0', environment: 'test' },
      meta: {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
        version: '1',
        requestId: 'request-0001',
      },
      path: '/version',
    })
    expect(headers.get('x-request-id')).toBe('request-0001')
    expect(headers.get('cache-control')).toBe('private, no-store')
  })

  it.each([
    ['/version', {}],
    ['/v1/products', {}],
    ['/v1/products', { origin: 'http://localhost' }],
    ['/v1/nothing', {}],
    ['/v1/auth/me', {}],
    ['/v1/products?limit=x', { accept: 'application/problem+json' }],
  ])('are made once: none of %s is copied to say more in its headers %j', async (path, headers) => {
    let made = 0
    vi.stubGlobal(
      'Response',
      class extends Response {
        constructor(...given: ConstructorParameters<typeof Response>) {
          super(...given)
          made += 1
        }
      },
    )
    const ctx = createExecutionContext()
    try {
      await api.app.fetch(new Request(`http://localhost${path}`, { headers }), env, ctx)
    } finally {
      vi.unstubAllGlobals()
    }
    await waitOnExecutionContext(ctx)
    expect(made).toBe(1)
  })

  it('may be kept where they have an ETag, by the caller alone and to be asked for each time; refusals are not', async () => {
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const keptBy = async (path: string, headers = {}) => {
      const answer = await api.as(admin).get(path, { headers })
      return [answer.status, answer.headers.get('cache-control'), answer.headers.get('etag')] as const
    }
    for (const path of [
      '/v1/products',
      '/v1/products/facets',
      '/v1/categories',
      '/v2/users',
      `/v2/users/${admin.id}`,
    ]) {
      const [status, said, etag] = await keptBy(path)
      expect([path, status, said, etag]).toEqual([path, 200, 'private, no-cache', expect.stringMatching(/"/)])
      expect([path, ...(await keptBy(path, { 'if-none-match': etag }))]).toEqual([path, 304, 'private, no-cache', etag])
    }
    expect(await keptBy('/v1/auth/sessions')).toEqual([200, 'private, no-store', null])
    expect(await keptBy(`/v1/products/${crypto.randomUUID()}`)).toEqual([404, 'private, no-store', null])
  })

  it('carry the caller’s correlation id when it is of the right form, else a new one (R2.19, R41.4)', async () => {
    const idOf = async (headers: Record<string, string>) =>
      (await api.get('/version', { headers })).headers.get('x-correlation-id')
    expect(await idOf({ 'x-correlation-id': 'trace.me-42' })).toBe('trace.me-42')
    for (const forged of ['short', 'a'.repeat(129), 'line\tbreak-here', 'with space in it']) {
      expect(await idOf({ 'x-request-id': forged })).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('that refuse say what, where and in which request, and nothing of the inside (R1.15, R41.6)', async () => {
    const { status, body } = await api.get('/v1/auth/me', { headers: { 'x-request-id': 'request-0002' } })
    expect([status, body]).toEqual([
      401,
      {
        success: false,
        statusCode: 401,
        code: 'UNAUTHENTICATED',
        message: 'Authentication is required',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
        path: '/v1/auth/me',
        method: 'GET',
        correlationId: 'request-0002',
      },
    ])
  })

  it('are RFC 9457 problems for a client that asks for them', async () => {
    const { headers, body } = await api.get('/v1/nowhere', { headers: { accept: 'application/problem+json' } })
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({
      type: 'urn:selvage:error:not-found',
      title: 'NOT_FOUND',
      status: 404,
      instance: '/v1/nowhere',
      correlationId: expect.any(String),
    })
  })

  it('are of our own form for a client that names RFC 9457 only to say that it does not want it', async () => {
    const accept = 'application/json, application/problem+json;q=0'
    const { headers, body } = await api.get('/v1/nowhere', { headers: { accept } })
    expect([headers.get('content-type'), body.code]).toEqual(['application/json', 'NOT_FOUND'])
  })

  it('carry secure headers', async () => {
    const { headers } = await api.get('/version')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toContain('max-age=')
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
  })

  it('say in development what they cost, in production not', async () => {
    const person = await makePerson(api.isolate)
    const { headers } = await api.as(person).get('/v1/auth/me')
    // The session and the verb's own read go to the primary side by side: two trips, one in sequence.
    expect(headers.get('server-timing')).toMatch(/d1-trips;desc="2", d1-sequential;desc="1"/)
    const production = createApi({ settings: { ...PRODUCTION, ALLOWED_HOSTS: 'localhost' } })
    expect((await production.get('/version')).headers.has('server-timing')).toBe(false)
  })
})

describe('paths', () => {
  it('without a version are of version 1, and /api/v1 is an alias', async () => {
    const person = await makePerson(api.isolate)
    for (const path of ['/v1/auth/me', '/auth/me', '/api/v1/auth/me', '/v1/auth/me/']) {
      const { status, body } = await api.as(person).get(path)
      expect([status, body.path]).toEqual([200, '/v1/auth/me'])
    }
  })

  it('that exist answer an unknown method with 405 and Allow, and OPTIONS with Allow', async () => {
    const refused = await api.request('PUT', '/v1/auth/login')
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    const asked = await api.request('OPTIONS', '/v1/chat/rooms')
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
    expect((await api.request('PUT', '/v1/nowhere')).status).toBe(404)
  })

  it('are all protected that are not marked public (R7.23)', async () => {
    const isOpen = ({ access }: Contract['policy']) =>
      access === 'public' || (typeof access === 'object' && access.orGuest)
    const routes = contractedRoutes(api.app).filter(({ contract }) => !isOpen(contract.policy))
    expect(routes.length).toBeGreaterThan(15)
    for (const { method, path } of routes) {
      const { status, body } = await api.request(method, path.replaceAll(/:\w+/g, crypto.randomUUID()))
      expect([method, path, status, body.code]).toEqual([method, path, 401, 'UNAUTHENTICATED'])
    }
  })

  it('without a contract do not start', async () => {
    const { app } = createApi()
    app.get('/v1/forgotten', (c) => c.text('open to all'))
    expect(() => contractedRoutes(app)).toThrow('GET /v1/forgotten declares no contract')
    expect(contractOf(() => undefined)).toBeUndefined()
  })
})

describe('bodies', () => {
  const login = (raw: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    api.request('POST', '/v1/auth/login', { raw, headers })

  it('that are no JSON are 400, and of another type 415 (R2.19)', async () => {
    expect(await login('{ "email": ')).toMatchObject({ status: 400, body: { code: 'MALFORMED_REQUEST' } })
    expect(await login('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ status: 415 })
    expect(await login('{}', {})).toMatchObject({ status: 415 })
    expect((await login('[]', { 'content-type': 'application/json; charset=utf-8' })).status).toBe(400)
    expect((await login('null')).status).toBe(400)
  })

  it('are counted, also where no length is given: too large is 413 (R2.11, R45.3)', async () => {
    const large = JSON.stringify({ email: 'x'.repeat(20_000) })
    expect(await login(large)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 40; i += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(1_000)))
        controller.close()
      },
    })
    expect((await login(stream)).status).toBe(413)
  })

  it('that are nested very deep are refused before they are parsed, brackets in texts not counted (R45.3)', async () => {
    const deep = `{"email":"a@b.test","password":${'['.repeat(40)}${']'.repeat(40)}}`
    expect(await login(deep)).toMatchObject({ status: 400, body: { code: 'MALFORMED_REQUEST' } })
    const brackets = JSON.stringify({ email: 'a@b.test', password: `\\"${'[{'.repeat(40)}` })
    expect((await login(brackets)).status).toBe(401)
  })

  it('with unknown keys are refused, each key named (R1.13, R2.16)', async () => {
    const answer = await login(JSON.stringify({ email: 'a@b.test', password: 'x', admin: true, __proto__x: 1 }))
    expect(answer.body.errors).toEqual([
      { field: 'admin', message: 'Unknown field' },
      { field: '__proto__x', message: 'Unknown field' },
    ])
  })
})

describe('a client', () => {
  it('that takes no JSON is told so with 406', async () => {
    const status = async (accept: string) => (await api.get('/version', { headers: { accept } })).status
    expect(await status('text/html')).toBe(406)
    expect(await status('application/json;q=0')).toBe(406)
    expect(await status('text/html, */*;q=0.8')).toBe(200)
    expect(await status('application/problem+json')).toBe(200)
  })

  it('from an allowed origin may read the answer, from another not', async () => {
    const origin = async (value: string) =>
      (await api.get('/version', { headers: { origin: value } })).headers.get('access-control-allow-origin')
    expect(await origin('https://app.example')).toBe('https://app.example')
    expect(await origin('http://localhost')).toBe('http://localhost')
    expect(await origin('https://evil.example')).toBeNull()
    const preflight = await api.request('OPTIONS', '/v1/auth/login', {
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  })

  it('that names a host which is not ours is refused', async () => {
    const strict = createApi({ settings: { ALLOWED_HOSTS: 'api.example:8443,localhost' } })
    const status = async (host: string) => (await strict.get(`http://${host}/version`)).status
    expect(await status('localhost')).toBe(200)
    expect(await status('localhost:9000')).toBe(200)
    expect(await status('api.example:8443')).toBe(200)
    expect(await status('api.example')).toBe(403)
    expect(await strict.get('http://evil.example/version')).toMatchObject({
      status: 403,
      body: { code: 'HOST_NOT_ALLOWED' },
    })
  })

  it('gets an answer within the deadline, whatever hangs (R2.13)', async () => {
    const hanging = {
      withSession: () => ({
        prepare: () => ({ bind: () => ({ all: () => new Promise(() => {}) }) }),
        getBookmark: () => null,
      }),
    }
    const slow = createApi({ env: { DB: hanging as unknown as D1Database }, handlerDeadlineMs: 50 })
    const answer = await slow.post('/v1/auth/login', { email: 'a@b.test', password: 'x' })
    expect(answer).toMatchObject({ status: 504, body: { code: 'DEADLINE_EXCEEDED' } })
  })

  it('reads its own writes by the bookmark that an answer carries', async () => {
    const person = await makePerson(api.isolate)
    const { headers } = await api.as(person).get('/v1/auth/me')
    const bookmark = headers.get('x-d1-bookmark') ?? ''
    expect(bookmark).toMatch(/^core=[0-9a-f-]{59}$/)
    const withSession = vi.spyOn(env.DB, 'withSession')
    await api.as(person).get('/v1/auth/me', { headers: { 'x-d1-bookmark': bookmark } })
    expect(withSession).toHaveBeenLastCalledWith(bookmark.slice('core='.length))
    for (const unreadable of ['core=anything', `core=${'x'.repeat(2_000)}`, 'core=;drop', `orders${bookmark}`]) {
      await api.as(person).get('/v1/auth/me', { headers: { 'x-d1-bookmark': unreadable } })
      expect(withSession).toHaveBeenLastCalledWith('first-primary')
    }
    withSession.mockRestore()
  })
})

describe('probes', () => {
  it('say that we are alive, and ready once the databases answer, empty or not (R39.4, R40.4)', async () => {
    const person = await makePerson(api.isolate)
    await api.as(person).post('/v1/auth/logout')
    expect((await env.DB.prepare('select id from outbox limit 1').all()).results).toHaveLength(1)
    for (const path of ['/health', '/health/ready', '/health/readiness']) {
      expect(await api.get(path)).toMatchObject({
        status: 200,
        body: {
          data: {
            status: 'up',
            checks: { core: { status: 'up' }, activity: { status: 'up' }, catalog: { status: 'up' } },
          },
        },
      })
    }
    for (const path of ['/health/live', '/health/liveness']) {
      expect(await api.get(path)).toMatchObject({ status: 200, body: { data: { status: 'up' } } })
    }
  })

  it('answer 503 where a database is down, while the process is still alive (R39.4)', async () => {
    const down = {
      withSession: () => ({
        prepare: () => {
          throw new Error('down')
        },
        getBookmark: () => null,
      }),
    }
    const broken = createApi({ env: { ACTIVITY_DB: down as unknown as D1Database } })
    expect(await broken.get('/health/ready')).toMatchObject({
      status: 503,
      body: {
        data: {
          status: 'down',
          checks: { core: { status: 'up' }, activity: { status: 'down' }, catalog: { status: 'up' } },
        },
      },
    })
    expect((await broken.get('/health/live')).status).toBe(200)
  })
})

describe('failures of our own', () => {
  it('are constant text and the request’s id to the client, and a redacted error in the log (R1.16, R2.13, R41.6)', async () => {
    const failing = {
      withSession: () => ({
        prepare: () => {
          throw new Error('secret detail of the inside')
        },
        getBookmark: () => null,
      }),
    }
    const broken = createApi({ env: { DB: failing as unknown as D1Database } })
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const { status, body } = await broken.post('/v1/auth/login', { email: 'a@b.test', password: 'hunter-2' })
    const lines = logged.mock.calls.map(([line]) => String(line))
    logged.mockRestore()
    expect([status, body.message]).toEqual([500, 'Something went wrong on our side'])
    expect(body).toMatchObject({ success: false, statusCode: 500, path: '/v1/auth/login', method: 'POST' })
    // What nobody has thrown has the same shape: there is no such route.
    expect(Object.keys((await api.get('/v1/nowhere')).body).toSorted()).toEqual(Object.keys(body).toSorted())
    expect(JSON.stringify(body)).not.toContain('secret detail')
    const line = lines.find((text) => text.includes('Request Failed')) ?? ''
    expect(line).toContain('secret detail of the inside')
    expect(line).toContain(body.correlationId as string)
    expect(lines.join()).not.toContain('hunter-2')
  })

  it('that are a store’s, which did not answer, are 503 with a time to come again (R2.13)', async () => {
    const lost = () => {
      throw new Error('D1_ERROR: Network connection lost.')
    }
    const broken = createApi({
      env: { DB: { withSession: () => ({ prepare: lost, getBookmark: () => null }) } as unknown as D1Database },
    })
    const answer = await broken.post('/v1/auth/login', { email: 'a@b.test', password: 'x' })
    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '1'])
  })

  it('in the settings name the setting, never its value', async () => {
    expect(() => createApi({ settings: { WS_TICKET_KEY: 'too-short-a-key' } })).toThrow(/WS_TICKET_KEY/)
    expect(() => createApi({ settings: { JWT_SIGNING_KEYS: '[{"d":"leak"}]' } })).toThrow(
      /^(?!.*leak).*JWT_SIGNING_KEYS/,
    )
    expect(() => createApi({ settings: { WS_TICKET_KEY: env.REFRESH_TOKEN_KEYS } })).toThrow(/must differ/)
    expect(() => createApi({ settings: PRODUCTION })).toThrow(/ALLOWED_HOSTS/)
  })
})

describe('the log of a request', () => {
  const capture = async (run: (logging: typeof api) => Promise<unknown>): Promise<string[]> => {
    const spies = (['debug', 'info', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    )
    await run(createApi({ settings: { LOG_LEVEL: 'debug' } }))
    const lines = spies.flatMap((spy) => spy.mock.calls.map(([line]) => String(line)))
    for (const spy of spies) spy.mockRestore()
    return lines
  }

  it('has its start with the redacted body, and its end with status and time, under one id (R41.3, R41.5, R41.9)', async () => {
    const body = { email: 'nobody@people.test', password: 'hunter-2-hunter' }
    const lines = await capture((logging) =>
      logging.post('/v1/auth/login?token=abc', body, {
        headers: {
          'x-request-id': 'request-0003',
          'user-agent': 'test',
          'content-length': String(JSON.stringify(body).length),
        },
      }),
    )
    const find = (name: string) => lines.find((line) => line.includes(` ${name} request-0003 `)) ?? ''
    expect(find('Incoming Request')).toContain('"body":{"email":"***REDACTED***","password":"***REDACTED***"}')
    expect(find('HTTP Request')).toMatch(
      /"url":"\/v1\/auth\/login\?token=\*\*\*REDACTED\*\*\*".*"userAgent":"test".*"statusCode":401,"responseTime":\d+/,
    )
    expect(find('Request Failed')).toMatch(
      /"code":"INVALID_CREDENTIALS","reason":"unknown address".*"query":\{"token":"\*\*\*REDACTED\*\*\*"\},"body":\{"email":"\*\*\*REDACTED\*\*\*","password":"\*\*\*REDACTED\*\*\*"\},"statusCode":401/,
    )
    expect(find('SQL Query')).toContain('select')
    expect(lines.join()).not.toContain('hunter-2')
  })

  it('names what happened in the business, once it is committed (R41.9)', async () => {
    const person = await makePerson(api.isolate)
    const lines = await capture((logging) => logging.as(person).post('/v1/auth/logout'))
    expect(lines.some((line) => line.includes('Business Event') && line.includes('sessions.revoked'))).toBe(true)
  })
})

describe('a public route', () => {
  it('knows who calls by a valid token, and takes an invalid one as none (R7.20)', async () => {
    const person = await makePerson(api.isolate)
    const bodies = { email: 'nobody-at-all@people.test', password: 'x' }
    for (const token of [person.accessToken, 'nonsense', `${person.accessToken}x`]) {
      const answer = await api.as({ accessToken: token }).post('/v1/auth/login', bodies)
      expect(answer.body.code).toBe('INVALID_CREDENTIALS')
    }
  })
})
