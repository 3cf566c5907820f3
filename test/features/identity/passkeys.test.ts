import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { MOST_PASSKEYS } from '../../../src/features/identity/passkeys/queries.ts'
import type { PasskeyCreation, PasskeyRequest, PasskeyView } from '../../../src/features/identity/passkeys/schemas.ts'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { MINUTE_MS } from '../../../src/platform/clock.ts'
import { createApi } from '../../support/api.ts'
import { type Quirks, TestAuthenticator } from '../../support/authenticator.ts'
import {
  addPasskey,
  afterFirstStep,
  PASSKEYS,
  passkeyBody,
  secondStepBody,
  signInBody,
  signInByPasskey,
  stepUpBody,
} from '../../support/passkeys.ts'
import { makePerson, makeSession } from '../../support/people.ts'

const api = createApi()

/** Somebody with a passkey, and the device that holds it. */
async function makeHolder() {
  const person = await makePerson(api.isolate)
  return { person, ...(await addPasskey(api, person)) }
}

async function actsOn(userId: string): Promise<unknown[]> {
  const { results } = await env.DB.prepare('select action from audit where target_id = ? order by at')
    .bind(userId)
    .all()
  return results.map(({ action }) => action)
}

const counterOf = (id: string) => env.DB.prepare('select counter from passkeys where id = ?').bind(id).first('counter')

describe('adding a passkey', () => {
  it('keeps its public half under a name, tells its owner, and leaves out the devices that hold one', async () => {
    const { person, device, answer } = await makeHolder()
    expect(answer.status).toBe(201)
    expect(answer.body.data).toMatchObject({ id: device.id, name: 'My laptop', isBackedUp: true, lastUsedAt: null })
    expect((await api.as(person).get<PasskeyView[]>(PASSKEYS)).body.data).toEqual([answer.body.data])
    expect(await actsOn(person.id)).toEqual(['PASSKEY_ADDED'])
    const told = await env.DB.prepare("select payload from outbox where aggregate_id = ? and type = 'account.noticed'")
      .bind(person.id)
      .first('payload')
    expect(JSON.parse(String(told))).toMatchObject({ kind: 'passkey-added', subject: 'My laptop' })

    const { options } = (await api.as(person).post<PasskeyCreation>(`${PASSKEYS}/options`)).body.data
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Selvage' },
      user: { name: person.email },
      excludeCredentials: [{ id: device.id, type: 'public-key', transports: ['internal'] }],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    // 64 bits would do: 256 are given.
    expect(options.challenge).toMatch(/^[\w-]{43}$/)
  })

  const wrong: [what: string, quirks: Quirks][] = [
    ['of another site', { origin: 'https://evil.example' }],
    ['of a site whose name ends with ours', { origin: 'http://evil-localhost:8787' }],
    ['over another scheme', { origin: 'https://localhost:8787' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['for another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['by an authenticator that has not verified its holder', { isVerified: false }],
    ['of a signature instead of a creation', { type: 'webauthn.get' }],
    ['with certificates that nobody asked for', { attestation: ['packed', new Map([['x5c', [Uint8Array.of(1)]]])] }],
    ['by a format that nobody asked for', { attestation: ['tpm', new Map()] }],
  ]
  it.each(wrong)('refuses one %s', async (_what, quirks) => {
    const person = await makePerson(api.isolate)
    const { answer } = await addPasskey(api, person, undefined, quirks)
    expect(answer).toMatchObject({ status: 422, body: { code: 'UNPROCESSABLE' } })
    expect(await actsOn(person.id)).toEqual([])
  })

  it('is done once by a challenge, by the person to whom it was given, and within five minutes', async () => {
    let now = Date.now()
    const own = createApi({ clock: () => now })
    const [ann, bob] = [await makePerson(own.isolate), await makePerson(own.isolate)]
    const body = await passkeyBody(own, ann)
    const refused = { status: 400, body: { code: 'INVALID_TOKEN' } }
    expect(await own.as(bob).post(PASSKEYS, body)).toMatchObject(refused)
    const answers = await Promise.all([1, 2, 3].map(() => own.as(ann).post(PASSKEYS, body)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
    const late = await passkeyBody(own, bob)
    // A sign-in's challenge makes no passkey.
    const other = (await own.post<PasskeyRequest>(`${PASSKEYS}/sign-in/options`)).body.data.token
    expect(await own.as(bob).post(PASSKEYS, { ...late, token: other })).toMatchObject(refused)
    now += 5 * MINUTE_MS + 1_000
    await env.DB.prepare('update sessions set proved_at = ? where user_id = ?').bind(now, bob.id).run()
    expect(await own.as(bob).post(PASSKEYS, late)).toMatchObject(refused)
  })

  it('takes one that somebody has already for a conflict, and no more than there may be', async () => {
    const { person, device } = await makeHolder()
    const again = await addPasskey(api, await makePerson(api.isolate), device)
    expect(again.answer).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    const many = Array.from({ length: MOST_PASSKEYS - 1 }, (_, i) =>
      env.DB.prepare(
        `insert into passkeys (id, user_id, name, public_key, counter, transports, is_backed_up, created_at)
         values (?, ?, 'More', 'x', 0, '[]', 0, 1)`,
      ).bind(`${person.id}-${i}`, person.id),
    )
    await env.DB.batch(many)
    expect((await addPasskey(api, person)).answer).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  })

  it('needs a fresh proof of who asks', async () => {
    let now = Date.now()
    const later = createApi({ clock: () => now })
    const person = await makePerson(later.isolate)
    now += 6 * MINUTE_MS
    expect((await later.as(person).post(`${PASSKEYS}/options`)).body.code).toBe('STEP_UP_REQUIRED')
  })
})

describe('signing in with a passkey', () => {
  it('needs no address and no password, begins a session, and notes the use', async () => {
    const { person, device } = await makeHolder()
    const answer = await signInByPasskey(api, device)
    expect(answer).toMatchObject({ status: 200, body: { data: { user: { id: person.id }, tokenType: 'Bearer' } } })
    const session = answer.body.data
    expect((await api.as(session).get('/v1/auth/me')).status).toBe(200)
    expect(await actsOn(person.id)).toEqual(['PASSKEY_ADDED', 'SIGNED_IN'])
    expect(await counterOf(device.id)).toBe(device.counter)
    const { data } = (await api.as(person).get<PasskeyView[]>(PASSKEYS)).body
    expect(data[0]?.lastUsedAt).not.toBeNull()
    const cookie = await api.post<SignedIn>(`${PASSKEYS}/sign-in`, {
      ...(await signInBody(api, device)),
      session: 'cookie',
    })
    expect(cookie.body.data.refreshToken).toBeUndefined()
    expect(cookie.headers.get('set-cookie')).toContain('__Host-selvage_refresh=')
  })

  it('is refused in one way, whatever is wrong with what was shown', async () => {
    const { person, device } = await makeHolder()
    const { device: other } = await makeHolder()
    const quirks: Quirks[] = [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      { isVerified: false },
      { userHandle: null },
      { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' },
      { type: 'webauthn.create' },
    ]
    const stranger = new TestAuthenticator()
    await stranger.create({ challenge: 'AAAA', user: { id: 'AAAA' } })
    const bodies = await Promise.all([
      ...quirks.map((quirk) => signInBody(api, device, quirk)),
      signInBody(api, stranger),
      // Signed by another key than the one that it names.
      signInBody(api, other).then(({ token, response }) => ({
        token,
        response: { ...response, id: device.id, rawId: device.id },
      })),
    ])
    for (const body of bodies) {
      const { status, body: told } = await api.post(`${PASSKEYS}/sign-in`, body)
      expect([status, told.code, told.message]).toEqual([
        401,
        'INVALID_CREDENTIALS',
        'This passkey does not sign in here',
      ])
    }
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(person.id).run()
    expect((await signInByPasskey(api, device)).body.code).toBe('INVALID_CREDENTIALS')
    expect(await actsOn(person.id)).toEqual(['PASSKEY_ADDED'])
  })

  it('takes any port of our host outside production, and only our origin in it', async () => {
    const person = await makePerson(api.isolate)
    const onAnyPort = new TestAuthenticator('http://localhost:54321')
    expect((await addPasskey(api, person, onAnyPort)).answer.status).toBe(201)
    expect((await signInByPasskey(api, onAnyPort)).status).toBe(200)
    const strict = createApi()
    strict.isolate.settings = { ...strict.isolate.settings, ENVIRONMENT: 'production' }
    expect((await signInByPasskey(strict, onAnyPort)).status).toBe(401)
    expect((await signInByPasskey(strict, onAnyPort, { origin: 'http://localhost:8787' })).status).toBe(200)
  })

  it('succeeds once by a challenge, though fifty ask at once', async () => {
    const { person, device } = await makeHolder()
    const body = await signInBody(api, device)
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post(`${PASSKEYS}/sign-in`, body)))
    const told = answers.map(({ status, body }) => (status === 200 ? '200' : body.code))
    expect(told.filter((one) => one === '200')).toHaveLength(1)
    expect(new Set(told)).toEqual(new Set(['200', 'INVALID_TOKEN']))
    // The same once more is no copy of the key.
    expect((await api.post(`${PASSKEYS}/sign-in`, body)).body.code).toBe('INVALID_TOKEN')
    expect(await actsOn(person.id)).toEqual(['PASSKEY_ADDED', 'SIGNED_IN'])
    const sessions = await env.DB.prepare('select count(*) as n from sessions where user_id = ?')
      .bind(person.id)
      .first('n')
    expect(sessions).toBe(2)
  })

  it('is refused and noted where the counter has gone back, as then there is a copy of the key', async () => {
    const { person, device } = await makeHolder()
    expect((await signInByPasskey(api, device, { counter: 10 })).status).toBe(200)
    for (const counter of [10, 9, 0]) {
      expect((await signInByPasskey(api, device, { counter })).body.code).toBe('INVALID_CREDENTIALS')
    }
    expect((await actsOn(person.id)).filter((action) => action === 'PASSKEY_COUNTER_WENT_BACK')).toHaveLength(3)
    expect(await counterOf(device.id)).toBe(10)
    expect((await signInByPasskey(api, device, { counter: 11 })).status).toBe(200)
    // Somebody without the key makes nobody look copied.
    const forged = await signInBody(api, device, { counter: 3 })
    const { signature } = (await signInBody(api, device, { counter: 12 })).response.response
    await api.post(`${PASSKEYS}/sign-in`, {
      ...forged,
      response: { ...forged.response, response: { ...forged.response.response, signature } },
    })
    expect((await actsOn(person.id)).filter((action) => action === 'PASSKEY_COUNTER_WENT_BACK')).toHaveLength(3)
  })

  it('goes on with a passkey that never counts', async () => {
    const person = await makePerson(api.isolate)
    const { device } = await addPasskey(api, person, undefined, { counter: 0 })
    for (let i = 0; i < 2; i += 1) expect((await signInByPasskey(api, device, { counter: 0 })).status).toBe(200)
  })
})

describe('a passkey instead of a code', () => {
  const PATH = `${PASSKEYS}/second-step`

  it('finishes a sign-in of two steps, once, though fifty ask at once', async () => {
    const { person, device, tempToken } = await afterFirstStep(api)
    const body = await secondStepBody(api, device, tempToken)
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.post<SignedIn>(PATH, body)))
    const good = answers.filter(({ status }) => status === 200)
    expect(good.map(({ body: { data } }) => data.user.id)).toEqual([person.id])
    expect(new Set(answers.map(({ status, body: { code } }) => (status === 200 ? '' : code)))).toEqual(
      new Set(['', 'INVALID_TOKEN']),
    )
    expect((await actsOn(person.id)).at(-1)).toBe('SIGNED_IN')
  })

  it('must be of the one who took the first step, and asks for theirs only', async () => {
    const { device, tempToken } = await afterFirstStep(api)
    const other = await afterFirstStep(api)
    const { options } = (await api.post<PasskeyRequest>(`${PATH}/options`, { tempToken })).body.data
    expect(options.allowCredentials?.map(({ id }) => id)).toEqual([device.id])
    const foreign = await secondStepBody(api, other.device, tempToken)
    expect(await api.post(PATH, foreign)).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })
    // A challenge of somebody else's second step, though signed by the right device.
    const { token } = await secondStepBody(api, other.device, other.tempToken)
    const mixed = { ...(await secondStepBody(api, device, tempToken)), token }
    expect(await api.post(PATH, mixed)).toMatchObject({ status: 400, body: { code: 'INVALID_TOKEN' } })
    expect(await api.post(`${PATH}/options`, { tempToken: 'x' })).toMatchObject({ status: 400 })
    expect((await api.post(PATH, await secondStepBody(api, device, tempToken))).status).toBe(200)
  })

  it('is not asked for after one has signed in with it, which is both steps', async () => {
    const { person, device } = await afterFirstStep(api)
    expect((await signInByPasskey(api, device)).body.data.user.id).toBe(person.id)
  })

  it('shows anew who is signed in, for that session only', async () => {
    let now = Date.now()
    const own = createApi({ clock: () => now })
    const person = await makePerson(own.isolate)
    const { device } = await addPasskey(own, person)
    now += 6 * MINUTE_MS
    const asked = await own.as(person).post(`${PASSKEYS}/options`)
    expect(asked.body).toMatchObject({ code: 'STEP_UP_REQUIRED', stepUp: { methods: ['password', 'passkey'] } })

    const other = await makeSession(own.isolate, person.id)
    const body = await stepUpBody(own, other, device)
    expect(await own.as(person).post('/v1/auth/step-up', body)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_TOKEN', errors: [{ field: 'passkey.token' }] },
    })
    const wrong = await stepUpBody(own, person, device, { isVerified: false })
    expect((await own.as(person).post('/v1/auth/step-up', wrong)).body.code).toBe('INVALID_CREDENTIALS')
    const right = await stepUpBody(own, person, device)
    expect((await own.as(person).post('/v1/auth/step-up', right)).status).toBe(200)
    expect((await own.as(person).post('/v1/auth/step-up', right)).body.code).toBe('INVALID_TOKEN')
    expect((await own.as(person).post(`${PASSKEYS}/options`)).status).toBe(200)
  })

  it('is asked of nobody who has none', async () => {
    const person = await makePerson(api.isolate)
    expect((await api.as(person).post(`${PASSKEYS}/step-up/options`)).status).toBe(409)
  })
})

describe('a passkey', () => {
  it('is renamed and removed by its owner and nobody else', async () => {
    const { person, device } = await makeHolder()
    const stranger = await makePerson(api.isolate)
    const path = `${PASSKEYS}/${device.id}`
    expect((await api.as(stranger).patch(path, { name: 'Mine' })).status).toBe(404)
    expect((await api.as(stranger).delete(path)).status).toBe(404)
    expect((await api.as(person).patch(path, { name: 'Phone' })).status).toBe(200)
    expect((await api.as(person).get<PasskeyView[]>(PASSKEYS)).body.data).toMatchObject([{ name: 'Phone' }])
    const gone = await Promise.all([1, 2].map(() => api.as(person).delete(path)))
    expect(gone.map(({ status }) => status)).toContain(204)
    expect((await signInByPasskey(api, device)).status).toBe(401)
    expect((await actsOn(person.id)).filter((action) => action === 'PASSKEY_REMOVED')).toHaveLength(1)
  })

  it('stays where it is the only way in, of two that go at once too', async () => {
    const person = await makePerson(api.isolate, { passwordHash: '!' })
    const [{ device: one }, { device: two }] = [await addPasskey(api, person), await addPasskey(api, person)]
    const answers = await Promise.all([one, two].map(({ id }) => api.as(person).delete(`${PASSKEYS}/${id}`)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409])
    const [left, ...more] = (await api.as(person).get<PasskeyView[]>(PASSKEYS)).body.data
    expect(more).toEqual([])
    // An account elsewhere is a way in while its provider is configured.
    const linked = 'insert into linked_identities (provider, subject, user_id, created_at) values (?1, ?2, ?2, 1)'
    await env.DB.prepare(linked).bind('gone', person.id).run()
    expect((await api.as(person).delete(`${PASSKEYS}/${left?.id}`)).status).toBe(409)
    await env.DB.prepare(linked).bind('github', person.id).run()
    expect((await api.as(person).delete(`${PASSKEYS}/${left?.id}`)).status).toBe(204)
  })

  it('is not removed without a fresh proof', async () => {
    let now = Date.now()
    const later = createApi({ clock: () => now })
    const person = await makePerson(later.isolate)
    const { device } = await addPasskey(later, person)
    now += 6 * MINUTE_MS
    expect((await later.as(person).delete(`${PASSKEYS}/${device.id}`)).body.code).toBe('STEP_UP_REQUIRED')
  })
})
