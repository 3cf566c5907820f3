import { afterEach, expect, it, vi } from 'vitest'
import { ApiError } from '../../src/client/api-error.ts'
import { createClient } from '../../src/client/client.ts'

type Sent = { path: string; body: unknown; authorization: string | null }

/** A server that gives these answers, one after the other, and keeps what it was asked. */
function answering(...answers: [status: number, body: object][]): Sent[] {
  const sent: Sent[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const headers = new Headers(init?.headers)
    sent.push({
      path: new URL(String(input)).pathname,
      body: init?.body ? JSON.parse(String(init.body)) : undefined,
      authorization: headers.get('authorization'),
    })
    const [status, body] = answers.shift() ?? [
      500,
      { success: false, code: 'INTERNAL_ERROR', message: 'No answer left' },
    ]
    return Response.json(body, { status })
  })
  return sent
}

const ok = (data: object): [number, object] => [200, { success: true, data, meta: {}, path: '/' }]
const refused = (status: number, code: string, more = {}): [number, object] => [
  status,
  { success: false, code, message: code, ...more },
]
const stepUp = { methods: ['totp', 'backup-code'] }
const setup = { secret: 'S', uri: 'otpauth://x', qrCode: 'data:', backupCodes: null }
const user = { id: '1' }
const grant = { user, accessToken: 'access', refreshToken: 'refresh', expiresIn: 900, tokenType: 'Bearer' }

const open = (onStepUp?: (asked: unknown) => Promise<boolean>) =>
  createClient({ baseUrl: 'https://api.test', session: 'body', ...(onStepUp ? { onStepUp } : {}) })

afterEach(() => vi.restoreAllMocks())

it('a call that wants a fresh proof asks for what the server names, and is made again after it', async () => {
  const sent = answering(refused(403, 'STEP_UP_REQUIRED', { stepUp }), ok(setup))
  const onStepUp = vi.fn(async () => true)
  expect(await open(onStepUp).mfa.setUp()).toEqual(setup)
  expect(onStepUp.mock.calls).toEqual([[stepUp]])
  expect(sent.map(({ path }) => path)).toEqual(['/v1/auth/mfa/setup', '/v1/auth/mfa/setup'])
})

it('is refused to whoever does not show it, and asked once: a second refusal stands', async () => {
  answering(refused(403, 'STEP_UP_REQUIRED', { stepUp }))
  await expect(open(async () => false).mfa.setUp()).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED', stepUp })
  const again = refused(403, 'STEP_UP_REQUIRED', { stepUp })
  const sent = answering(again, again)
  await expect(open(async () => true).mfa.setUp()).rejects.toBeInstanceOf(ApiError)
  expect(sent).toHaveLength(2)
})

it('a proof that is refused asks for no proof', async () => {
  const sent = answering(refused(403, 'STEP_UP_REQUIRED', { stepUp }))
  const onStepUp = vi.fn(async () => true)
  await expect(open(onStepUp).auth.stepUp({ password: 'x' })).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
  expect([sent.length, onStepUp.mock.calls.length]).toEqual([1, 0])
})

it('a sign-in with two steps holds nobody until the second', async () => {
  const required = { requiresMfa: true, tempToken: 't', message: 'm', methods: ['totp'] }
  const sent = answering(ok(required), refused(401, 'INVALID_CODE'), ok(grant))
  const client = open()
  expect(await client.auth.login({ email: 'a@b.c', password: 'p' })).toEqual(required)
  await expect(client.auth.verifyMfa({ tempToken: 't', mfaCode: '000000' })).rejects.toMatchObject({
    code: 'INVALID_CODE',
  })
  expect(client.user).toBeNull()
  expect(await client.auth.verifyMfa({ tempToken: 't', mfaCode: '123456' })).toEqual(user)
  expect(client.user).toEqual(user)
  expect(sent[2]?.body).toEqual({ tempToken: 't', mfaCode: '123456', session: 'body' })
  client.close()
})

it('a wrong code of somebody who is signed in is sent once: a new token would not make it right', async () => {
  const sent = answering(ok(grant), refused(401, 'INVALID_CODE'))
  const client = open()
  await client.auth.login({ email: 'a@b.c', password: 'p' })
  await expect(client.mfa.enable('000000')).rejects.toMatchObject({ code: 'INVALID_CODE' })
  expect(sent.map(({ path }) => path)).toEqual(['/v1/auth/login', '/v1/auth/mfa/enable'])
  expect(sent[1]?.authorization).toBe('Bearer access')
  client.close()
})
