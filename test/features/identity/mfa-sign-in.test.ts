import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { MfaRequired, SignedIn } from '../../../src/features/identity/schemas.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

/** A clock that stands still, in the middle of a time step, until a test moves it. */
let now = Math.floor(Date.now() / 30_000) * 30_000 + 15_000
const passwords = new PasswordHasher({ log2N: 4, r: 8, p: 1 })
const api = createApi({ clock: () => now, passwords })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)

async function makeEnrolled() {
  const person = await makePerson(api.isolate, { passwordHash })
  return { ...person, ...(await enrol(api.isolate, person.id)) }
}

const credentialsOf = ({ email }: { email: string }) => ({ email, password: FIXTURE_PASSWORD })

async function firstStep(person: { email: string }): Promise<MfaRequired> {
  const { status, body } = await api.post<MfaRequired>('/v1/auth/login', credentialsOf(person))
  expect(status, body.message).toBe(200)
  return body.data
}

const verify = (body: object) => api.post<SignedIn>('/v1/auth/mfa/verify', body)
const useBackupCode = (body: object) =>
  api.post<SignedIn & { warning: string; backupCodesLeft: number }>('/v1/auth/mfa/backup-code', body)

const told = ({ status, body }: Answer) => [status, body.code]
const lastLoginOf = (id: string) => env.DB.prepare('select last_login_at from users where id = ?').bind(id).first()

describe('signing in to an account with a second step', () => {
  it('answers a temporary token and no session, and leaves the time of the last sign-in (R8.11, R8.12)', async () => {
    const ann = await makeEnrolled()
    const { body, response } = await api.post<MfaRequired>('/v1/auth/login', {
      ...credentialsOf(ann),
      session: 'cookie',
    })
    expect(body.data).toEqual({
      requiresMfa: true,
      tempToken: expect.any(String),
      message: expect.any(String),
      methods: ['totp', 'backup-code'],
    })
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await lastLoginOf(ann.id)).toEqual({ last_login_at: null })
    expect((await api.as({ accessToken: body.data.tempToken }).get('/v1/auth/me')).status).toBe(401)
  })

  it('says the same no to an unknown, a deactivated and a mistaken caller, with MFA or without (R8.11)', async () => {
    const ann = await makeEnrolled()
    const gone = await makeEnrolled()
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(gone.id).run()
    const answers = await Promise.all([
      api.post('/v1/auth/login', { ...credentialsOf(ann), password: 'Wrong-Horse-1' }),
      api.post('/v1/auth/login', credentialsOf(gone)),
      api.post('/v1/auth/login', { email: 'nobody@people.test', password: FIXTURE_PASSWORD }),
    ])
    expect(answers.map(told)).toEqual(Array(3).fill([401, 'INVALID_CREDENTIALS']))
    expect(new Set(answers.map(({ body }) => body.message)).size).toBe(1)
  })

  it('goes on with a code of another library’s app to the same answer as any sign-in (R8.13, R8.1)', async () => {
    const ann = await makeEnrolled()
    const { tempToken } = await firstStep(ann)
    const { status, body } = await verify({ tempToken, mfaCode: codeAt(ann.secret, now) })
    expect(status, body.message).toBe(200)
    const plain = await api.post<SignedIn>(
      '/v1/auth/login',
      credentialsOf(await makePerson(api.isolate, { passwordHash })),
    )
    expect(Object.keys(body.data).toSorted()).toEqual(Object.keys(plain.body.data).toSorted())
    expect(Object.keys(body.data.user).toSorted()).toEqual(Object.keys(plain.body.data.user).toSorted())
    expect(body.data.user).toMatchObject({ id: ann.id, isEmailVerified: false })
    expect(await lastLoginOf(ann.id)).toEqual({ last_login_at: now })
    expect((await api.as(body.data).get('/v1/auth/me')).status).toBe(200)
  })

  it('takes e-mail address and password with the code too, from programs that keep no token (R8.12, R8.3)', async () => {
    const ann = await makeEnrolled()
    const mfaCode = codeAt(ann.secret, now)
    expect(told(await verify({ ...credentialsOf(ann), password: 'Wrong-Horse-1', mfaCode }))).toEqual([
      401,
      'INVALID_CREDENTIALS',
    ])
    expect((await verify({ ...credentialsOf(ann), mfaCode })).status).toBe(200)
    expect(told(await verify({ mfaCode }))).toEqual([422, 'UNPROCESSABLE'])
  })

  it('answers 400 to the right password of an account that asks for no code, and 401 to its backup code (R8.13, R8.14)', async () => {
    const ann = await makePerson(api.isolate, { passwordHash })
    expect(told(await verify({ ...credentialsOf(ann), mfaCode: '123456' }))).toEqual([400, 'MFA_NOT_ENABLED'])
    const backup = await useBackupCode({ ...credentialsOf(ann), backupCode: '0000-0000-0000-0000-0000-0000' })
    expect(told(backup)).toEqual([401, 'INVALID_CODE'])
  })
})
