import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createSystemContext } from '../../src/compose.ts'
import type { ServiceContext } from '../../src/context.ts'
import { keepDeadLetter } from '../../src/features/operations/index.ts'
import { createIsolate } from '../../src/isolate.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { defineEvent } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { currentScope } from '../../src/platform/observability/scope.ts'
import { formatTraceparent } from '../../src/platform/observability/trace-context.ts'
import { consumeBatch } from '../../src/platform/queues/consume.ts'
import { LANES } from '../../src/platform/queues/lanes.ts'
import { newestOfEach } from '../../src/platform/queues/newest.ts'
import { batchedSubscriber, subscriber } from '../../src/platform/queues/subscriber.ts'
import { deliverTo, eventOf, messageFor, recordingLog, type Sent } from '../support/queues.ts'

const State = z.strictObject({ thing: z.string(), version: z.int(), isPoison: z.boolean().default(false) })
const Changed = defineEvent('law.changed', 'law', State)
const Other = defineEvent('law.other', 'law', z.strictObject({}))

/** What the handler was given, call by call, and in which span. */
let calls: { versions: number[]; traceparent: string | undefined }[]
let log: ReturnType<typeof recordingLog>

/** Keeps the newest of each thing. */
const keepNewest = batchedSubscriber(
  'law.keep-newest',
  Changed,
  { lane: 'normal', store: 'core' },
  async (ctx: ServiceContext, changes) => {
    const span = currentScope()?.span
    calls.push({ versions: changes.map(({ version }) => version), traceparent: span && formatTraceparent(span) })
    if (changes.some(({ isPoison }) => isPoison)) throw new Error('It does not work')
    const newest = JSON.stringify(newestOfEach(changes, ({ thing }) => thing))
    await ctx.core.commit([
      sql`
        insert into law_newest (thing, version)
        select value ->> 'thing', value ->> 'version' from json_each(${newest}) where true
        on conflict (thing) do update set version = excluded.version where excluded.version > law_newest.version
      `,
    ])
  },
)
const hearOther = subscriber(
  'law.hear-other',
  Other,
  { lane: 'normal', once: { by: 'batch', store: 'core' } },
  async (_ctx: ServiceContext) => undefined,
)

function deliver(sent: Sent[]) {
  const isolate = { ...createIsolate(env), log }
  return deliverTo(
    (batch) =>
      consumeBatch(batch, {
        subscribers: [keepNewest, hearOther],
        makeContext: (delivery) => createSystemContext(isolate, env, 'law', () => undefined, delivery),
        bury: keepDeadLetter,
        log,
        clock: systemClock,
      }),
    LANES.normal.queue,
    sent,
  )
}

const change = (thing: string, version: number, given: { isPoison?: boolean; attempts?: number } = {}): Sent => {
  const { attempts = 1, ...besides } = given
  const event = eventOf(Changed.type, { payload: { thing, version, ...besides } })
  return { id: `${thing} ${version}`, body: messageFor('law.keep-newest', event), attempts }
}
const kept = async () => {
  const { results } = await env.DB.prepare('select thing, version from law_newest order by thing').all()
  return Object.fromEntries(results.map(({ thing, version }) => [thing, version]))
}
const count = (table: string) => env.DB.prepare(`select count(*) as n from ${table}`).first('n')

beforeEach(async () => {
  calls = []
  log = recordingLog()
  await env.DB.exec('create table if not exists law_newest (thing text primary key, version integer)')
  await env.DB.batch(['law_newest', 'inbox', 'dead_letters'].map((t) => env.DB.prepare(`delete from ${t}`)))
})

describe('messages that are handled together', () => {
  it('are one call for all that a batch has of them, whatever else is in it, and leave no mark', async () => {
    const other = { id: 'other', body: messageFor('law.hear-other', eventOf(Other.type)) }
    const sent = [change('a', 2), other, change('b', 1), change('a', 3), change('a', 1)]
    const verdict = await deliver(sent)
    expect(verdict.acknowledged.toSorted()).toEqual(['a 1', 'a 2', 'a 3', 'b 1', 'other'])
    expect(calls.map(({ versions }) => versions)).toEqual([[2, 1, 3, 1]])
    expect(await kept()).toEqual({ a: 3, b: 1 })
    // The one that is not its own.
    expect(await count('inbox')).toBe(1)
  })

  it('change nothing when they come again, late and among newer ones (R28.7, R35.5)', async () => {
    const first = [change('a', 5), change('a', 4), change('b', 2)]
    await deliver(first)
    await deliver([...first, ...first, change('c', 1)])
    expect(await kept()).toEqual({ a: 5, b: 2, c: 1 })
    expect((await deliver([change('a', 1)])).acknowledged).toEqual(['a 1'])
    expect(await count('inbox')).toBe(0)
    expect(await kept()).toEqual({ a: 5, b: 2, c: 1 })
  })

  it('fail alone: what goes wrong with one repeats none of the others, and is kept in the end (R38.7)', async () => {
    const nonsense = { id: 'odd', body: messageFor('law.keep-newest', eventOf(Changed.type, { payload: 'nonsense' })) }
    const verdict = await deliver([change('a', 1), change('b', 1, { isPoison: true }), nonsense, change('c', 1)])
    expect(verdict.acknowledged.toSorted()).toEqual(['a 1', 'c 1'])
    expect(verdict.retried.map(({ id }) => id).toSorted()).toEqual(['b 1', 'odd'])
    expect(await kept()).toEqual({ a: 1, c: 1 })
    expect(log.of('Messages Not Handled Together')).toMatchObject([{ subscriber: 'law.keep-newest', messages: 4 }])

    const last = await deliver([change('a', 2), change('b', 1, { isPoison: true, attempts: 3 })])
    expect(last.acknowledged.toSorted()).toEqual(['a 2', 'b 1'])
    expect(await kept()).toEqual({ a: 2, c: 1 })
    expect(await env.DB.prepare('select subscriber, attempts, last_error from dead_letters').all()).toMatchObject({
      results: [{ subscriber: 'law.keep-newest', attempts: 3, last_error: 'Error: It does not work' }],
    })
  })

  it('are handled in a trace of their own, and each is told of in its producer’s (R42.6, R41.4)', async () => {
    const [one, two] = ['a', 'b'].map((c) => `00-${c.repeat(32)}-${c.repeat(16)}-01`)
    const spans: unknown[] = []
    const debug = log.debug
    log.debug = (message, fields) => {
      if (message === 'Message Handled') spans.push(currentScope())
      debug(message, fields)
    }
    await deliver(
      [one, two].map((traceparent) => {
        const payload = { thing: newId(), version: 1 }
        return {
          body: messageFor('law.keep-newest', eventOf(Changed.type, { payload, traceparent: String(traceparent) })),
        }
      }),
    )
    expect(spans).toMatchObject(
      ['a', 'b'].map((c, i) => ({
        span: { traceId: c.repeat(32), parentSpanId: c.repeat(16) },
        linkedTraceparent: [one, two][i],
        correlationId: 'correlation',
      })),
    )
    const togetherTraceparent = calls[0]?.traceparent
    expect(togetherTraceparent).not.toMatch(/aaaa|bbbb/)
    expect(log.of('Message Handled')).toMatchObject(Array(2).fill({ together: 2, togetherTraceparent }))
  })
})
