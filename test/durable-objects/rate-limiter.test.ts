import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE_MS } from '../../src/platform/clock.ts'
import { ask, countPassed, makeObjectLimiter, newSubject, perMinute } from '../support/limiters.ts'

const START = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS
const at = (ms: number) => vi.setSystemTime(START + ms)

const limiter = makeObjectLimiter()
const stubOf = (subject: string) => env.RATE_LIMITER.getByName(subject)
const signIns = { bucket: 'sign-in', rule: perMinute(3) }
const daily = { bucket: 'daily', rule: { algorithm: 'sliding-window', limit: 3, windowMs: 1_440 * MINUTE_MS } } as const

/** What the object has stored, and when it rings. */
const look = (subject: string) =>
  runInDurableObject(stubOf(subject), async (_instance, { storage }) => ({
    tables: storage.sql.exec("select name from sqlite_master where name = 'buckets'").toArray().length,
    version: storage.kv.get('schema-version'),
    alarm: await storage.getAlarm(),
  }))
const bucketsOf = (subject: string) =>
  runInDurableObject(stubOf(subject), (_instance, { storage }) =>
    storage.sql
      .exec<{ bucket: string }>('select bucket from buckets order by bucket')
      .toArray()
      .map(({ bucket }) => bucket),
  )

const nothing = { tables: 0, version: undefined, alarm: null }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  at(0)
})
afterEach(() => void vi.useRealTimers())

describe('the object of a limiter', () => {
  it('deletes itself when nothing that it counted means anything any more, and is as new when asked again', async () => {
    const subject = newSubject()
    expect(await countPassed(limiter, subject, signIns, 5)).toBe(3)
    expect((await look(subject)).alarm).toBe(START + 2 * MINUTE_MS)
    at(2 * MINUTE_MS)
    await runDurableObjectAlarm(stubOf(subject))
    expect(await look(subject)).toEqual(nothing)
    expect(await countPassed(limiter, subject, signIns, 5)).toBe(3)
    expect((await look(subject)).alarm).toBe(START + 4 * MINUTE_MS)
  })

  it('keeps what still counts, and rings again for that', async () => {
    const subject = newSubject()
    await limiter.take(subject, [signIns])
    await limiter.take(subject, [daily])
    at(2 * MINUTE_MS)
    await runDurableObjectAlarm(stubOf(subject))
    expect(await bucketsOf(subject)).toEqual(['daily'])
    expect((await look(subject)).alarm).toBe(START + 2 * daily.rule.windowMs)
    expect(await ask(limiter, subject, daily)).toMatchObject({ remaining: 1 })
  })

  it('remembers through a sleep, and its alarm finds it after one', async () => {
    const subject = newSubject()
    await countPassed(limiter, subject, signIns, 3)
    await evictDurableObject(stubOf(subject))
    expect(await ask(limiter, subject, signIns)).toMatchObject({ allowed: false })
    await evictDurableObject(stubOf(subject))
    at(2 * MINUTE_MS)
    await runDurableObjectAlarm(stubOf(subject))
    expect(await look(subject)).toEqual(nothing)
  })

  it('stores nothing for who gives back what it does not have', async () => {
    const subject = newSubject()
    const gifts = [{ ...signIns, amount: 'all' as const }]
    await limiter.giveBack(subject, gifts)
    expect(await look(subject)).toEqual(nothing)
    await limiter.take(subject, [signIns])
    at(2 * MINUTE_MS)
    await runDurableObjectAlarm(stubOf(subject))
    await limiter.giveBack(subject, gifts)
    expect(await look(subject)).toEqual(nothing)
  })

  it('leaves also when all that it did was to refuse', async () => {
    const subject = newSubject()
    expect(await ask(limiter, subject, { ...signIns, amount: 4 })).toMatchObject({ allowed: false })
    at(2 * MINUTE_MS)
    await runDurableObjectAlarm(stubOf(subject))
    expect(await look(subject)).toEqual(nothing)
  })

  it('is not troubled by an alarm that rings twice', async () => {
    const subject = newSubject()
    await limiter.take(subject, [signIns])
    at(2 * MINUTE_MS)
    await runDurableObjectAlarm(stubOf(subject))
    await runInDurableObject(stubOf(subject), (instance) => instance.alarm())
    expect(await look(subject)).toEqual(nothing)
  })
})
