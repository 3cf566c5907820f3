import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/platform/errors.ts'
import { type OutsideEffect, onceOutside } from '../../src/platform/idempotency/claim.ts'
import { type Attempt, makeAttempt } from '../../src/platform/idempotency/idempotency.ts'

const db = drizzle(env.DB)

/** A provider that keeps what it has charged by the key that it was given, as real ones do. */
function createProvider() {
  const charges = new Map<string, { charge: string }>()
  const calls: string[] = []
  const charge = async (key: string) => {
    calls.push(`run ${key}`)
    const made = charges.get(key) ?? { charge: `charge ${charges.size + 1}` }
    charges.set(key, made)
    return made
  }
  const effect: OutsideEffect<{ charge: string }> = {
    status: 201,
    run: charge,
    resume: async (key) => {
      calls.push(`resume ${key}`)
      return charges.get(key) ?? charge(key)
    },
  }
  return { charges, calls, effect }
}

function attemptOf(input: unknown = { amount: 5 }, key: string = crypto.randomUUID()): Promise<Attempt> {
  return makeAttempt({ key, userId: 'ann', route: 'POST /v1/payments', path: '/v1/payments', input })
}

const at = (now: number) => ({ db, clock: () => now })
const NOW = Date.UTC(2026, 10, 22)

describe('an effect outside with a key', () => {
  it('happens once, and is answered the same to everybody who repeats it for a day (R35.1, R35.2)', async () => {
    const { effect, charges } = createProvider()
    const attempt = await attemptOf()
    expect(await onceOutside(at(NOW), attempt, effect)).toEqual({ value: { charge: 'charge 1' }, replayed: false })
    for (const later of [NOW, NOW + 86_399_000]) {
      expect(await onceOutside(at(later), attempt, effect)).toEqual({ value: { charge: 'charge 1' }, replayed: true })
    }
    expect(charges.size).toBe(1)
  })

  it('is one effect of a hundred requests at once: one makes it, the rest are asked to come again (R35.2)', async () => {
    const { effect, charges } = createProvider()
    const attempt = await attemptOf()
    const slow = { ...effect, run: (key: string) => scheduler.wait(50).then(() => effect.run(key)) }
    const all = await Promise.allSettled(Array.from({ length: 100 }, () => onceOutside(at(NOW), attempt, slow)))
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as Refusal] : []))
    expect(refused).toHaveLength(99)
    for (const refusal of refused) {
      expect(refusal).toMatchObject({ code: 'REQUEST_IN_PROGRESS', retryAfterSeconds: 5 })
    }
    expect(charges.size).toBe(1)
  })

  it('is resumed, not made again, where the first was never heard of again (R35.2, R35.4)', async () => {
    const { effect, charges, calls } = createProvider()
    const attempt = await attemptOf()
    // It charges, and dies before it can say so.
    const dying = onceOutside(at(NOW), attempt, {
      ...effect,
      run: async (key) => {
        await effect.run(key)
        return new Promise<never>(() => undefined)
      },
    })
    void dying.catch(() => undefined)
    await scheduler.wait(20)
    await expect(onceOutside(at(NOW + 59_000), attempt, effect)).rejects.toMatchObject({ code: 'REQUEST_IN_PROGRESS' })
    const resumed = await onceOutside(at(NOW + 60_000), attempt, effect)
    expect(resumed).toEqual({ value: { charge: 'charge 1' }, replayed: false })
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['run', 'resume'])
    expect(charges.size).toBe(1)
  })

  it('is resumed by the very next request where the provider did not answer (R35.2, R35.4)', async () => {
    const { effect, charges } = createProvider()
    const attempt = await attemptOf()
    const lost = {
      ...effect,
      run: async (key: string) => {
        await effect.run(key)
        throw new Refusal('UNAVAILABLE', 'The provider did not answer')
      },
    }
    await expect(onceOutside(at(NOW), attempt, lost)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await onceOutside(at(NOW + 1), attempt, effect)).toMatchObject({ value: { charge: 'charge 1' } })
    expect(charges.size).toBe(1)
  })

  it('that the provider has refused stays refused, and is not asked again (R35.2)', async () => {
    const { effect, calls } = createProvider()
    const attempt = await attemptOf()
    const declined = () => Promise.reject(new Refusal('UNPROCESSABLE', 'The card was declined'))
    for (let i = 0; i < 2; i += 1) {
      const asked = onceOutside(at(NOW), attempt, { ...effect, run: declined })
      await expect(asked).rejects.toMatchObject({ code: 'UNPROCESSABLE', message: 'The card was declined' })
    }
    expect(calls).toEqual([])
  })

  it('with another request’s key is refused, and with a key of a day ago is new (R35.1, R35.2)', async () => {
    const { effect, charges } = createProvider()
    const key = crypto.randomUUID()
    await onceOutside(at(NOW), await attemptOf({ amount: 5 }, key), effect)
    const other = await attemptOf({ amount: 500 }, key)
    await expect(onceOutside(at(NOW), other, effect)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(charges.size).toBe(1)
    charges.clear()
    expect(await onceOutside(at(NOW + 86_400_000), other, effect)).toMatchObject({ replayed: false })
  })
})
