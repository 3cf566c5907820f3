import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { ChatRoom } from '../../../durable-objects/chat-room/index.ts'
import { UserSocket } from '../../../durable-objects/user-socket/index.ts'
import { createSystemContext } from '../../../src/compose.ts'
import type { ServiceContext } from '../../../src/context.ts'
import { keepDeadLetter } from '../../../src/features/operations/index.ts'
import type { Isolate } from '../../../src/isolate.ts'
import { currentCall } from '../../../src/platform/call.ts'
import { MINUTE_MS } from '../../../src/platform/clock.ts'
import { Refusal } from '../../../src/platform/errors.ts'
import { defineEvent, toWire } from '../../../src/platform/events.ts'
import { newId } from '../../../src/platform/ids.ts'
import { LOG } from '../../../src/platform/observability/log.ts'
import { consumeBatch } from '../../../src/platform/queues/consume.ts'
import type { Delivery } from '../../../src/platform/queues/delivery.ts'
import { LANES } from '../../../src/platform/queues/lanes.ts'
import { type Once, subscriber } from '../../../src/platform/queues/subscriber.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere, type Outcome, type Process } from '../../support/faults.ts'
import { type Consume, holdQueues } from '../../support/held-queues.ts'

const queues = holdQueues()
const Happened = defineEvent('test.happened', 'test', z.strictObject({}))
const Followed = defineEvent('test.followed', 'test', z.strictObject({}))

/** A system outside. It survives whoever calls it, and remembers the keys that it was given. */
class Provider {
  readonly calls: string[] = []
  readonly #refusals: Error[]

  constructor(...refusals: Error[]) {
    this.#refusals = refusals
  }

  take(key: string): void {
    const refusal = this.#refusals.shift()
    if (refusal) throw refusal
    this.calls.push(key)
  }

  /** What has come of the calls, where keys are honoured. */
  get effects(): number {
    return new Set(this.calls).size
  }
}

interface World {
  eventId: string
  provider: Provider
}

/** All that a consumer needs of its process. */
type Host = Pick<Process, 'outside'> & { api: { isolate: Isolate } }

type Handle = (process: Host, world: World) => (ctx: ServiceContext) => Promise<void>

/** The queue's handler of a Worker that has one subscriber. */
function consumer(once: Once, handle: Handle): (process: Host, world: World) => Consume {
  return (process, world) => (batch, bindings, ctx) => {
    const { isolate } = process.api
    const defer = (work: Promise<unknown>) => ctx.waitUntil(work)
    return consumeBatch(batch, {
      subscribers: [subscriber('test.handle', Happened, { lane: 'critical', once }, handle(process, world))],
      makeContext: (delivery: Delivery | undefined) => createSystemContext(isolate, bindings, 'test', defer, delivery),
      bury: keepDeadLetter,
      log: isolate.log,
      clock: isolate.clock,
    })
  }
}

/** One event under way to its subscriber. */
async function sendOne(provider = new Provider()): Promise<World> {
  const eventId = newId()
  const event = {
    id: eventId,
    type: Happened.type,
    version: 1,
    aggregateType: 'test',
    aggregateId: eventId,
    sequence: 1,
    occurredAt: Date.now(),
    correlationId: 'test-correlation',
    traceparent: '',
    payload: {},
  }
  queues.put(LANES.critical.queue, [{ subscriber: 'test.handle', event: toWire(event) }])
  return { eventId, provider }
}

function handleEverywhere(
  consume: ReturnType<typeof consumer>,
  check: (world: World, outcome: Outcome<void, undefined>) => Promise<void>,
  arrange: () => Promise<World> = sendOne,
): Promise<string[]> {
  const act = (process: Process, world: World) => queues.deliver({ process, consume: consume(process, world) })
  return crashEverywhere<World, void>({ queues, arrange, act, consume, check })
}

const count = async (query: string, id: string) => (await env.DB.prepare(query).bind(id).all()).results.length
const marksOf = (id: string) => count("select 1 from inbox where event_id = ? and state = 'done'", id)
const buriedOf = (id: string) => count('select 1 from dead_letters where event_id = ?', id)
const timesOf = (id: string) => env.DB.prepare('select times from effects where id = ?').bind(id).first<number>('times')

const callProvider: Handle = (process, { eventId, provider }) => {
  return () => process.outside('provider', async () => provider.take(eventId))
}

/** The event is about a user of its own id, who has a socket in one room: that is told once. */
async function arrangeSocket(): Promise<World> {
  const world = await sendOne()
  const { eventId } = world
  const admission = { sessionId: eventId, sessionExpiresAt: Date.now() + MINUTE_MS, objectName: `room of ${eventId}` }
  await env.USER_SOCKET.getByName(eventId).admit(currentCall(), admission)
  return world
}

const endSessions: Handle = (_process, { eventId }) => {
  return async (ctx) => {
    await ctx.userSocket(eventId).endSessions({ sessionIds: [eventId], before: Date.now() }, eventId)
  }
}

/** Would be seen if it ran twice. */
const addOne: Handle = (_process, { eventId }) => {
  return (ctx) =>
    ctx.core.commit([
      sql`insert into effects values (${eventId}, 1) on conflict do update set times = times + 1`,
      ctx.event(Followed, { aggregateId: eventId, sequence: 1, payload: {} }),
    ])
}

beforeAll(async () => {
  await env.DB.exec('create table effects (id text primary key, times integer not null)')
})

describe('a message whose handling is cut off at any call', () => {
  it('has its effect exactly once where that is one batch, and so has the event that it makes (R28.7, R35.5)', async () => {
    const calls = await handleEverywhere(consumer({ by: 'batch', store: 'core' }, addOne), async ({ eventId }) => {
      expect(await timesOf(eventId)).toBe(1)
      expect(await count('select 1 from outbox where aggregate_id = ?', eventId)).toBe(1)
      expect([await marksOf(eventId), await buriedOf(eventId)]).toEqual([1, 0])
    })
    expect(calls).toContain('DB.batch(insert outbox; insert inbox; insert effects)')
  })

  it('is marked once also where there is nothing to change', async () => {
    const nothing: Handle = () => async () => undefined
    await handleEverywhere(consumer({ by: 'batch', store: 'core' }, nothing), async ({ eventId }) => {
      expect([await marksOf(eventId), await buriedOf(eventId)]).toEqual([1, 0])
    })
  })

  it('is skipped when it comes again, and the log says so (R35.5)', async () => {
    const world = await sendOne()
    const { isolate } = createApi({ settings: { LOG_LEVEL: 'info' } })
    const lines = vi.spyOn(console, 'info').mockImplementation(() => undefined)
    const consume = consumer({ by: 'batch', store: 'core' }, addOne)(
      { api: { isolate }, outside: (_name, call) => call() },
      world,
    )
    await queues.deliver({ twice: true, consume })
    const skipped = lines.mock.calls.flat().filter((line) => String(line).includes(LOG.duplicate))
    lines.mockRestore()
    expect(await timesOf(world.eventId)).toBe(1)
    expect(skipped).toEqual([expect.stringContaining(world.eventId)])
  })

  it('has one effect at a provider that honours its key, however often it is told (R28.7, R35.5)', async () => {
    const repeat = consumer({ by: 'outside', store: 'core', whenUnknown: 'repeat' }, callProvider)
    const calls = await handleEverywhere(repeat, async ({ eventId, provider }) => {
      expect(provider.effects).toBe(1)
      expect([await marksOf(eventId), await buriedOf(eventId)]).toEqual([1, 0])
    })
    expect(calls).toContain('provider')
  })

  it('has one effect at an object that remembers events, however often it is told (R28.7, R35.5)', async () => {
    const told = vi.spyOn(UserSocket.prototype, 'endSessions')
    const effects = vi.spyOn(ChatRoom.prototype, 'endSessions')
    const timesTold = new Set<number>()
    const check = async ({ eventId }: World) => {
      timesTold.add(told.mock.calls.filter(([, , id]) => id === eventId).length)
      expect(effects.mock.calls.filter(([, userId]) => userId === eventId)).toHaveLength(1)
      expect([await marksOf(eventId), await buriedOf(eventId)]).toEqual([1, 0])
    }
    const calls = await handleEverywhere(consumer({ by: 'object', store: 'core' }, endSessions), check, arrangeSocket)
    told.mockRestore()
    effects.mockRestore()
    expect(calls).toContain('USER_SOCKET.endSessions')
    // Otherwise nothing here has asked the object to remember.
    expect(Math.max(...timesTold)).toBeGreaterThan(1)
  })

  it('calls a provider without keys at most once, and not at all only where a call may have been made (R35.5)', async () => {
    const giveUp = consumer({ by: 'outside', store: 'core', whenUnknown: 'give-up' }, callProvider)
    const calls = await handleEverywhere(giveUp, async ({ eventId, provider }, { fault }) => {
      // From the claim until the call's answer nobody knows how far it went.
      const isUnknown = fault?.call === 'provider' || (fault?.call.includes('insert inbox') && fault.side === 'after')
      const wasCalled = !isUnknown || (fault?.call === 'provider' && fault.side === 'after')
      expect(provider.calls).toHaveLength(wasCalled ? 1 : 0)
      expect([await marksOf(eventId), await buriedOf(eventId)]).toEqual([1, 0])
    })
    expect(calls).toHaveLength(3)
  })

  it('calls a provider again that has said no, keys or not', async () => {
    const sayNoOnce = () => sendOne(new Provider(new Refusal('UNPROCESSABLE', 'Not today')))
    for (const whenUnknown of ['repeat', 'give-up'] as const) {
      const consume = consumer({ by: 'outside', store: 'core', whenUnknown }, callProvider)
      const check = async ({ eventId, provider }: World, { fault }: Outcome<void, undefined>) => {
        if (fault === undefined || whenUnknown === 'repeat') expect(provider.effects).toBe(1)
        expect(provider.calls.length).toBeLessThanOrEqual(whenUnknown === 'repeat' ? 9 : 1)
        expect([await marksOf(eventId), await buriedOf(eventId)]).toEqual([1, 0])
      }
      await handleEverywhere(consume, check, sayNoOnce)
    }
  })
})
