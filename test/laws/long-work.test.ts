import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { Refusal } from '../../src/platform/errors.ts'
import { LANES } from '../../src/platform/queues/lanes.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { CountingWork, counting, PAGES } from '../support/counting-work.ts'

const work = new CountingWork()
const { deliver, due, state, pages, told, end } = work
beforeEach(() => work.begin())

describe('a page of long work', () => {
  it('happens once, however often, late, or out of order its message comes (R2.9, R38.5)', async () => {
    const [first, second, third] = [due(0), due(1), due(2)]
    // None of these is at its turn.
    await deliver(counting(), [due(1), due(2)])
    expect([await pages(), await state()]).toEqual([[], expect.objectContaining({ state: 'pending', step: 0 })])
    await deliver(counting(), [first])
    await deliver(counting(), [first, due(0), due(2)])
    expect([await pages(), await told()]).toEqual([[0], [1]])
    await deliver(counting(), [second])
    await deliver(counting(), [second, first])
    await deliver(counting(), [third])
    await deliver(counting(), [third, second, first, due(3), due(0)])
    expect([await pages(), await told()]).toEqual([
      [0, 1, 2],
      [1, 2],
    ])
    expect(await state()).toMatchObject({ state: 'succeeded', step: 3, done: 30, total: 30 })
  })

  it('happens once where many consumers have the same message at once, and others another one of the same page', async () => {
    const one = due(0)
    const verdicts = await Promise.all(
      Array.from({ length: 6 }, (_, i) => deliver(counting(), [i % 2 === 0 ? one : due(0)])),
    )
    expect(verdicts.flatMap(({ retried }) => retried)).toEqual([])
    expect([await pages(), await told()]).toEqual([[0], [1]])
    expect(await state()).toMatchObject({ state: 'running', step: 1, done: 10 })
  })

  it('that is under way when the work is cancelled changes nothing, and none comes after it', async () => {
    await deliver(counting(), [due(0)])
    await deliver(
      counting(() => end('cancelled')),
      [due(1)],
    )
    const { retried } = await deliver(counting(), [due(1), due(2)])
    expect([retried, await pages(), await told()]).toEqual([[], [0], [1]])
    expect(await state()).toMatchObject({ state: 'cancelled', step: 1, done: 10 })
  })

  it('that refuses when the work has just been cancelled leaves it cancelled, and is not tried again', async () => {
    const refuse = async () => {
      await end('cancelled')
      throw new Refusal('CONFLICT', 'No')
    }
    const { acknowledged, retried } = await deliver(counting(refuse), [due(0)])
    expect([acknowledged.length, retried, (await state())?.state]).toEqual([1, [], 'cancelled'])
  })

  it('that fails is tried as often as its lane says, then kept as a dead letter by which it goes on', async () => {
    const message = due(0)
    const broken = counting(() => {
      throw new Error('It does not work')
    })
    const delays = []
    for (let attempts = 1; attempts <= LANES.bulk.attempts; attempts += 1) {
      const { retried } = await deliver(broken, [{ ...message, attempts }])
      delays.push(...retried.map(({ delaySeconds }) => delaySeconds))
    }
    expect(delays.length).toBe(LANES.bulk.attempts - 1)
    expect([await pages(), await state()]).toEqual([
      [],
      expect.objectContaining({ state: 'pending', step: 0, error: null }),
    ])
    const letters = await env.DB.prepare('select subject from dead_letters where subject = ?')
      .bind(`law.run-page ${message.body.event.id}`)
      .all()
    expect(letters.results.length).toBe(1)
    await deliver(counting(), [message])
    expect(await pages()).toEqual([0])
  })

  it('that a dependency keeps from its work is tried again; one that refuses ends it, with what was done so far', async () => {
    await deliver(counting(), [due(0)])
    const outage = counting(() => {
      throw new Outage('UNAVAILABLE', { why: 'down', attempts: 1, durationMs: 1 })
    })
    expect((await deliver(outage, [due(1)])).retried.length).toBe(1)
    expect(await state()).toMatchObject({ state: 'running', step: 1 })
    const refusing = counting(() => {
      throw new Refusal('CONFLICT', 'Not any more')
    })
    expect((await deliver(refusing, [due(1)])).retried).toEqual([])
    const { error, result, ...ended } = (await state()) ?? { error: null, result: null }
    expect(ended).toMatchObject({ state: 'failed', step: 1, done: 10, finished_at: expect.any(Number) })
    expect([error, result].map((text) => JSON.parse(String(text)))).toEqual([
      ...[{ code: 'CONFLICT', message: 'Not any more' }, { pages: 1 }],
    ])
    expect(await pages()).toEqual([0])
  })

  it('that is overtaken each time it looks is left to the queue, and changes nothing', async () => {
    let looks = 0
    const kind = counting(() => {
      looks += 1
    }, sql`false`)
    expect((await deliver(kind, [due(0)])).retried.length).toBe(1)
    expect([looks, await pages(), await told()]).toEqual([5, [], []])
  })

  it('never tells of more than there is: what came meanwhile is counted too, and at its end all is done', async () => {
    const kind = counting()
    const few = { ...kind, begin: async () => ({ place: { page: 0 }, total: 15 }) }
    const seen = []
    for (let step = 0; step < PAGES; step += 1) {
      await deliver(few, [due(step)])
      const { done, total } = (await state()) ?? {}
      seen.push([done, total])
    }
    expect(seen).toEqual([
      [10, 15],
      [20, 20],
      [30, 30],
    ])
  })
})
