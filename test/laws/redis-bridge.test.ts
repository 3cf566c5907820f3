import { Redis } from '@upstash/redis/cloudflare'
import { describe, expect, it } from 'vitest'
import { hasRedis, newSubject, UPSTASH } from '../support/limiters.ts'

// What other tests take for Upstash is held to what Upstash's client expects.
describe.skipIf(!hasRedis)('the bridge to Redis', () => {
  const redis = new Redis({ ...UPSTASH, retry: { retries: 0 }, enableTelemetry: false })

  it.each(['plain', 'abcd', 'OK', 'größer ✓ 🧵', '', '42', ' \r\n$-1\r\n', 'x'.repeat(200_000)])(
    'brings back what was stored: %.12s',
    async (text) => {
      const key = newSubject()
      const raw = new Redis({ ...UPSTASH, automaticDeserialization: false, enableTelemetry: false })
      expect(await raw.set(key, text, { px: 60_000 })).toBe('OK')
      expect(await raw.get(key)).toBe(text)
      expect(await raw.mget(key, 'nobody')).toEqual([text, null])
    },
  )

  it('answers each of a pipeline, errors among them', async () => {
    const key = newSubject()
    const pipeline = redis.pipeline().set(key, 'text', { px: 60_000 }).incr(key).get(key)
    const answers = await pipeline.exec({ keepErrors: true })
    expect(answers.map(({ result }) => result)).toEqual(['OK', undefined, 'text'])
    expect(answers[1]?.error).toContain('not an integer')
  })

  it('runs a transaction whole, with no other between its commands', async () => {
    const key = newSubject()
    const twice = () => redis.multi().incr(key).incr(key).pexpire(key, 60_000).exec<[number, number, number]>()
    const answers = await Promise.all(Array.from({ length: 20 }, twice))
    for (const [first, second] of answers) expect(second).toBe(first + 1)
    await expect(redis.multi().eval('nonsense(', [], []).exec()).rejects.toThrow('ERR')
  })

  it('keeps scripts by the digest that the client knows, and says so when there is none', async () => {
    const script = redis.createScript<string>(`#!lua flags=allow-key-locking\nreturn '${newSubject()}'`)
    const first = await script.exec([], [])
    expect(first).toMatch(/^user:/)
    expect(await script.evalsha([], [])).toBe(first)
    await expect(redis.evalsha('0'.repeat(40), [], [])).rejects.toThrow('NOSCRIPT')
  })
})
