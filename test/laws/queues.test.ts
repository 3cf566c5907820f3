import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { createSystemContext } from '../../src/compose.ts'
import type { ServiceContext } from '../../src/context.ts'
import type { Env } from '../../src/env.ts'
import { keepDeadLetter } from '../../src/features/operations/index.ts'
import { createIsolate } from '../../src/isolate.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { defineEvent, type EventEnvelope } from '../../src/platform/events.ts'
import { consumeBatch, consumeDead } from '../../src/platform/queues/consume.ts'
import { LANES, type Lane } from '../../src/platform/queues/lanes.ts'
import { type Once, type Subscriber, subscriber } from '../../src/platform/queues/subscriber.ts'
import { Outage } from '../../src/platform/resilience/outage.ts'
import {
  bindings,
  deliverTo,
  downDatabase,
  eventOf,
  messageFor,
  type RecordingLog,
  recordingLog,
  type Sent,
} from '../support/queues.ts'

const Happened = defineEvent('law.happened', 'law', z.strictObject({}))
const IN_BATCH: Once = { by: 'batch', store: 'core' }
const OUTSIDE: Once = { by: 'outside', store: 'core', whenUnknown: 'repeat' }

type Handle = (ctx: ServiceContext, event: EventEnvelope) => Promise<void>

/** Counts, so that a second effect would be seen. */
const haveEffect: Handle = (ctx, { id }) =>
  ctx.core.commit([
    sql`insert into law_effects values (${id}, 1) on conflict (event_id) do update set times = times + 1`,
  ])
const fail: Handle = async () => {
  throw new Error('It does not work')
}

let log: RecordingLog

interface Consumer {
  lane: Lane
  subscribers: Subscriber<ServiceContext>[]
  /** The bindings that are not as usual, for each delivery. */
  given?: () => Partial<Env>
}

/** Gives messages to the consumer of a lane, or of its dead letters. */
function deliver({ lane, subscribers, given = () => ({}) }: Consumer, messages: Sent[], dead = false) {
  return deliverTo(
    (batch) => {
      const env = bindings(given())
      const isolate = { ...createIsolate(env), log }
      return (dead ? consumeDead : consumeBatch)(batch, {
        subscribers,
        makeContext: (delivery) => createSystemContext(isolate, env, 'law', () => undefined, delivery),
        bury: keepDeadLetter,
        log,
        clock: systemClock,
      })
    },
    `${LANES[lane].queue}${dead ? '-dead' : ''}`,
    messages,
  )
}

const hearing = (
  handle: Handle,
  { name = 'law.hear', lane = 'normal', once = IN_BATCH }: { name?: string; lane?: Lane; once?: Once } = {},
) => subscriber(name, Happened, { lane, once }, handle)
const normal = (handle: Handle, once: Once = IN_BATCH): Consumer => ({
  lane: 'normal',
  subscribers: [hearing(handle, { once })],
})
const all = async <T>(statement: string) => (await env.DB.prepare(statement).all<T>()).results
const effects = async () =>
  Object.fromEntries(
    (await all<{ event_id: string; times: number }>('select * from law_effects')).map(({ event_id, times }) => [
      event_id,
      times,
    ]),
  )
const marks = () =>
  all<{ subscriber: string; event_id: string; state: string }>(
    'select subscriber, event_id, state from inbox order by subscriber',
  )
const letters = () => all<Record<string, unknown>>('select * from dead_letters')

beforeEach(async () => {
  log = recordingLog()
  await env.DB.exec('create table if not exists law_effects (event_id text primary key, times integer)')
  await env.DB.batch(['law_effects', 'inbox', 'dead_letters'].map((table) => env.DB.prepare(`delete from ${table}`)))
})

describe('a message that fails', () => {
  it.each([
    ['critical', IN_BATCH, [2, 4, 8, 16], 0.3],
    ['critical', OUTSIDE, [2, 4, 8, 16], 0.3],
    ['normal', OUTSIDE, [10, 60, 300, 300], 0.1],
    ['normal', IN_BATCH, [10, 60], 0.1],
    ['normal', { by: 'object', store: 'core' }, [10, 60], 0.1],
    ['bulk', OUTSIDE, [60, 300], 0.1],
    ['bulk', IN_BATCH, [60, 300], 0.1],
  ] as [Lane, Once, number[], number][])(
    'on the lane %s with its effect %o is tried again after %j s, then kept with its error (R38.4, R38.7, R38.8)',
    async (lane, once, delays, jitter) => {
      const handle = vi.fn(fail)
      const consumer = { lane, subscribers: [hearing(handle, { lane, once })] }
      const event = eventOf('law.happened')
      const body = messageFor('law.hear', event)
      for (const [i, seconds] of delays.entries()) {
        const result = await deliver(consumer, [{ id: 'message', body, attempts: i + 1 }])
        expect(result).toMatchObject({ acknowledged: [], retried: [{ id: 'message' }] })
        const delay = result.retried[0]?.delaySeconds ?? 0
        expect(Math.abs(delay - seconds)).toBeLessThanOrEqual(Math.max(1, Math.ceil(seconds * jitter)))
      }
      expect(await letters()).toEqual([])

      const attempts = delays.length + 1
      const last = await deliver(consumer, [{ id: 'message', body, attempts }])
      expect(last).toMatchObject({ acknowledged: ['message'], retried: [] })
      expect(handle).toHaveBeenCalledTimes(attempts)
      const [letter, ...others] = await letters()
      expect(others).toEqual([])
      expect({ ...letter, body: JSON.parse(String(letter?.body)) }).toMatchObject({
        subject: `law.hear ${event.id}`,
        lane,
        subscriber: 'law.hear',
        event_id: event.id,
        event_type: 'law.happened',
        body,
        attempts,
        last_error: 'Error: It does not work',
        status: 'waiting',
      })
      // Alerts listen for this line.
      expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'Dead Letter' }))
      // What was called may have been done, whatever came of it.
      expect((await marks()).map(({ state }) => state)).toEqual(once.by === 'outside' ? ['claimed'] : [])
    },
  )

  it('neither repeats nor delays its neighbours in the batch', async () => {
    const [good, bad, other] = [eventOf('law.happened'), eventOf('law.happened'), eventOf('law.happened')]
    const consumer = normal((ctx, event) => (event.id === bad.id ? fail(ctx, event) : haveEffect(ctx, event)))
    const result = await deliver(
      consumer,
      [good, bad, other].map((event) => ({ id: event.id, body: messageFor('law.hear', event) })),
    )
    expect(result.acknowledged.toSorted()).toEqual([good.id, other.id].toSorted())
    expect(result.retried.map(({ id }) => id)).toEqual([bad.id])
    expect(await effects()).toEqual({ [good.id]: 1, [other.id]: 1 })
  })

  it('is kept without what its error tells of people and of secrets', async () => {
    const token = `eyJhbGciOiJFUzI1NiJ9.${'a'.repeat(80)}.b`
    const consumer = normal(async () => {
      throw new Error(`Failed query: select 1 where email = ? and token = '${token}'\nparams: ann@people.test`)
    })
    await deliver(consumer, [{ body: messageFor('law.hear', eventOf('law.happened')), attempts: 3 }])
    const [letter] = await letters()
    expect(letter?.last_error).toMatch(/^Error: Failed query: select 1 where email = \? and token = /)
    expect(letter?.last_error).not.toContain('ann@people.test')
    expect(letter?.last_error).not.toContain(token)
  })
})

describe('a message that nobody understands', () => {
  const event = eventOf('law.happened')
  it.each([
    ['is no message at all', { hello: 'world' }, null, 'message odd'],
    ['holds an event without an id', { subscriber: 'law.hear', event: { type: 'law.happened' } }, null, 'message odd'],
    ['is for a subscriber that is gone', messageFor('law.gone', event), 'law.gone', `law.gone ${event.id}`],
  ])('is kept as it came: it %s (R38.7)', async (_what, body, name, subject) => {
    const early = await deliver(normal(haveEffect), [{ id: 'odd', body, attempts: LANES.normal.attempts - 1 }])
    expect(early.retried).toHaveLength(1)
    const last = await deliver(normal(haveEffect), [{ id: 'odd', body, attempts: LANES.normal.attempts }])
    expect(last.acknowledged).toEqual(['odd'])
    const kept = await letters()
    expect(kept).toMatchObject([{ subject, subscriber: name, attempts: LANES.normal.attempts, status: 'waiting' }])
    expect(JSON.parse(String(kept[0]?.body))).toEqual(body)
  })
})

describe('while the store of dead letters is down', () => {
  const body = messageFor('law.hear', eventOf('law.happened'))
  const down = { ...normal(fail), given: () => ({ DB: downDatabase() }) }

  it('a message stays with the platform, and is kept by the consumer of its dead-letter queue (R38.7)', async () => {
    const left = await deliver(down, [{ id: 'last', body, attempts: 5 }])
    expect(left).toMatchObject({ acknowledged: [], retried: [{ id: 'last' }] })
    expect(log.of('Dead Letter Not Stored')).toHaveLength(1)

    const notYet = await deliver(down, [{ id: 'last', body }], true)
    expect(notYet).toMatchObject({ acknowledged: [], retried: [{ id: 'last' }] })
    const delay = notYet.retried[0]?.delaySeconds ?? 0
    expect(Math.abs(delay - 60)).toBeLessThanOrEqual(6)
    expect(await letters()).toEqual([])

    const kept = await deliver(normal(fail), [{ id: 'last', body, attempts: 2 }], true)
    expect(kept.acknowledged).toEqual(['last'])
    expect(await letters()).toMatchObject([{ subscriber: 'law.hear', attempts: 5, last_error: null }])
  })

  it('what comes to the dead-letter queue unreadable is kept too', async () => {
    await deliver(normal(fail), [{ id: 'odd', body: 'no message' }], true)
    expect(await letters()).toMatchObject([{ subject: 'message odd', subscriber: null, body: '"no message"' }])
  })
})

describe('a message that was given up twice', () => {
  const body = messageFor('law.hear', eventOf('law.happened'))

  it('is one dead letter, which keeps the error that is known', async () => {
    await deliver(normal(fail), [{ body, attempts: 3 }])
    await deliver(normal(fail), [{ body }], true)
    expect(await letters()).toMatchObject([
      { attempts: 5, last_error: 'Error: It does not work', status: 'waiting', version: 2 },
    ])
  })
})

describe('a message that comes again', () => {
  const event = eventOf('law.happened')
  const body = messageFor('law.hear', event)
  const skipped = { subscriber: 'law.hear', eventId: event.id }

  it('has its effect once, is acknowledged, and is logged as skipped (R28.7, R35.5)', async () => {
    await deliver(normal(haveEffect), [{ id: 'first', body }])
    expect(log.of('Duplicate Skipped')).toEqual([])
    const again = await deliver(normal(haveEffect), [{ id: 'again', body }])
    expect(again).toMatchObject({ acknowledged: ['again'], retried: [] })
    expect(await effects()).toEqual({ [event.id]: 1 })
    expect(log.of('Duplicate Skipped')).toEqual([skipped])
  })

  it('has its effect once, also where both are handled at the same time (R28.7)', async () => {
    const copies = Array.from({ length: 10 }, (_, i) => ({ id: `copy ${i}`, body }))
    const result = await deliver(normal(haveEffect), copies)
    expect(result.acknowledged).toHaveLength(10)
    expect(await effects()).toEqual({ [event.id]: 1 })
    expect(log.of('Duplicate Skipped')).toHaveLength(9)
  })

  it('has its effect once, also where the handler failed after it (R35.5)', async () => {
    const failLate: Handle = async (ctx, given) => {
      await haveEffect(ctx, given)
      throw new Error('After the effect')
    }
    const first = await deliver(normal(failLate), [{ id: 'first', body }])
    expect(first.retried).toHaveLength(1)
    const again = await deliver(normal(failLate), [{ id: 'first', body, attempts: 2 }])
    expect(again.acknowledged).toEqual(['first'])
    expect(await effects()).toEqual({ [event.id]: 1 })
  })

  it('is nothing new to one subscriber, and is to another', async () => {
    const other = hearing(haveEffect, { name: 'law.hear-too' })
    const consumer = { lane: 'normal' as const, subscribers: [hearing(haveEffect), other] }
    await deliver(consumer, [{ body }, { body: messageFor('law.hear-too', event) }])
    expect(await effects()).toEqual({ [event.id]: 2 })
  })

  it('is known also where the handler had found nothing to change', async () => {
    const handle = vi.fn(async () => undefined)
    const first = await deliver(normal(handle), [{ id: 'first', body }])
    expect(first.acknowledged).toEqual(['first'])
    expect(await marks()).toEqual([{ subscriber: 'law.hear', event_id: event.id, state: 'done' }])
    expect(log.of('Duplicate Skipped')).toEqual([])
  })

  it('is marked after the command where the effect is an object’s', async () => {
    const seen: unknown[] = []
    const handle: Handle = async () => {
      seen.push(await marks())
    }
    await deliver(normal(handle, { by: 'object', store: 'core' }), [{ body }])
    expect(seen).toEqual([[]])
    expect(await marks()).toMatchObject([{ state: 'done' }])
  })
})

describe('a call to the outside', () => {
  const event = eventOf('law.happened')
  const body = messageFor('law.hear', event)
  const outside = (whenUnknown: 'repeat' | 'give-up'): Once => ({ by: 'outside', store: 'core', whenUnknown })
  /** What a process leaves that dies while it calls. */
  const leaveClaim = () =>
    env.DB.prepare("insert into inbox values ('law.hear', ?, 1, 1, 'claimed')").bind(event.id).run()

  it('is claimed before, and marked after it', async () => {
    const states: unknown[] = []
    await deliver(
      normal(async () => {
        states.push(...(await marks()).map(({ state }) => state))
      }, outside('repeat')),
      [{ body }],
    )
    expect(states).toEqual(['claimed'])
    expect(await marks()).toMatchObject([{ state: 'done' }])
  })

  it.each([
    ['repeat', 1, 0],
    ['give-up', 0, 1],
  ] as const)(
    'of which nobody knows whether it was made: %s makes it %i more times (R35.5)',
    async (whenUnknown, calls, warnings) => {
      await leaveClaim()
      const handle = vi.fn(async () => undefined)
      const result = await deliver(normal(handle, outside(whenUnknown)), [{ id: 'again', body, attempts: 2 }])
      expect(result.acknowledged).toEqual(['again'])
      expect(handle).toHaveBeenCalledTimes(calls)
      expect(log.of('Outcome Unknown')).toHaveLength(warnings)
      expect(await marks()).toMatchObject([{ state: 'done' }])
    },
  )

  it.each(['repeat', 'give-up'] as const)(
    'that was refused is made again by the next delivery, and no more once it worked: %s',
    async (whenUnknown) => {
      const handle = vi
        .fn(async () => undefined)
        .mockRejectedValueOnce(new Refusal('UNPROCESSABLE', 'The provider says no'))
      const consumer = normal(handle, outside(whenUnknown))
      expect((await deliver(consumer, [{ body }])).retried).toHaveLength(1)
      expect(await marks()).toEqual([])
      await deliver(consumer, [{ body, attempts: 2 }])
      await deliver(consumer, [{ body, attempts: 3 }])
      expect(handle).toHaveBeenCalledTimes(2)
      expect(log.of('Duplicate Skipped')).toHaveLength(1)
    },
  )

  it.each([
    ['its connection was lost', new Outage('UNAVAILABLE', { why: 'no connection', attempts: 3, durationMs: 1 })],
    ['it did not answer in time', new Outage('DEADLINE_EXCEEDED', { why: 'late', attempts: 1, durationMs: 1 })],
    ['its answer could not be read', new SyntaxError('Unexpected token')],
  ])('whose provider knows no keys is made at most once, also where %s (R35.5)', async (_how, error) => {
    const handle = vi.fn(async () => undefined).mockRejectedValue(error)
    const consumer = normal(handle, outside('give-up'))
    await deliver(consumer, [{ body }])
    expect((await deliver(consumer, [{ id: 'again', body, attempts: 2 }])).acknowledged).toEqual(['again'])
    expect(handle).toHaveBeenCalledTimes(1)
  })
})
