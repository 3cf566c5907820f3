import { describe, expect, it } from 'vitest'
import type { ListedUserV1, UserV1 } from '../../src/features/identity/users/v1-schemas.ts'
import type { UserV2 } from '../../src/features/identity/users/v2-schemas.ts'
import { createFixedFlags } from '../../src/platform/flags/fixed-flags.ts'
import type { FiguresFlush } from '../../src/platform/observability/figure-counter.ts'
import { type Answer, createApi } from '../support/api.ts'
import { takeLog } from '../support/log.ts'
import { makeCrowd, makePerson } from '../support/people.ts'
import { from, newAddress, strictApi } from '../support/strict-api.ts'

const api = createApi()
const DEPRECATION = {
  deprecation: '@1767225600',
  sunset: 'Thu, 31 Dec 2026 23:59:59 GMT',
  'x-api-deprecated': 'true',
  'x-api-sunset': '2026-12-31',
}
const told = ({ headers }: Answer) =>
  Object.fromEntries(Object.keys(DEPRECATION).map((name) => [name, headers.get(name)]))

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape, looked into by its tests.
const documentOf = async (version: string): Promise<any> => (await api.get(`/openapi/v${version}.json`)).body

describe('version 1 of users', () => {
  it('says with every answer that it goes, when and what comes: successes, refusals, what is missing (R3.14, R3.15)', async () => {
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const one = `/v1/users/${admin.id}`
    const answers = [
      await api.as(admin).get('/v1/users'),
      await api.as(admin).get(one),
      await api.as(admin).request('PUT', one, { body: {} }),
      await api.as(admin).get(`/v1/users/${crypto.randomUUID()}`),
      await api.get(one),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400, 404, 401])
    for (const answer of answers) {
      expect(told(answer)).toEqual(DEPRECATION)
      const link = answer.headers.get('link')
      expect(link).toContain('</v2/users>; rel="successor-version"')
      expect(link).toContain('</api/v2/docs>; rel="deprecation"')
    }
    // The version that answers is what counts, whatever has named it.
    const named = (version: string) => api.as(admin).get(`/users/${admin.id}`, { headers: { 'api-version': version } })
    const known = { headers: { 'if-none-match': answers[1]?.headers.get('etag') ?? '' } }
    const again = await api.as(admin).get(one, known)
    expect(again.status).toBe(304)
    for (const answer of [again, await named('1'), await named('')]) expect(told(answer)).toEqual(DEPRECATION)
    // What a path has not is told of it as well, where all that it has goes.
    for (const [method, path] of [
      ['DELETE', '/v1/users'],
      ['POST', one],
      ['GET', `${one}/activate`],
    ] as const) {
      const refused = await api.as(admin).request(method, path)
      expect([path, refused.status, told(refused)]).toEqual([path, 405, DEPRECATION])
    }
    for (const path of ['/v2/users', `${one}/tier`, '/v1/auth/me']) {
      const refused = await api.as(admin).request('PUT', path)
      expect([path, refused.status, refused.headers.get('deprecation')]).toEqual([path, 405, null])
    }
    const others = [`/v2/users/${admin.id}`, '/v1/auth/me', '/v1/users/profile'].map((path) => api.as(admin).get(path))
    for (const answer of await Promise.all([named('2'), ...others])) {
      expect(answer.headers.get('deprecation')).toBeNull()
    }
  })

  it('says so also to whom it refuses for coming too often (R3.15)', async () => {
    const strict = strictApi()
    const address = newAddress()
    let answer = await strict.get('/v1/users', from(address))
    for (let i = 0; i < 70 && answer.status !== 429; i += 1) answer = await strict.get('/v1/users', from(address))
    expect([answer.status, told(answer)]).toEqual([429, DEPRECATION])
  })

  it('can be read of by pages of another origin, which may also name a version', async () => {
    const shared = createApi({ settings: { ALLOWED_ORIGINS: 'https://app.example' } })
    const headers = { origin: 'https://app.example' }
    const exposed = (await shared.get('/v1/users', { headers })).headers.get('access-control-expose-headers')
    expect(exposed?.toLowerCase().split(',')).toEqual(expect.arrayContaining([...Object.keys(DEPRECATION), 'link']))
    const preflight = { ...headers, 'access-control-request-method': 'GET' }
    const accepted = (await shared.request('OPTIONS', '/users', { headers: preflight })).headers
    expect(accepted.get('access-control-allow-headers')?.toLowerCase().split(',')).toEqual(
      expect.arrayContaining(['x-api-version', 'api-version']),
    )
  })

  it('is counted by route and logged each time it is used, so that its end can be planned (R3.16)', async () => {
    const own = createApi({ settings: { LOG_LEVEL: 'warn' } })
    const person = await makePerson(own.isolate)
    const log = takeLog()
    await own.as(person).get(`/v1/users/${person.id}`)
    await own.as(person).get(`/v2/users/${person.id}`)
    const warned = log.lines().filter((line) => line.includes('Deprecated Route'))
    log.stop()
    expect(warned).toHaveLength(1)
    expect(warned[0]).toContain('GET /v1/users/:id')
    const flushes: FiguresFlush[] = []
    const ports = {
      add: async (_shard: number, flush: FiguresFlush) => flushes.push(flush),
      tellSockets: async () => undefined,
    }
    await own.isolate.figures.tell(ports)
    const counts = JSON.stringify(flushes)
    expect(counts).toContain('GET /v1/users/:id')
    expect(counts).not.toContain('GET /v2/users/:id')
  })
})

describe('a version', () => {
  it('is told by the path, by three headers, or by nothing, which is 1; what headers choose varies (R3.4, R3.5, R3.6)', async () => {
    const person = await makePerson(api.isolate)
    const read = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await api.as(person).get<UserV1 & UserV2>(`${path}/${person.id}`, { headers })
      const { status, body } = answer
      return [
        status,
        body.meta.version,
        'firstName' in body.data,
        (answer.headers.get('vary') ?? '').includes('X-API-Version'),
      ]
    }
    expect(await read('/v1/users', { 'x-api-version': '2' })).toEqual([200, '1', false, false])
    expect(await read('/v2/users')).toEqual([200, '2', true, false])
    expect(await read('/users')).toEqual([200, '1', false, true])
    expect(await read('/users', { 'x-api-version': '2' })).toEqual([200, '2', true, true])
    expect(await read('/users', { accept: 'application/json;v=2' })).toEqual([200, '2', true, true])
    expect(await read('/users', { 'api-version': '2' })).toEqual([200, '2', true, true])
    const both = { 'x-api-version': '1', accept: 'application/json;v=2' }
    expect(await read('/users', both)).toEqual([200, '1', false, true])
    const vary = (await api.as(person).get(`/users/${person.id}`)).headers.get('vary')?.split(/, */)
    expect(vary).toEqual(expect.arrayContaining(['X-API-Version', 'Accept', 'API-Version']))
    // A person who follows a link is no client that asks for the version b3.
    const accept = 'text/html,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'
    expect(await read('/users', { accept })).toEqual([200, '1', false, true])
  })

  it('of users is one of two, side by side, and the first where none is named (R1.23, R3.1)', async () => {
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const body = () => ({
      ...{ email: `${crypto.randomUUID()}@people.test`, firstName: 'Nell', lastName: 'Newcomer' },
      phoneNumber: '+49 30 1234',
    })
    for (const [path, version] of [
      ['/users', '1'],
      ['/users/', '1'],
      ['/api/users', '1'],
      ['/v1/users', '1'],
      ['/api/v1/users', '1'],
      ['/v2/users', '2'],
      ['/api/v2/users', '2'],
    ] as const) {
      const made = await api.as(admin).post<UserV1 | UserV2>(path, body())
      const location = `/v${version}/users/${made.body.data.id}`
      expect([path, made.status, made.headers.get('location')]).toEqual([path, 201, location])
      const listed = await api.as(admin).get<object[]>(path)
      for (const answer of [made, listed]) {
        expect(answer.body.meta.version).toBe(version)
        expect(told(answer)).toMatchObject({ 'x-api-deprecated': version === '1' ? 'true' : null })
      }
      expect(['name' in made.body.data, 'name' in (listed.body.data[0] ?? {})]).toEqual([
        version === '1',
        version === '1',
      ])
    }
  })

  it('that there is not is refused, where it was asked for, and never another one in its place (R3.7)', async () => {
    const person = await makePerson(api.isolate)
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await api.as(person).get(`${path}/${person.id}`, { headers })).status
    expect(await status('/users', { 'x-api-version': '3' })).toBe(400)
    expect(await status('/users', { 'api-version': 'latest' })).toBe(400)
    expect(await status('/users', { accept: 'application/json;v=9' })).toBe(406)
    expect(await status('/v3/users')).toBe(404)
    expect(await status('/v3/users', { 'x-api-version': '2' })).toBe(404)
    const named = await api.as(person).get(`/users/${person.id}`, { headers: { 'x-api-version': '3' } })
    expect(named.body.errors).toEqual([{ field: 'X-API-Version', message: expect.any(String) }])
    expect(named.headers.get('vary')).toContain('X-API-Version')
  })

  it('has a document of its own, in which what goes is marked (R3.12, R3.13)', async () => {
    const [first, second] = [await documentOf('1'), await documentOf('2')]
    expect([first.info.version, second.info.version]).toEqual(['1.0', '2.0'])
    expect(Object.keys(second.paths).every((path) => path.startsWith('/v2/'))).toBe(true)
    expect(Object.keys(first.paths).some((path) => path.startsWith('/v2/'))).toBe(false)
    const marks = (document: typeof first) =>
      Object.entries(document.paths as Record<string, Record<string, { deprecated?: boolean }>>).flatMap(
        ([path, item]) =>
          Object.entries(item).flatMap(([method, { deprecated }]) => (deprecated ? [`${method} ${path}`] : [])),
      )
    expect(marks(second)).toEqual([])
    expect(marks(first).toSorted()).toEqual([
      'delete /v1/users/{id}',
      'get /v1/users',
      'get /v1/users/{id}',
      'patch /v1/users/{id}',
      'patch /v1/users/{id}/activate',
      'patch /v1/users/{id}/change-role',
      'patch /v1/users/{id}/deactivate',
      'post /v1/users',
      'put /v1/users/{id}',
    ])
  })
})

describe('somebody for whom version 1 runs what version 2 does', () => {
  it('is answered in the very shape of version 1, and goes on paging wherever they were (R3.17)', async () => {
    const rolled = createApi()
    const admin = await makePerson(rolled.isolate, { role: 'admin' })
    rolled.isolate.flags = createFixedFlags({ 'v2-features-for-v1': { percent: 0, userIds: [admin.id] } })
    const plain = createApi()
    const people = await Promise.all([1, 2, 3].map(() => makePerson(rolled.isolate)))
    const read = (one: typeof api, query = '?limit=2') => one.as(admin).get<ListedUserV1[]>(`/v1/users${query}`)
    const [now, then] = [await read(rolled), await read(plain)]
    expect(now.body.data).toEqual(then.body.data)
    expect(Object.keys(now.body.meta).toSorted()).toEqual(Object.keys(then.body.meta).toSorted())
    expect(now.body.meta.nextCursor).toEqual(then.body.meta.nextCursor)
    const next = `?limit=2&cursor=${now.body.meta.nextCursor}`
    expect((await read(rolled, next)).body.data).toEqual((await read(plain, next)).body.data)
    const id = people[0]?.id
    const [one, other] = [
      await rolled.as(admin).get<UserV1>(`/v1/users/${id}`),
      await plain.as(admin).get<UserV1>(`/v1/users/${id}`),
    ]
    expect([one.body.data, one.headers.get('etag')]).toEqual([other.body.data, other.headers.get('etag')])
    expect(Object.keys(one.body.data)).toEqual(['id', 'email', 'name', 'createdAt'])
    // Version 2 reads the roles as well.
    expect(one.costs.d1RowsRead).toBeGreaterThan(other.costs.d1RowsRead)
    // Version 2 lists who is here, version 1 who has a role.
    const [newest] = await makeCrowd(1)
    const first = async (one: typeof api) => (await read(one)).body.data[0]?.id
    expect([await first(rolled), await first(plain)]).toEqual([newest, people.at(-1)?.id])
  })
})
