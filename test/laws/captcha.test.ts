import { beforeEach, describe, expect, it } from 'vitest'
import { createTurnstile, type TurnstileOptions } from '../../src/platform/captcha/turnstile.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { createFakeTime } from '../support/fake-time.ts'
import { recordingLog } from '../support/queues.ts'
import { createTurnstileDouble } from '../support/turnstile-double.ts'

const SECRET = '0x4AAAAAAAsecret'

function make(given: Partial<TurnstileOptions> = {}) {
  const time = createFakeTime()
  const double = createTurnstileDouble({ secret: SECRET, clock: time.clock })
  const log = recordingLog()
  const options = { siteKey: 'site', secretKey: SECRET, apiUrl: 'https://challenges.cloudflare.com', ...given }
  const captcha = createTurnstile(options, { log, fetch: double.fetch, ...time })
  const verify = (token: string, action = 'login', ip: string | null = '203.0.113.7') =>
    time.settle(captcha.verify({ token, action, ip }))
  return { double, log, time, verify }
}

let turnstile: ReturnType<typeof make>
beforeEach(() => {
  turnstile = make()
})

describe('Turnstile', () => {
  it('lets in once whoever has passed, and is told the token and the address', async () => {
    const token = turnstile.double.pass()
    expect([await turnstile.verify(token), await turnstile.verify(token)]).toEqual([true, false])
    expect(turnstile.double.requests[0]).toMatchObject({
      url: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
      method: 'POST',
      body: { secret: SECRET, response: token, remoteip: '203.0.113.7', idempotency_key: expect.any(String) },
    })
    await turnstile.verify(token, 'login', null)
    expect(turnstile.double.requests[2]?.body).not.toHaveProperty('remoteip')
  })

  it('keeps out whoever invents a token, is late, or brings one that was for something else (R45.6)', async () => {
    expect(await turnstile.verify('XXXX')).toBe(false)
    const token = turnstile.double.pass()
    await turnstile.time.advance(301_000)
    expect(await turnstile.verify(token)).toBe(false)
    expect(await turnstile.verify(turnstile.double.pass({ action: 'register' }))).toBe(false)
    expect(await turnstile.verify(turnstile.double.pass({ action: '' }))).toBe(true)
  })

  it('keeps out whoever passed on a page that is not ours, where ours are known', async () => {
    const ours = make({ hostnames: ['selvage.example'] })
    expect(await ours.verify(ours.double.pass({ hostname: 'phish.example' }))).toBe(false)
    expect(await ours.verify(ours.double.pass())).toBe(true)
  })

  it.each([
    [0.49, false],
    [0.5, true],
  ])('holds a score of %d against the least that is enough (R45.6)', async (score, passes) => {
    turnstile.double.befall.push({ status: 200, body: { success: true, score } })
    expect(await turnstile.verify('token')).toBe(passes)
  })

  it.each([['lost'], ['answer lost']] as const)(
    'is asked again where the connection or its answer is %s',
    async (befalls) => {
      turnstile.double.befall.push(befalls)
      expect(await turnstile.verify(turnstile.double.pass())).toBe(true)
      expect(turnstile.double.requests).toHaveLength(2)
    },
  )

  it.each([
    ['is down', { status: 503, body: {} }],
    ['has trouble of its own', { status: 200, body: { success: false, 'error-codes': ['internal-error'] } }],
    ['does not know us', { status: 200, body: { success: false, 'error-codes': ['invalid-input-secret'] } }],
    ['says something that is no verdict', { status: 200, body: { ok: true } }],
  ])('lets nobody in that %s: nobody was checked', async (_, befalls) => {
    turnstile.double.befall.push(befalls, befalls)
    const error = await turnstile.verify(turnstile.double.pass()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Outage)
    expect(`${(error as Outage).reason} ${JSON.stringify(turnstile.log.lines)}`).not.toContain(SECRET)
  })
})
