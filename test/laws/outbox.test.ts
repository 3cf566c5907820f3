import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Env } from '../../src/env.ts'
import { createIsolate } from '../../src/isolate.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { countMessages, type RelayPorts, sendToSubscribers } from '../../src/platform/outbox/relay.ts'
import { backoff, LaneMessage } from '../../src/platform/queues/lanes.ts'
import { sweepAll } from '../../src/scheduled.ts'
import { createApi } from '../support/api.ts'
import { makePerson, type TestPerson } from '../support/people.ts'
import { makePair } from '../support/rooms.ts'
import { openRoom, openSocket } from '../support/sockets.ts'

/** A queue that keeps what it is given, after `accept` has let it. */
function recordingQueue(accept: () => Promise<void> = async () => undefined) {
  const batches: LaneMessage[][] = []
  const queue = {
    sendBatch: async (messages: Iterable<MessageSendRequest>) => {
      await accept()
      batches.push([...messages].map(({ body }) => LaneMessage.parse(body)))
    },
  } as unknown as Queue
  const eventIds = () => batches.flat().map(({ event }) => event.id)
  return { queue, batches, eventIds }
}

const refusingQueue = () =>
  recordingQueue(async () => {
    throw new Error('The queue is overloaded')
  }).queue

const bindings = (given: Partial<Env>) => ({ ...env, ...given }) as Env

interface Row {
  id: string
  type: string
  sent_at: number | null
}

/** The events of one person's sessions, as the outbox of the core database has them. */
async function eventsOf(person: TestPerson): Promise<Row[]> {
  const found = env.DB.prepare('select id, type, sent_at from outbox where aggregate_id = ? order by id')
  return (await found.bind(person.id).all<Row>()).results
}

/** Lets time pass for rows of an outbox: the sweep leaves young ones to the requests that wrote them. */
async function age(ids: readonly string[], ms = 5_001): Promise<void> {
  await env.DB.prepare('update outbox set occurred_at = ? where id in (select value from json_each(?))')
    .bind(Date.now() - ms, JSON.stringify(ids))
    .run()
}

async function insertEvents(database: D1Database, events: { id: string; occurredAt: number; sentAt?: number }[]) {
  await database
    .prepare(
      `insert into outbox
         (id, type, version, aggregate_type, aggregate_id, sequence, occurred_at, correlation_id, traceparent, payload, sent_at)
       select value ->> 'id', 'sessions.revoked', 1, 'user_sessions', value ->> 'id', 1, value ->> 'occurredAt',
         'correlation', '', '{}', value ->> 'sentAt'
       from json_each(?)`,
    )
    .bind(JSON.stringify(events))
    .run()
}

const isolate = createIsolate(env)
const sweepInto = async (given: Partial<Env>) => sweepAll(isolate, bindings(given))

beforeEach(async () => {
  await Promise.all([env.DB, env.ACTIVITY_DB].map((database) => database.exec('delete from outbox')))
})

describe('an event that was committed', () => {
  it('is relayed after the answer, one message for each subscriber, and marked as sent (R33.7)', async () => {
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const critical = recordingQueue(() => gate)
    const given = { CRITICAL_QUEUE: critical.queue }
    const api = createApi({ env: given })
    const ann = await makePerson(api.isolate)

    const ctx = createExecutionContext()
    const request = new Request('http://localhost/v1/auth/logout', {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.accessToken}` },
    })
    const response = await api.app.fetch(request, bindings(given), ctx)
    expect(response.status).toBe(200)
    expect(await eventsOf(ann)).toMatchObject([{ type: 'sessions.revoked', sent_at: null }])

    open()
    await waitOnExecutionContext(ctx)
    const [row] = await eventsOf(ann)
    expect(row?.sent_at).toEqual(expect.any(Number))
    expect(critical.batches).toEqual([
      [
        {
          subscriber: 'identity.close-sockets',
          event: {
            id: row?.id,
            type: 'sessions.revoked',
            version: 1,
            aggregateType: 'user_sessions',
            aggregateId: ann.id,
            sequence: expect.any(Number),
            occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
            correlationId: response.headers.get('x-request-id'),
            traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/),
            payload: expect.objectContaining({ userId: ann.id, sessionIds: [ann.sessionId], reason: 'signed_out' }),
          },
        },
      ],
    ])
  })

  it('is never lost with its queue: the request succeeds, and the sweep sends it later (R33.7)', async () => {
    const api = createApi({ env: { CRITICAL_QUEUE: refusingQueue() } })
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    expect((await api.as(ann).post('/v1/auth/logout')).status).toBe(200)
    expect((await api.as(bob).post('/v1/auth/logout')).status).toBe(200)
    expect((await createApi().as(ann).get('/v1/auth/me')).status).toBe(401)
    const [[annsEvent], [bobsEvent]] = [await eventsOf(ann), await eventsOf(bob)]
    expect([annsEvent?.sent_at, bobsEvent?.sent_at]).toEqual([null, null])

    await age([annsEvent?.id ?? ''])
    const critical = recordingQueue()
    await sweepInto({ CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds()).toEqual([annsEvent?.id])
    expect(await eventsOf(ann)).toMatchObject([{ sent_at: expect.any(Number) }])
    // Bob's is young: the request that wrote it may still be at it.
    expect(await eventsOf(bob)).toMatchObject([{ sent_at: null }])
  })
})

describe('the sweep', () => {
  it('sends exactly what is unsent and older than five seconds, of every database, oldest first', async () => {
    const at = Date.now()
    const [old, older, young, sent, other] = [newId(), newId(), newId(), newId(), newId()]
    await insertEvents(env.DB, [
      { id: old, occurredAt: at - 6_000 },
      { id: older, occurredAt: at - 600_000 },
      { id: young, occurredAt: at - 1_000 },
      { id: sent, occurredAt: at - 600_000, sentAt: at },
    ])
    await insertEvents(env.ACTIVITY_DB, [{ id: other, occurredAt: at - 7_000 }])
    const critical = recordingQueue()
    await sweepInto({ CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds().filter((id) => id !== other)).toEqual([older, old])
    expect(critical.eventIds()).toContain(other)
    await sweepInto({ CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds()).toHaveLength(3)
  })

  it('leaves unsent what the queue refuses once more, and sends it the next time (R28.6)', async () => {
    const id = newId()
    await insertEvents(env.DB, [{ id, occurredAt: Date.now() - 6_000 }])
    await sweepInto({ CRITICAL_QUEUE: refusingQueue() })
    const critical = recordingQueue()
    await sweepInto({ CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds()).toEqual([id])
  })

  it('goes on for one database while another is down', async () => {
    const id = newId()
    await insertEvents(env.ACTIVITY_DB, [{ id, occurredAt: Date.now() - 6_000 }])
    const down = () => {
      throw new Error('The database is down')
    }
    const critical = recordingQueue()
    await sweepInto({ DB: { prepare: down, batch: down } as unknown as D1Database, CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds()).toEqual([id])
  })

  it('sends a pile of up to five thousand in one go, oldest first, and the rest in the next, each once', async () => {
    const ids = Array.from({ length: 5_120 }, () => newId())
    const at = Date.now() - 60_000
    await insertEvents(
      env.DB,
      ids.map((id, i) => ({ id, occurredAt: at + i })),
    )
    const critical = recordingQueue()
    await sweepInto({ CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds()).toEqual(ids.slice(0, 5_000))
    await sweepInto({ CRITICAL_QUEUE: critical.queue })
    expect(critical.eventIds()).toEqual(ids)
  })

  it('sends the others of a pile in which one is refused by its queue', async () => {
    const ids = Array.from({ length: 20 }, () => newId())
    await insertEvents(
      env.DB,
      ids.map((id, i) => ({ id, occurredAt: Date.now() - 60_000 + i })),
    )
    const taken: string[] = []
    const queue = {
      sendBatch: async (given: Iterable<MessageSendRequest>) => {
        const batch = [...given].map(({ body }) => LaneMessage.parse(body).event.id)
        if (batch.includes(ids[3] ?? '')) throw new Error('The message is too large')
        taken.push(...batch)
      },
    } as unknown as Queue
    await sweepInto({ CRITICAL_QUEUE: queue })
    expect(taken).toEqual(ids.filter((_, i) => i !== 3))
    const unsent = await env.DB.prepare('select id from outbox where sent_at is null').all<{ id: string }>()
    expect(unsent.results).toEqual([{ id: ids[3] }])
  })
})

describe('the batches that a relay sends', () => {
  const event = (payload: unknown): EventEnvelope => ({
    id: newId(),
    type: 'something.happened',
    version: 1,
    aggregateType: 'something',
    aggregateId: newId(),
    sequence: 1,
    occurredAt: Date.now(),
    correlationId: 'correlation',
    traceparent: '',
    payload,
  })
  const route = (name: string, lane: 'critical' | 'normal', type = 'something.happened') =>
    ({ name, lane, event: { type } }) as RelayPorts['routes'][number]
  const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength

  async function relay(events: EventEnvelope[], routes: RelayPorts['routes']) {
    const [critical, normal, bulk] = [recordingQueue(), recordingQueue(), recordingQueue()]
    const queues = { critical: critical.queue, normal: normal.queue, bulk: bulk.queue }
    await sendToSubscribers(events, { queues, routes })
    return { critical, normal, sends: countMessages(events, routes) }
  }

  it.each([
    ['many small ones', 250, 'x'],
    ['some large ones', 20, 'x'.repeat(60_000)],
    ['some that are large in bytes, not in letters', 20, '織'.repeat(20_000)],
    ['exactly a hundred', 100, 'x'],
    ['one hundred and one', 101, 'x'],
  ])(
    'stay within 100 messages and 256 KB, and hold all of them in their order: %s (R0.9)',
    async (_name, count, text) => {
      const events = Array.from({ length: count }, () => event({ text }))
      const { critical, sends } = await relay(events, [route('one', 'critical')])
      for (const batch of critical.batches) {
        expect(batch.length).toBeLessThanOrEqual(100)
        expect(bytes(batch)).toBeLessThanOrEqual(256_000)
      }
      expect(critical.eventIds()).toEqual(events.map(({ id }) => id))
      expect(sends).toBe(count)
      const fewest = Math.max(Math.ceil(count / 100), Math.ceil(bytes(critical.batches.flat()) / 256_000))
      expect(critical.batches.length).toBeLessThanOrEqual(fewest * 2)
    },
  )

  it('hold one message for each subscriber, on its own lane, and none for an event that nobody hears', async () => {
    const [heard, unheard] = [event({}), { ...event({}), type: 'something.else' }]
    const routes = [
      route('a', 'critical'),
      route('b', 'normal'),
      route('c', 'normal'),
      route('d', 'normal', 'not.this'),
    ]
    const { critical, normal } = await relay([heard, unheard], routes)
    const told = ({ batches }: typeof critical) => batches.map((batch) => batch.map((m) => [m.subscriber, m.event.id]))
    expect(told(critical)).toEqual([[['a', heard.id]]])
    expect(told(normal)).toEqual([
      [
        ['b', heard.id],
        ['c', heard.id],
      ],
    ])
  })
})

describe('the time before a message is tried again', () => {
  it.each([
    ['critical', 1, 2, 0.3],
    ['critical', 2, 4, 0.3],
    ['critical', 3, 8, 0.3],
    ['critical', 4, 16, 0.3],
    ['critical', 9, 16, 0.3],
    ['normal', 1, 10, 0.1],
    ['normal', 2, 60, 0.1],
    ['normal', 3, 300, 0.1],
    ['normal', 4, 300, 0.1],
    ['normal', 9, 300, 0.1],
    ['bulk', 1, 60, 0.1],
    ['bulk', 2, 300, 0.1],
    ['bulk', 9, 300, 0.1],
  ] as const)('on the lane %s after attempt %i is %i s, give or take %f of it', (lane, attempt, seconds, jitter) => {
    const at = (random: number) => backoff(lane, attempt, () => random)
    expect(at(0.5)).toBe(seconds)
    expect(at(0)).toBe(Math.max(1, Math.round(seconds * (1 - jitter))))
    expect(at(1 - Number.EPSILON)).toBe(Math.round(seconds * (1 + jitter)))
    const drawn = Array.from({ length: 200 }, () => backoff(lane, attempt))
    expect(drawn.every((delay) => Number.isInteger(delay) && delay >= at(0) && delay <= at(1))).toBe(true)
    expect(new Set(drawn).size).toBeGreaterThan(1)
  })
})

describe('the end of a session, told by its event', () => {
  /** An API whose direct calls to the objects of users fail. */
  function cutOff(given: Partial<Env> = {}) {
    const endSessions = vi.fn(async () => {
      throw new Error('The object cannot be reached')
    })
    const USER_SOCKET = { getByName: () => ({ endSessions }) } as unknown as Env['USER_SOCKET']
    return { api: createApi({ env: { USER_SOCKET, ...given } }), endSessions }
  }

  it('closes all sockets of the person also when the call to do so failed, and nobody else’s', async () => {
    const api = createApi()
    const { ann, bob, room } = await makePair(api)
    const [chat, bell] = [await openRoom(api, ann, room.id), await openSocket(api, ann, '/v1/notifications/ws')]
    const bobs = await openRoom(api, bob, room.id)
    const { api: failing, endSessions } = cutOff()
    expect((await failing.as(ann).post('/v1/auth/logout-all')).status).toBe(200)
    expect(endSessions).toHaveBeenCalledTimes(1)
    expect((await chat.untilClosed()).code).toBe(4401)
    expect((await bell.untilClosed()).code).toBe(4401)
    bobs.send('message:send', { content: 'still here' }, 1)
    expect((await bobs.ack(1)).data.success).toBe(true)
  })

  it('closes them also when the queue had refused the event at first: the sweep brings it', async () => {
    const api = createApi()
    const { ann, room } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    const { api: failing } = cutOff({ CRITICAL_QUEUE: refusingQueue() })
    expect((await failing.as(ann).post('/v1/auth/logout')).status).toBe(200)
    const [event] = await eventsOf(ann)
    expect(event?.sent_at).toBeNull()
    // Nothing has told the sockets yet: the room still answers on them.
    socket.sendRaw('ping')
    await vi.waitFor(() => expect(socket.frames).toContain('pong'))
    expect(socket.closed).toBeUndefined()

    await age([event?.id ?? ''])
    await sweepAll(isolate, env)
    expect((await socket.untilClosed()).code).toBe(4401)
  })
})
