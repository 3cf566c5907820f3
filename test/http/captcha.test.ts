import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { contract, SMALL_BODY } from '../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../src/http/cost.ts'
import { type Captcha, type CaptchaCheck, CaptchaToken } from '../../src/platform/captcha/captcha.ts'
import { newId } from '../../src/platform/ids.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { PasswordHasher } from '../../src/platform/security/password.ts'
import type { Api } from '../support/api.ts'
import { FIXTURE_PASSWORD, makePerson } from '../support/people.ts'
import { from, newAddress, strictApi } from '../support/strict-api.ts'

const passwords = new PasswordHasher({ log2N: 1, r: 1, p: 1 })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)

/** An API with a captcha that passes whoever brings `good`. */
function apiWithCaptcha(verify?: Captcha['verify']) {
  const api = strictApi({ passwords })
  const checks: CaptchaCheck[] = []
  api.isolate.captcha = {
    siteKey: 'site-key',
    verify: async (check) => {
      checks.push(check)
      return verify ? verify(check) : check.token === 'good'
    },
  }
  return { api, checks }
}

const signIn = (api: Api, address: string, email: string, given: object = {}) =>
  api.post('/v1/auth/login', { email, password: 'wrong', ...given }, from(address))
const right = { password: FIXTURE_PASSWORD }

async function failThrice(api: Api, address: string, email: string) {
  for (let n = 0; n < 3; n += 1) expect((await signIn(api, address, email)).status).toBe(401)
}

describe('a captcha at sign-in', () => {
  it('is demanded after three failures of an account and address, whoever exists, and of nobody else (R45.6, R45.11)', async () => {
    const { api, checks } = apiWithCaptcha()
    const ann = await makePerson(api.isolate, { passwordHash })
    for (const email of [ann.email, `${newId()}@people.test`]) {
      const address = newAddress()
      await failThrice(api, address, email)
      const refused = await signIn(api, address, email, right)
      expect(refused).toMatchObject({
        status: 400,
        body: { code: 'CAPTCHA_REQUIRED', errors: [{ field: 'captchaToken', message: expect.any(String) }] },
        // The limiter was asked as always, and what was taken given back after the answer.
        costs: { objectHops: 2, d1Trips: 0 },
      })
      expect((await signIn(api, newAddress(), email)).status).toBe(401)
    }
    expect(checks).toEqual([])
  })

  it('that fails is 403, one that passes lets the password be looked at (R45.6)', async () => {
    const { api, checks } = apiWithCaptcha()
    const ann = await makePerson(api.isolate, { passwordHash })
    const address = newAddress()
    await failThrice(api, address, ann.email)
    const failed = await signIn(api, address, ann.email, { ...right, captchaToken: 'bad' })
    expect(failed).toMatchObject({ status: 403, body: { code: 'CAPTCHA_FAILED' } })
    expect((await signIn(api, address, ann.email, { captchaToken: 'good' })).status).toBe(401)
    expect((await signIn(api, address, ann.email, { ...right, captchaToken: 'good' })).status).toBe(200)
    expect(checks.map(({ action, ip }) => ({ action, ip }))).toEqual(
      Array.from({ length: 3 }, () => ({ action: 'login', ip: address })),
    )
    // Success has forgotten the failures.
    expect((await signIn(api, address, ann.email, right)).status).toBe(200)
  })

  it('that is missing or fails is no try: nobody is locked out by it', async () => {
    const { api } = apiWithCaptcha()
    const ann = await makePerson(api.isolate, { passwordHash })
    const address = newAddress()
    await failThrice(api, address, ann.email)
    for (const captchaToken of [undefined, 'bad', undefined, 'bad', undefined, 'bad']) {
      expect([400, 403]).toContain((await signIn(api, address, ann.email, { captchaToken })).status)
    }
    expect((await signIn(api, address, ann.email, { captchaToken: 'good' })).status).toBe(401)
    expect((await signIn(api, address, ann.email, { captchaToken: 'good' })).status).toBe(401)
    expect((await signIn(api, address, ann.email, { ...right, captchaToken: 'good' })).status).toBe(429)
  })

  it('is demanded of an address that fails at many accounts', async () => {
    const { api } = apiWithCaptcha()
    const address = newAddress()
    for (let n = 0; n < 10; n += 1) {
      expect((await signIn(api, address, `${newId()}@people.test`)).status).toBe(401)
    }
    const refused = await signIn(api, address, `${newId()}@people.test`)
    expect(refused.body.code).toBe('CAPTCHA_REQUIRED')
  })

  it('is demanded of everybody after five failures of an account from as many addresses, whoever exists, and locks nobody out', async () => {
    const { api } = apiWithCaptcha()
    const elsewhere = apiWithCaptcha().api
    const ann = await makePerson(api.isolate, { passwordHash })
    for (const email of [ann.email, `${newId()}@people.test`]) {
      for (let n = 0; n < 5; n += 1) {
        const failed = await signIn(api, newAddress(), email)
        expect([failed.status, failed.headers.get('ratelimit')]).toEqual([401, expect.not.stringContaining('-for')])
        expect(failed.costs.objectHops).toBeLessThanOrEqual(2)
      }
      const refused = await signIn(api, newAddress(), email, right)
      expect(refused).toMatchObject({ status: 400, body: { code: 'CAPTCHA_REQUIRED' }, costs: { d1Trips: 0 } })
      expect(refused.costs.objectHops).toBeLessThanOrEqual(2)
      // Another isolate learns of it with the first failure there, and guessing goes on with a captcha only.
      expect((await signIn(elsewhere, newAddress(), email)).status).toBe(401)
      for (let n = 0; n < 12; n += 1) {
        expect((await signIn(elsewhere, newAddress(), email)).body.code).toBe('CAPTCHA_REQUIRED')
        expect((await signIn(elsewhere, newAddress(), email, { captchaToken: 'good' })).status).toBe(401)
      }
    }
    expect((await signIn(elsewhere, newAddress(), ann.email, { ...right, captchaToken: 'good' })).status).toBe(200)
    expect((await signIn(api, newAddress(), `${newId()}@people.test`)).status).toBe(401)
  })

  it('by account is no count at all where none is configured', async () => {
    const plain = strictApi({ passwords })
    const ann = await makePerson(plain.isolate, { passwordHash })
    for (let n = 0; n < 7; n += 1) {
      const failed = await signIn(plain, newAddress(), ann.email)
      expect([failed.status, failed.costs.objectHops]).toEqual([401, 1])
    }
    expect((await signIn(plain, newAddress(), ann.email, right)).status).toBe(200)
  })

  it('that cannot be checked lets nobody in, and is no try either', async () => {
    const down = () => Promise.reject(new Outage('UNAVAILABLE', { why: 'down', attempts: 2, durationMs: 1 }))
    const { api } = apiWithCaptcha(down)
    const ann = await makePerson(api.isolate, { passwordHash })
    const address = newAddress()
    await failThrice(api, address, ann.email)
    for (let n = 0; n < 4; n += 1) {
      expect((await signIn(api, address, ann.email, { ...right, captchaToken: 'good' })).status).toBe(503)
    }
  })

  it('is off where none is configured, and a token that nobody asked for is not looked at (R45.11)', async () => {
    const plain = strictApi({ passwords })
    const ann = await makePerson(plain.isolate, { passwordHash })
    const address = newAddress()
    await failThrice(plain, address, ann.email)
    expect((await signIn(plain, address, ann.email, right)).status).toBe(200)
    const { api, checks } = apiWithCaptcha()
    expect((await signIn(api, newAddress(), ann.email, { ...right, captchaToken: 'any' })).status).toBe(200)
    expect(checks).toEqual([])
  })
})

describe('a captcha at registration', () => {
  it('is demanded of an address after five in an hour (R45.11)', async () => {
    const { api, checks } = apiWithCaptcha()
    const address = newAddress()
    const register = (given: object = {}) => {
      const body = { email: `${newId()}@people.test`, password: FIXTURE_PASSWORD, firstName: 'Nell', lastName: 'New' }
      return api.post('/v1/auth/register', { ...body, ...given }, from(address))
    }
    for (let n = 0; n < 5; n += 1) expect((await register()).status).toBe(201)
    expect(await register()).toMatchObject({ status: 400, body: { code: 'CAPTCHA_REQUIRED' } })
    expect((await register({ captchaToken: 'good' })).status).toBe(201)
    expect(checks).toMatchObject([{ action: 'register', token: 'good' }])
  })
})

describe('a captcha for a mail that resets a password', () => {
  it('is demanded of an address that asks again within the minute, whoever exists (R45.11)', async () => {
    const { api, checks } = apiWithCaptcha()
    const ann = await makePerson(api.isolate, { passwordHash })
    for (const email of [ann.email, `${newId()}@people.test`]) {
      const address = newAddress()
      const ask = (given: object = {}) => api.post('/v1/auth/forgot-password', { email, ...given }, from(address))
      expect((await ask()).status).toBe(200)
      expect(await ask()).toMatchObject({ status: 400, body: { code: 'CAPTCHA_REQUIRED' } })
      expect((await ask({ captchaToken: 'good' })).status).toBe(200)
    }
    expect(checks.map(({ action }) => action)).toEqual(['forgot-password', 'forgot-password'])
  })
})

describe('a route with a captcha', () => {
  const json = z.strictObject({ captchaToken: CaptchaToken.optional() })
  const limits = [{ policy: 'register' }] as const
  const others = { access: 'public', tag: 'Test', idempotency: 'off', cache: 'no-store', answers: {} } as const
  const whole = { ...others, cost: COSTS_NOTHING, captcha: 'test', limits, bodyLimit: SMALL_BODY, json }

  it('does not start where it can never be demanded, or never be given', () => {
    expect(() => contract('Whole', whole)).not.toThrow()
    expect(() => contract('Never', { ...whole, limits: [{ policy: 'refresh' }] })).toThrow('"Never"')
    expect(() => contract('Mute', { ...whole, json: z.strictObject({}) })).toThrow('"Mute"')
  })
})

describe('a page that needs the widget', () => {
  it('learns its site key, or that there is none', async () => {
    expect((await apiWithCaptcha().api.get('/v1/auth/captcha')).body.data).toEqual({ siteKey: 'site-key' })
    expect((await strictApi().get('/v1/auth/captcha')).body.data).toEqual({ siteKey: null })
  })
})
