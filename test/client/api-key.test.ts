import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type ApiError, type Client, createClient } from '../../src/client/index.ts'
import { type ClientWorld, openClientWorld } from '../support/node/client-world.ts'

let world: ClientWorld
let ann: Client
let made: { id: string; key: string }

beforeAll(async () => {
  world = await openClientWorld()
  ann = await world.enter('ann')
  await (await world.system.database()).prepare('update users set is_email_verified = 1').bind().run()
  made = await ann.apiKeys.create({ name: 'Program', scopes: ['read', 'write'], expiresInDays: 30 })
})
afterAll(() => world?.close())
afterEach(() => vi.restoreAllMocks())

const refused = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => expect.unreachable('it was not refused'),
    (error) => error,
  )

/** Every request that is made: its path, its token and its key of idempotency. */
function watch(): (string | null)[][] {
  const seen: (string | null)[][] = []
  const real = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const headers = new Headers(init?.headers)
    seen.push([new URL(String(input)).pathname, headers.get('authorization'), headers.get('idempotency-key')])
    return real(input, init)
  })
  return seen
}

it('a program calls by its key and nothing else, and what it repeats after a lost answer has one effect', async () => {
  const program = createClient({ baseUrl: world.wired, apiKey: made.key })
  const requests = watch()
  world.wire.loseNextAnswer()
  const room = await program.rooms.create({ name: 'By a program', memberIds: [] })
  const once = ['/v1/chat/rooms', `Bearer ${made.key}`, expect.stringMatching(/^[\da-f-]{36}$/)]
  expect(requests).toEqual([once, once])
  expect(requests[0]).toEqual(requests[1])
  expect((await ann.rooms.list()).items.map(({ id }) => id)).toEqual([room.id])
  expect((await program.messages.post(room.id, { content: 'hello' })).content).toBe('hello')
  program.close()
})

it('a key that is no good ends in one refusal that says so, without a renewal', async () => {
  const { id, key } = await ann.apiKeys.create({ name: 'Gone', scopes: ['read'], expiresInDays: 1 })
  const program = createClient({ baseUrl: world.system.url.origin, apiKey: key })
  expect(await refused(program.rooms.create({ name: 'No', memberIds: [] }))).toMatchObject({ code: 'FORBIDDEN' })
  await ann.apiKeys.revoke(id)
  const requests = watch()
  const told = await refused(program.rooms.list())
  expect(told).toMatchObject({ name: 'ApiError', status: 401, code: 'UNAUTHENTICATED' })
  expect(requests.map(([path]) => path)).toEqual(['/v1/chat/rooms'])
  for (const apiKey of ['', `${key} `, 'slv_short', 'eyJhbGciOi']) {
    expect(() => createClient({ baseUrl: world.system.url.origin, apiKey })).toThrow(TypeError)
  }
})

it('what needs a session is refused by name: sockets by the client, the account by the API', async () => {
  const program = createClient({ baseUrl: world.system.url.origin, apiKey: made.key })
  const needsSession = expect.objectContaining({ name: 'ApiError', status: 403, code: 'SESSION_REQUIRED' })
  const requests = watch()
  // @ts-expect-error A key opens no socket.
  expect(() => program.openRoom('id', { onEvent: () => {} })).toThrow(needsSession)
  // @ts-expect-error Nor this one.
  expect(() => program.openUserSocket({ onEvent: () => {} })).toThrow(needsSession)
  expect(requests).toEqual([])
  expect(await refused(program.call('POST', '/v1/ws-tickets'))).toEqual(needsSession)
  expect(await refused(program.call('GET', '/v1/auth/me'))).toEqual(needsSession)
  // @ts-expect-error There is nobody to sign in.
  expect(program.auth).toBeUndefined()
})
