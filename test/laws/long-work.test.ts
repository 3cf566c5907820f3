import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createSystemContext } from '../../src/compose.ts'
import type { ServiceContext } from '../../src/context.ts'
import { CatalogPageDue } from '../../src/features/long-work/events.ts'
import { anyKind, type OperationKind, runPage } from '../../src/features/long-work/index.ts'
import type { operations } from '../../src/features/long-work/tables.ts'
import { keepDeadLetter } from '../../src/features/operations/index.ts'
import { createIsolate } from '../../src/isolate.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/errors.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { consumeBatch } from '../../src/platform/queues/consume.ts'
import { LANES } from '../../src/platform/queues/lanes.ts'
import { subscriber } from '../../src/platform/queues/subscriber.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import { makeOperation } from '../support/operation-examples.ts'
import { deliverTo, eventOf, messageFor, recordingLog } from '../support/queues.ts'

const PAGES = 3
const Place = z.object({ page: z.int() })
type Page = (ctx: ServiceContext, page: number) => unknown

/** Three pages of ten things; each writes a row, which nothing keeps from being written twice. */
const counting = (during: Page = () => undefined, holds = sql`true`): OperationKind<unknown, { page: number }> => ({
  name: 'law.count',
  input: z.unknown(),
  place: Place,
  begin: async () => ({ place: { page: 0 }, total: 10 * PAGES }),
  page: async (ctx, _input, { page }) => {
    await during(ctx, page)
    const steps = [sql`insert into law_pages values (${page})`]
    return {
      steps,
      holds,
      done: 10,
      place: { page: page + 1 },
      isLast: page === PAGES - 1,
      result: { pages: page + 1 },
    }
  },
})

const log = recordingLog()
const isolate = { ...createIsolate(env), log }
let operationId: string

/** One consumer that does this kind of work. Answers the verdict on the messages. */
const deliver = (kind: ReturnType<typeof counting>, sent: { body: unknown; attempts?: number }[]) =>
  deliverTo(
    (batch) =>
      consumeBatch(batch, {
        subscribers: [
          subscriber(
            'law.run-page',
            CatalogPageDue,
            { lane: 'bulk', once: { by: 'batch', store: 'catalog' } },
            (ctx: ServiceContext, { payload }) => runPage(ctx, { store: 'catalog', kinds: [anyKind(kind)] }, payload),
          ),
        ],
        makeContext: (delivery) => createSystemContext(isolate, env, 'law', () => undefined, delivery),
        bury: keepDeadLetter,
        log,
        clock: systemClock,
      }),
    LANES.bulk.queue,
    sent,
  )
const due = (step: number, given: Partial<EventEnvelope> = {}) => ({
  body: messageFor('law.run-page', eventOf(CatalogPageDue.type, { payload: { operationId, step }, ...given })),
})
const state = () =>
  env.CATALOG_DB.prepare('select * from operations where id = ?')
    .bind(operationId)
    .first<Pick<typeof operations.$inferSelect, 'state' | 'step' | 'done' | 'total' | 'error' | 'result'>>()
const pages = async () =>
  (await env.CATALOG_DB.prepare('select page from law_pages order by page').all<{ page: number }>()).results.map(
    ({ page }) => page,
  )
/** The steps of the messages that pages have left for the next one. */
const told = async () =>
  (
    await env.CATALOG_DB.prepare('select sequence from outbox where aggregate_id = ? order by sequence')
      .bind(operationId)
      .all<{ sequence: number }>()
  ).results.map(({ sequence }) => sequence)
const end = (as: string) =>
  env.CATALOG_DB.prepare('update operations set state = ?, finished_at = 1 where id = ?').bind(as, operationId).run()

beforeEach(async () => {
  await env.CATALOG_DB.exec('create table if not exists law_pages (page integer)')
  await env.CATALOG_DB.prepare('delete from law_pages').run()
  const id = await makeOperation(newId(), { kind: 'law.count', input: {} })
  operationId = id.replace('catalog.', '')
})

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
