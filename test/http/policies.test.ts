import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { SignedIn } from '../../src/features/identity/schemas.ts'
import { currentCall } from '../../src/platform/call.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Rule } from '../../src/platform/rate-limit/limiter.ts'
import { POLICIES, type PolicyName, policyOf, scaledRule } from '../../src/platform/rate-limit/policies.ts'
import { PasswordHasher } from '../../src/platform/security/password.ts'
import type { Api } from '../support/api.ts'
import { FIXTURE_PASSWORD, makePerson } from '../support/people.ts'
import { apiWithLimiter, from, LIMITER_FAILURES, newAddress, strictApi } from '../support/strict-api.ts'

const inWindow = (limit: number, windowMs: number): Rule => ({ algorithm: 'sliding-window', limit, windowMs })
const tenAndOneASecond: Rule = { algorithm: 'token-bucket', capacity: 10, refillPerSecond: 1 }
const thirtyAndTenASecond: Rule = { algorithm: 'token-bucket', capacity: 30, refillPerSecond: 10 }

const figures: [PolicyName, { rule: Rule; by: string; exact: boolean; onOutage: string }][] = [
  ['anonymous', { rule: inWindow(60, MINUTE_MS), by: 'address', exact: false, onOutage: 'local' }],
  ['free', { rule: inWindow(100, MINUTE_MS), by: 'user', exact: false, onOutage: 'local' }],
  ['basic', { rule: inWindow(1_000, MINUTE_MS), by: 'user', exact: false, onOutage: 'local' }],
  ['premium', { rule: inWindow(10_000, MINUTE_MS), by: 'user', exact: false, onOutage: 'local' }],
  ['enterprise', { rule: inWindow(100_000, MINUTE_MS), by: 'user', exact: false, onOutage: 'local' }],
  ['api-key', { rule: inWindow(600, MINUTE_MS), by: 'user', exact: false, onOutage: 'local' }],
  ['credentials', { rule: inWindow(30, HOUR_MS), by: 'user', exact: true, onOutage: 'local' }],
  ['data', { rule: inWindow(100, MINUTE_MS), by: 'caller', exact: false, onOutage: 'local' }],
  ['expensive', { rule: inWindow(5, MINUTE_MS), by: 'caller', exact: true, onOutage: 'local' }],
  ['sockets', { rule: tenAndOneASecond, by: 'caller', exact: true, onOutage: 'local' }],
  ['reports', { rule: inWindow(20, HOUR_MS), by: 'user', exact: false, onOutage: 'local' }],
  ['room-commands', { rule: thirtyAndTenASecond, by: 'user', exact: false, onOutage: 'local' }],
  ['sign-in', { rule: inWindow(30, MINUTE_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['register', { rule: inWindow(20, HOUR_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['refresh', { rule: inWindow(60, MINUTE_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['failed-sign-ins', { rule: inWindow(5, 15 * MINUTE_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['failed-sign-ins-of-address', { rule: inWindow(50, HOUR_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['failed-sign-ins-for', { rule: inWindow(10, HOUR_MS), by: 'mail-address', exact: false, onOutage: 'local' }],
  ['forgot-password', { rule: inWindow(3, MINUTE_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['forgot-password-for', { rule: inWindow(3, MINUTE_MS), by: 'mail-address', exact: true, onOutage: 'closed' }],
  ['resend-verification', { rule: inWindow(3, 5 * MINUTE_MS), by: 'address', exact: true, onOutage: 'closed' }],
  [
    'resend-verification-for',
    { rule: inWindow(3, 5 * MINUTE_MS), by: 'mail-address', exact: true, onOutage: 'closed' },
  ],
  ['mailed-tokens', { rule: inWindow(3, MINUTE_MS), by: 'address', exact: true, onOutage: 'closed' }],
  ['own-password', { rule: inWindow(5, 15 * MINUTE_MS), by: 'user', exact: true, onOutage: 'closed' }],
  ['change-email', { rule: inWindow(3, 5 * MINUTE_MS), by: 'user', exact: true, onOutage: 'closed' }],
]

describe('a policy', () => {
  it.each(figures)('has the figures that were agreed on: %s (R46.1, R46.3, R46.4)', (name, agreed) => {
    expect(policyOf(name)).toMatchObject(agreed)
    expect(scaledRule(policyOf(name), 1)).toEqual(agreed.rule)
  })

  it('is in the table above, whichever it is', () => {
    expect(figures.map(([name]) => name)).toEqual(Object.keys(POLICIES))
  })

  it('counts each route by itself, locks out and forgets only where that was agreed on (R46.3, R7.13)', () => {
    const names = (has: (name: PolicyName) => unknown) => figures.map(([name]) => name).filter(has)
    expect(names((name) => policyOf(name).perRoute)).toEqual(['data', 'expensive', 'mailed-tokens'])
    expect(names((name) => policyOf(name).isLockOut)).toEqual(['failed-sign-ins', 'own-password'])
    expect(names((name) => policyOf(name).refusal === 'ADDRESS_BLOCKED')).toEqual(['failed-sign-ins-of-address'])
    expect(names((name) => policyOf(name).whenSucceeds === 'forget')).toEqual(['failed-sign-ins', 'own-password'])
    expect(names((name) => policyOf(name).whenSucceeds === 'give-back')).toEqual(['failed-sign-ins-of-address'])
  })
})

/** Hashes that cost nothing: it is not passwords that are looked at here. */
const passwords = new PasswordHasher({ log2N: 1, r: 1, p: 1 })
const passwordHash = await passwords.hash(FIXTURE_PASSWORD)

interface Door {
  policy: PolicyName
  /** So many in so long. */
  quota: number
  windowMs: number
  /** What is answered to who may pass. */
  status: number
  /** Makes what one call needs; answers the call, and whether it has had its effect. */
  prepare: (api: Api) => Promise<{
    call: (address: string) => ReturnType<typeof enter>
    isDone: () => Promise<boolean>
  }>
}

function enter(api: Api, path: string, body: unknown, address: string) {
  return api.post<SignedIn>(`/v1/auth/${path}`, body, from(address))
}

const isFound = async (sql: string, value: string) => (await env.DB.prepare(sql).bind(value).first()) !== null

const doors: Door[] = [
  {
    ...{ policy: 'sign-in', quota: 30, windowMs: MINUTE_MS, status: 200 },
    prepare: async (api) => {
      const { id, email } = await makePerson(api.isolate, { passwordHash })
      return {
        call: (address) => enter(api, 'login', { email, password: FIXTURE_PASSWORD }, address),
        isDone: () => isFound('select 1 from users where id = ? and last_login_at is not null', id),
      }
    },
  },
  {
    ...{ policy: 'register', quota: 20, windowMs: HOUR_MS, status: 201 },
    prepare: async (api) => {
      const email = `${newId()}@people.test`
      const body = { email, password: FIXTURE_PASSWORD, firstName: 'Ann', lastName: 'Newcomer' }
      return {
        call: (address) => enter(api, 'register', body, address),
        isDone: () => isFound('select 1 from users where email = ?', email),
      }
    },
  },
  {
    ...{ policy: 'refresh', quota: 60, windowMs: MINUTE_MS, status: 200 },
    prepare: async (api) => {
      const { id, sessionId, refreshToken } = await makePerson(api.isolate)
      return {
        call: (address) => enter(api, 'refresh', { refreshToken }, address),
        isDone: async () => {
          const renewals = await env.USER_SESSIONS.getByName(id).list(currentCall(), [sessionId])
          return renewals.ok && renewals.value.length === 1
        },
      }
    },
  },
]

describe.each(doors)('the door of $policy', ({ policy: bucket, quota, windowMs, status, prepare }) => {
  it(`lets ${quota} of an address in and no more, and says when to come again (R7.13, R46.1, R46.2)`, async () => {
    const api = strictApi({ passwords })
    const address = newAddress()
    const asks = [{ bucket, rule: inWindow(quota, windowMs), amount: quota - 1 }]
    await env.RATE_LIMITER.getByName(`ip:${address}`).take(currentCall(), asks)
    const [last, tooMany] = [await prepare(api), await prepare(api)]

    const taken = await last.call(address)
    expect([taken.status, await last.isDone()]).toEqual([status, true])
    expect(taken.headers.get('ratelimit-policy')).toContain(`"${bucket}";q=${quota};w=${windowMs / 1_000}`)

    const refused = await tooMany.call(address)
    expect([refused.status, refused.body.code, await tooMany.isDone()]).toEqual([429, 'RATE_LIMITED', false])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await tooMany.call(newAddress())).status).toBe(status)
  })

  it.each(LIMITER_FAILURES)('stays closed while the limiter is %s (R45.1)', async (_how, take) => {
    const { call, isDone } = await prepare(apiWithLimiter(take, { passwords }))
    const refused = await call(newAddress())
    expect(refused).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    expect([refused.headers.get('retry-after'), await isDone()]).toEqual(['2', false])
  })
})
