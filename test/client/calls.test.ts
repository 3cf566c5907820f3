import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type ApiError, type Client, createClient } from '../../src/client/index.ts'
import { type ClientWorld, openClientWorld } from '../support/node/client-world.ts'
import { testSettings } from '../support/test-settings.ts'

const PASSWORD = 'Woven-edge-7'

let world: ClientWorld
/** Over the wire. */
let ann: Client
let bob: Client

beforeAll(async () => {
  world = await openClientWorld()
  ann = await world.enter('ann', world.wired)
  bob = await world.enter('bob')
})
afterAll(() => world?.close())
afterEach(() => vi.restoreAllMocks())

const refused = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => expect.unreachable('it was not refused'),
    (error) => error,
  )

/** Every request that is made: its path, and what one of its headers says. */
function watch(header: string): [path: string, value: string | null][] {
  const seen: [string, string | null][] = []
  const real = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    seen.push([new URL(String(input)).pathname, new Headers(init?.headers).get(header)])
    return real(input, init)
  })
  return seen
}

describe('a call whose answer is lost', () => {
  it('is made again with the same key where that is safe, and has one effect', async () => {
    const requests = watch('idempotency-key')
    world.wire.loseNextAnswer()
    const room = await ann.rooms.create({ name: 'Once', memberIds: [] })
    const key = expect.stringMatching(/^[\da-f-]{36}$/)
    expect(requests).toEqual(Array.from({ length: 2 }, () => ['/v1/chat/rooms', key]))
    expect(requests[1]).toEqual(requests[0])
    const { items } = await ann.rooms.list()
    expect(items.filter(({ name }) => name === 'Once').map(({ id }) => id)).toEqual([room.id])
  })

  it('is not made again where that would do it twice: the error says that nobody knows', async () => {
    const room = await ann.rooms.create({ name: 'Door', memberIds: [] })
    world.wire.loseNextAnswer()
    const error = await refused(ann.rooms.invite(room.id, {}))
    expect(error).toMatchObject({ name: 'ApiError', code: 'NETWORK_ERROR', status: 0, isUnanswered: true })
    expect((await ann.rooms.invites(room.id)).items).toHaveLength(1)
  })

  it('has taken away what the second try does not find', async () => {
    const room = await ann.rooms.create({ name: 'Gone', memberIds: [] })
    const { id } = await ann.rooms.invite(room.id)
    world.wire.loseNextAnswer()
    await ann.rooms.revokeInvite(room.id, id)
    expect((await refused(ann.rooms.revokeInvite(room.id, id))).code).toBe('NOT_FOUND')
  })
})

describe('users of version 2', () => {
  it('are listed page by page for who decides on access, each once (R3.3)', async () => {
    const { BOOTSTRAP_ADMIN_EMAIL: email = '', BOOTSTRAP_ADMIN_PASSWORD: password = '' } = testSettings()
    const admin = createClient({ baseUrl: world.system.url.origin, session: 'body' })
    await admin.auth.login({ email, password })
    const seen: string[] = []
    let cursor: string | null | undefined
    for (let pages = 0; pages < 20 && cursor !== null; pages += 1) {
      const page = await admin.access.members({ limit: 1, cursor })
      expect(page.items.length).toBeLessThanOrEqual(1)
      seen.push(...page.items.map(({ lastName, firstName }) => `${firstName} ${lastName}`))
      cursor = page.nextCursor
    }
    expect(seen.filter((name) => name === 'ann Tester' || name === 'bob Tester').toSorted()).toEqual([
      'ann Tester',
      'bob Tester',
    ])
    const found = await admin.access.members({ search: 'bob' })
    expect(found.items.map(({ firstName }) => firstName)).toEqual(['bob'])
    admin.close()
  })

  it('are changed by the tag of what was read; an old one is refused', async () => {
    const id = bob.user?.id ?? ''
    const before = await bob.directory.get(id)
    const after = await bob.directory.change(id, before.etag, { lastName: 'Weaver' })
    expect([after.value.lastName, after.etag === before.etag]).toEqual(['Weaver', false])
    expect(await refused(bob.directory.change(id, before.etag, { lastName: 'Tester' }))).toMatchObject({
      status: 412,
      code: 'PRECONDITION_FAILED',
    })
    await bob.directory.change(id, after.etag, { lastName: 'Tester' })
    const profile = await bob.directory.profile(id)
    const { value } = await bob.directory.changeProfile(id, profile.etag, { bio: 'Weaves.' })
    expect(value.bio).toBe('Weaves.')
    expect((await refused(bob.directory.replaceProfile(id, profile.etag, { ...ADA, bio: null }))).status).toBe(412)
  })
})

const ADA = { firstName: 'Ada', lastName: 'Tester', avatar: null, phone: null, address: null }

describe('a session', () => {
  it('is renewed once for many calls that are refused at the same time', async () => {
    const carl = await world.enter('carl')
    const seen = breakToken()
    const answers = await Promise.all(Array.from({ length: 10 }, () => carl.auth.me()))
    expect(answers.map(({ username }) => username)).toEqual(Array.from({ length: 10 }, () => 'carl'))
    expect(seen).toMatchObject({ refused: 10, renewals: 1 })
  })

  it('is neither renewed nor used for signing in: a wrong password is tried once, and who was in stays', async () => {
    const requests = watch('authorization')
    const error = await refused(bob.auth.login({ email: 'bob@people.test', password: 'Not-the-1-password' }))
    expect([error.code, requests]).toEqual(['INVALID_CREDENTIALS', [['/v1/auth/login', null]]])
    expect(bob.user?.username).toBe('bob')
  })

  it('survives that the answer to its renewal is lost', async () => {
    const kept: (string | null)[] = []
    const first = createClient({ baseUrl: world.wired, session: 'body', onRefreshToken: (token) => kept.push(token) })
    await first.auth.login({ email: 'ann@people.test', password: PASSWORD })
    world.wire.loseNextAnswer()
    expect(await first.restore()).toMatchObject({ username: 'ann' })
    expect(await first.restore()).toMatchObject({ username: 'ann' })
    expect(kept).toHaveLength(3)
    const later = createClient({ baseUrl: world.wired, session: 'body', refreshToken: kept[2] ?? '' })
    expect(await later.restore()).toMatchObject({ username: 'ann' })
  })

  it('is over when the server says so: whoever listens is told, also where another listener fails', async () => {
    const here = createClient({ baseUrl: world.system.url.origin, session: 'body' })
    await here.auth.login({ email: 'bob@people.test', password: PASSWORD })
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {})
    const users: (string | undefined)[] = []
    here.onUserChange(() => {
      throw new Error('The listener of this test fails')
    })
    here.onUserChange((user) => users.push(user?.username))
    const elsewhere = createClient({ baseUrl: world.system.url.origin, session: 'body' })
    await elsewhere.auth.login({ email: 'bob@people.test', password: PASSWORD })
    const sessions = await elsewhere.auth.sessions()
    for (const { id, current } of sessions) if (!current) await elsewhere.auth.endSession(id)
    expect((await refused(here.auth.me())).code).toBe('UNAUTHENTICATED')
    expect([here.user, users]).toEqual([null, [undefined]])
    expect(complaint).toHaveBeenCalledOnce()
    await bob.auth.login({ email: 'bob@people.test', password: PASSWORD })
  })
})

describe('a refusal', () => {
  it('for being too many is waited out while that is short, and handed over with its time where it is long', async () => {
    const room = await ann.rooms.create({ name: 'Slow', memberIds: [bob.user?.id ?? ''], slowModeSeconds: 1 })
    await bob.messages.post(room.id, { content: 'one' })
    expect(await bob.messages.post(room.id, { content: 'two' })).toMatchObject({ content: 'two' })
    await ann.rooms.update(room.id, { slowModeSeconds: 600 })
    const error = await refused(bob.messages.post(room.id, { content: 'three' }))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(error.retryAfterSeconds).toBeGreaterThan(590)
    const texts = (await ann.messages.list(room.id)).items.map(({ content }) => content)
    expect(texts).toEqual(['one', 'two'])
  })

  it('is always an ApiError: with the fields, or why no answer came', async () => {
    const unknown = '01890000-0000-7000-8000-000000000000'
    const invalid = await refused(ann.rooms.create({ name: '', memberIds: ['nobody'] }))
    expect(invalid).toMatchObject({ name: 'ApiError', status: 400, code: 'VALIDATION_FAILED', mayBeDone: false })
    expect(invalid.fields.map(({ field }) => field)).toEqual(['name', 'memberIds.0'])
    expect(invalid.correlationId).toMatch(/./)
    expect(await refused(ann.rooms.get(unknown))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await refused(ann.auth.me({ signal: AbortSignal.abort() }))).toMatchObject({ status: 0, code: 'ABORTED' })
    const stop = new AbortController()
    const stopped = refused(ann.auth.me({ signal: stop.signal }))
    stop.abort()
    expect((await stopped).code).toBe('ABORTED')
    world.wire.cut()
    const offline = await refused(ann.people.search('ann'))
    world.wire.mend()
    expect(offline).toMatchObject({ status: 0, code: 'NETWORK_ERROR', isUnanswered: true })
  })

  it('is what the types say: neither path, part nor code that the API has not', async () => {
    const health = await bob.call('GET', '/health')
    expect(health.data.checks.core.status satisfies 'up' | 'down').toBe('up')
    expect(health.meta.requestId).toMatch(/./)
    const wrong = () => [
      // @ts-expect-error There is no such path.
      bob.call('GET', '/v1/nothing'),
      // @ts-expect-error It wants the room's id.
      bob.call('GET', '/v1/chat/rooms/{id}'),
      // @ts-expect-error A room has no colour.
      bob.call('PATCH', '/v1/chat/rooms/{id}', { params: { id: '' }, body: { colour: 'red' } }),
      // @ts-expect-error The list is no single room.
      bob.call('GET', '/v1/chat/rooms').then(({ data }) => data.name),
      // @ts-expect-error The list of codes is closed.
      refused(bob.auth.me()).then(({ code }) => code === 'TEAPOT'),
    ]
    expect(wrong).toBeTypeOf('function')
  })
})

/** From now on the server does not take the token that is used next, however often, but takes its successors. */
function breakToken(): { refused: number; renewals: number } {
  const seen = { refused: 0, renewals: 0 }
  let broken = ''
  const real = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const headers = new Headers(init?.headers)
    if (String(input).endsWith('/v1/auth/refresh')) seen.renewals += 1
    const token = headers.get('authorization') ?? ''
    broken ||= token
    if (token !== '' && token === broken) {
      seen.refused += 1
      headers.set('authorization', 'Bearer broken')
    }
    return real(input, { ...init, headers })
  })
  return seen
}
