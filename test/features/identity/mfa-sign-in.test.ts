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

const tokenFor = async (person: { email: string }) => ({ tempToken: (await firstStep(person)).tempToken })
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
    expect(body.data.user).toMatchObject({ id: ann.id, isEmailVerified: true })
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

describe('a code', () => {
  it('is taken one step early or late, and not two (R8.4)', async () => {
    const ann = await makeEnrolled()
    const tries: [steps: number, status: number][] = [
      [-2, 401],
      [2, 401],
      [-1, 200],
      [1, 200],
    ]
    for (const [steps, status] of tries) {
      const { tempToken } = await firstStep(ann)
      expect((await verify({ tempToken, mfaCode: codeAt(ann.secret, now, steps) })).status, `${steps}`).toBe(status)
    }
  })

  it('is good once, and with it all older ones are used up, for every way in (R8.15)', async () => {
    const ann = await makeEnrolled()
    const { tempToken } = await firstStep(ann)
    expect((await verify({ tempToken, mfaCode: codeAt(ann.secret, now) })).status).toBe(200)
    for (const steps of [0, -1]) {
      const again = await verify({ ...(await tokenFor(ann)), mfaCode: codeAt(ann.secret, now, steps) })
      expect(told(again)).toEqual([401, 'INVALID_CODE'])
    }
    expect(told(await api.as(ann).post('/v1/auth/step-up', { mfaCode: codeAt(ann.secret, now) }))).toEqual([
      401,
      'INVALID_CODE',
    ])
  })

  it('is digits only, six of them (R8.3)', async () => {
    for (const mfaCode of ['12345', '1234567', '12345a', '１２３４５６', ' 12345']) {
      const { status, body } = await verify({ tempToken: 'x', mfaCode })
      expect([status, body.errors?.[0]?.field]).toEqual([400, 'mfaCode'])
    }
  })
})

describe('a temporary token', () => {
  it('used fifty times at once with codes that are all right signs in once (R8.12, R8.15)', async () => {
    const ann = await makeEnrolled()
    const { tempToken } = await firstStep(ann)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const backupCode = ann.backupCodes[n % 10]
        return n % 11 === 0
          ? verify({ tempToken, mfaCode: codeAt(ann.secret, now) })
          : useBackupCode({ tempToken, backupCode })
      }),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.every(({ status }) => [200, 400, 401, 429].includes(status))).toBe(true)
    const rows = (sql: string) => env.DB.prepare(`select count(*) as n from ${sql}`).bind(ann.id).first<number>('n')
    expect(await rows('sessions where user_id = ?')).toBe(2)
    const used = (await rows('backup_codes where user_id = ? and used_at is not null')) ?? 0
    const stepped = (await rows('totp_secrets where user_id = ? and last_step > 0')) ?? 0
    // What lost has used nothing up.
    expect(used + stepped).toBe(1)
  })

  it('is good once, also with a code that is still good (R8.12)', async () => {
    const ann = await makeEnrolled()
    const { tempToken } = await firstStep(ann)
    expect((await verify({ tempToken, mfaCode: codeAt(ann.secret, now) })).status).toBe(200)
    const again = await verify({ tempToken, mfaCode: codeAt(ann.secret, now, 1) })
    expect(told(again)).toEqual([400, 'INVALID_TOKEN'])
  })

  it('lives five minutes (R8.12)', async () => {
    const ann = await makeEnrolled()
    const [early, late] = [await firstStep(ann), await firstStep(ann)]
    const begun = now
    now += 299_000
    expect((await verify({ tempToken: early.tempToken, mfaCode: codeAt(ann.secret, now) })).status).toBe(200)
    now = begun + 301_000
    const refused = await verify({ tempToken: late.tempToken, mfaCode: codeAt(ann.secret, now, 1) })
    expect(told(refused)).toEqual([400, 'INVALID_TOKEN'])
  })

  it.each([
    ['the password was changed', 'update users set password_changed_at = 1 where id = ?'],
    ['the account was deactivated', 'update users set is_active = 0 where id = ?'],
    ['the second step was switched off', 'update users set mfa_enabled_at = null where id = ?'],
  ])('is worth nothing after %s', async (_what, change) => {
    const ann = await makeEnrolled()
    const { tempToken } = await firstStep(ann)
    await env.DB.prepare(change).bind(ann.id).run()
    expect(told(await verify({ tempToken, mfaCode: codeAt(ann.secret, now) }))).toEqual([400, 'INVALID_TOKEN'])
  })
})

describe('tries of the second step', () => {
  it('are five in a quarter of an hour over all tokens and addresses, then 429 with Retry-After (R8.15)', async () => {
    const ann = await makeEnrolled()
    const attempt = async (mfaCode: string, address: string) => {
      const { tempToken } = await firstStep(ann)
      return api.post('/v1/auth/mfa/verify', { tempToken, mfaCode }, { headers: { 'cf-connecting-ip': address } })
    }
    for (const n of [1, 2, 3, 4, 5])
      expect(told(await attempt('000000', `192.0.2.${n}`))).toEqual([401, 'INVALID_CODE'])
    now += 60_000
    const locked = await attempt(codeAt(ann.secret, now), '192.0.2.6')
    expect(told(locked)).toEqual([429, 'RATE_LIMITED'])
    expect(locked.headers.get('retry-after')).toBe('840')
    // Who is signed in has tries of their own.
    expect((await api.as(ann).post('/v1/auth/step-up', { mfaCode: '000000' })).status).toBe(401)
    now += 840_000
    expect((await attempt(codeAt(ann.secret, now), '192.0.2.7')).status).toBe(200)
  })

  it('are forgotten with a success (R8.15)', async () => {
    const ann = await makeEnrolled()
    for (const round of [0, 1]) {
      for (const _ of [1, 2, 3, 4]) {
        const { tempToken } = await firstStep(ann)
        expect((await verify({ tempToken, mfaCode: '000000' })).status).toBe(401)
      }
      const { tempToken } = await firstStep(ann)
      expect((await verify({ tempToken, mfaCode: codeAt(ann.secret, now, round) })).status).toBe(200)
    }
  })

  it('fifty at once look at five codes (R8.15)', async () => {
    const ann = await makeEnrolled()
    const { tempToken } = await firstStep(ann)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        api.post(
          '/v1/auth/mfa/verify',
          { tempToken, mfaCode: String(n).padStart(6, '0') },
          { headers: { 'cf-connecting-ip': `198.51.100.${n}` } },
        ),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(45)
  })
})

describe('a backup code', () => {
  it('signs in once, tells how many are left, and advises to make new ones (R8.14, R8.8)', async () => {
    const ann = await makeEnrolled()
    const [code = '', other = ''] = ann.backupCodes
    const { tempToken } = await firstStep(ann)
    const { status, body } = await useBackupCode({ tempToken, backupCode: code })
    expect([status, body.data.backupCodesLeft]).toEqual([200, 9])
    expect(body.data.warning).toMatch(/9 are left: make new ones/)
    expect(body.data).toMatchObject({ user: { id: ann.id }, tokenType: 'Bearer', refreshToken: expect.any(String) })
    expect(await lastLoginOf(ann.id)).toEqual({ last_login_at: now })
    expect(told(await useBackupCode({ ...credentialsOf(ann), backupCode: code }))).toEqual([401, 'INVALID_CODE'])
    // As somebody types it from paper.
    const typed = ` ${other.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `
    expect((await useBackupCode({ ...credentialsOf(ann), backupCode: typed })).body.data.backupCodesLeft).toBe(8)
  })

  it('used fifty times at once signs in once (R8.8)', async () => {
    const ann = await makeEnrolled()
    const [backupCode] = ann.backupCodes
    // Each by a sign-in of its own, from an address of its own.
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        api.post(
          '/v1/auth/mfa/backup-code',
          { ...credentialsOf(ann), backupCode },
          { headers: { 'cf-connecting-ip': `203.0.113.${n}` } },
        ),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const used = env.DB.prepare('select count(*) as n from backup_codes where user_id = ? and used_at is not null')
    expect(await used.bind(ann.id).first('n')).toBe(1)
  })

  it('is nobody else’s, and not good with a wrong password (R8.14)', async () => {
    const [ann, bob] = [await makeEnrolled(), await makeEnrolled()]
    const [backupCode] = ann.backupCodes
    expect(told(await useBackupCode({ ...credentialsOf(bob), backupCode }))).toEqual([401, 'INVALID_CODE'])
    const wrong = await useBackupCode({ ...credentialsOf(ann), password: 'Wrong-Horse-1', backupCode })
    expect(told(wrong)).toEqual([401, 'INVALID_CREDENTIALS'])
  })

  it('is audited, and its owner is told by mail (R8.19)', async () => {
    const ann = await makeEnrolled()
    await useBackupCode({ ...credentialsOf(ann), backupCode: ann.backupCodes[0] })
    const acts = await env.DB.prepare('select action from audit where target_id = ?').bind(ann.id).all()
    expect(acts.results.map(({ action }) => action)).toEqual(['BACKUP_CODE_USED', 'SIGNED_IN'])
    const event = env.DB.prepare('select payload from outbox where aggregate_id = ?').bind(ann.id)
    expect(JSON.parse((await event.first<string>('payload')) ?? '')).toMatchObject({ kind: 'backup-code-used' })
  })
})
