import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { SteppedUp } from '../../../src/features/identity/mfa/schemas.ts'
import type { MfaRequired } from '../../../src/features/identity/schemas.ts'
import { contract } from '../../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../../src/http/cost.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { codeAt, enrol } from '../../support/mfa.ts'
import { addPasskey, PASSKEYS, secondStepBody, stepUpBody } from '../../support/passkeys.ts'
import { FIXTURE_PASSWORD, makePerson, makeSession, type TestPerson } from '../../support/people.ts'

let now = Math.floor(Date.now() / 30_000) * 30_000 + 15_000
const passwords = new PasswordHasher({ log2N: 4, r: 8, p: 1 })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)
const password = FIXTURE_PASSWORD

/** An app with one route that wants to know anew who calls. */
function createGuarded() {
  const api = createApi({ clock: () => now, passwords })
  const declared = { tag: 'Probe', limits: [], idempotency: 'off', cache: 'no-store', cost: COSTS_NOTHING } as const
  api.app.get('/v1/probe', contract('Probe', { ...declared, access: { stepUp: true }, answers: { 200: null } }), (c) =>
    c.json({ data: 'the secret' }),
  )
  return api
}
const api = createGuarded()

/** Somebody who signed in more than five minutes ago. */
async function makeStale(change?: string): Promise<TestPerson> {
  const person = await makePerson(api.isolate, { passwordHash })
  await env.DB.prepare('update sessions set created_at = ? where id = ?')
    .bind(now - 300_000, person.sessionId)
    .run()
  if (change !== undefined) await env.DB.prepare(change).bind(person.id).run()
  return person
}

const probe = (person: { accessToken: string }) => api.as(person).get('/v1/probe')
const stepUp = (person: { accessToken: string }, body: object) =>
  api.as(person).post<SteppedUp>('/v1/auth/step-up', body)
const told = ({ status, body }: Answer) => [status, body.code]

const insertPasskey = `insert into passkeys (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
  select 'key-' || id, id, 'Key', 'x', 0, '[]', 0, 0 from users where id = ?`

describe('a route that wants a fresh proof', () => {
  it.each([
    ['a password', undefined, ['password']],
    ['a password and a passkey', insertPasskey, ['password', 'passkey']],
    ['no password and nothing else', "update users set password_hash = '!' where id = ?", ['sign-in']],
  ])('tells those with %s by what to show who they are', async (_what, change, methods) => {
    const person = await makeStale(change)
    const { status, body } = await probe(person)
    expect([status, body.code, body.stepUp]).toEqual([403, 'STEP_UP_REQUIRED', { methods }])
  })

  it('tells those with a second step to show that, in both dialects of an error', async () => {
    const person = await makeStale()
    await enrol(api.isolate, person.id)
    const problem = await api.as(person).get('/v1/probe', { headers: { accept: 'application/problem+json' } })
    expect(problem.body.stepUp).toEqual({ methods: ['totp', 'backup-code'] })
    await env.DB.prepare('delete from backup_codes where user_id = ?').bind(person.id).run()
    expect((await probe(person)).body.stepUp).toEqual({ methods: ['totp'] })
  })

  it('is open for five minutes after the proof, and for this session alone', async () => {
    const person = await makeStale()
    expect(told(await probe(person))).toEqual([403, 'STEP_UP_REQUIRED'])
    const { status, body } = await stepUp(person, { password })
    expect([status, body.data]).toEqual([200, { provedAt: new Date(now).toISOString(), validForSeconds: 300 }])
    now += 299_000
    expect((await probe(person)).status).toBe(200)
    now += 2_000
    expect(told(await probe(person))).toEqual([403, 'STEP_UP_REQUIRED'])
  })

  it('opens at once in an isolate that remembers the session from before the proof', async () => {
    const person = await makeStale()
    const elsewhere = createGuarded()
    expect((await elsewhere.as(person).get('/v1/probe')).status).toBe(403)
    await stepUp(person, { password })
    expect((await elsewhere.as(person).get('/v1/probe')).status).toBe(200)
  })
})

describe('showing anew who one is', () => {
  it('is refused with a wrong password, a wrong code, and with none or two of them', async () => {
    const person = await makeStale()
    expect(told(await stepUp(person, { password: 'Wrong-Horse-1' }))).toEqual([401, 'INVALID_CREDENTIALS'])
    expect(told(await stepUp(person, { mfaCode: '123456' }))).toEqual([401, 'INVALID_CODE'])
    expect(told(await stepUp(person, {}))).toEqual([422, 'UNPROCESSABLE'])
    expect(told(await stepUp(person, { password, mfaCode: '123456' }))).toEqual([422, 'UNPROCESSABLE'])
    expect(told(await probe(person))).toEqual([403, 'STEP_UP_REQUIRED'])
  })

  it('takes more than the password where there is a second step', async () => {
    const person = await makeStale()
    const { secret, backupCodes } = await enrol(api.isolate, person.id)
    const alone = await stepUp(person, { password })
    expect([alone.status, alone.body.stepUp]).toEqual([403, { methods: ['totp', 'backup-code'] }])
    expect((await stepUp(person, { mfaCode: codeAt(secret, now) })).status).toBe(200)
    expect((await probe(person)).status).toBe(200)
    expect((await stepUp(person, { backupCode: backupCodes[0] })).status).toBe(200)
    expect(told(await stepUp(person, { backupCode: backupCodes[0] }))).toEqual([401, 'INVALID_CODE'])
  })

  it('is tried five times in a quarter of an hour, whatever with (R8.15)', async () => {
    const person = await makeStale()
    for (const body of [
      { password: 'x' },
      { mfaCode: '000000' },
      { backupCode: '00000000' },
      { password: 'y' },
      { password: 'z' },
    ]) {
      expect((await stepUp(person, body)).status).toBe(401)
    }
    const locked = await stepUp(person, { password })
    expect([...told(locked), locked.headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '900'])
    now += 900_000
    const accessToken = await api.isolate.accessTokens.sign(person.id, person.sessionId)
    expect((await stepUp({ accessToken }, { password })).status).toBe(200)
  })

  it('of a stolen session uses up its own tries: the owner steps up in theirs, and signs in by code or passkey', async () => {
    const owner = await makePerson(api.isolate, { passwordHash })
    const { device } = await addPasskey(api, owner)
    const { secret } = await enrol(api.isolate, owner.id)
    const stolen = await makeSession(api.isolate, owner.id)
    for (const path of ['step-up', 'mfa/disable', 'mfa/backup-codes/regenerate', 'step-up', 'step-up']) {
      const body = path === 'step-up' ? { mfaCode: '000000' } : { password, mfaCode: '000000' }
      expect((await api.as(stolen).post(`/v1/auth/${path}`, body)).status).toBe(401)
    }
    expect(told(await stepUp(stolen, { mfaCode: '000000' }))).toEqual([429, 'RATE_LIMITED'])
    // A passkey is no guess.
    expect((await stepUp(stolen, await stepUpBody(api, stolen, device))).status).toBe(200)

    const firstStep = async () =>
      (await api.post<MfaRequired>('/v1/auth/login', { email: owner.email, password })).body.data.tempToken
    expect((await stepUp(owner, { mfaCode: codeAt(secret, now) })).status).toBe(200)
    for (let i = 0; i < 5; i += 1) {
      const tempToken = await firstStep()
      expect((await api.post('/v1/auth/mfa/verify', { tempToken, mfaCode: '000000' })).status).toBe(401)
    }
    const passkey = await secondStepBody(api, device, await firstStep())
    expect((await api.post(`${PASSKEYS}/second-step`, passkey)).status).toBe(200)
  })

  it('fifty times at once with one code succeeds once (R8.15)', async () => {
    const person = await makeStale()
    const { secret } = await enrol(api.isolate, person.id)
    const mfaCode = codeAt(secret, now)
    const answers = await Promise.all(Array.from({ length: 50 }, () => stepUp(person, { mfaCode })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('is audited with what was shown, and no word of it', async () => {
    const person = await makeStale()
    await stepUp(person, { password })
    const { results } = await env.DB.prepare("select * from audit where action = 'STEPPED_UP' and target_id = ?")
      .bind(person.id)
      .all()
    expect(results).toMatchObject([{ actor_id: person.id, details: '{"by":"password"}' }])
  })
})
