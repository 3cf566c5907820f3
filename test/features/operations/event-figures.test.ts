import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EventFigures } from '../../../src/features/operations/schemas.ts'
import { idFloor, newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const SUBSCRIBER = 'chat.project-room'

const queueOf = (metrics: () => Promise<{ backlogCount: number }>) => ({ metrics }) as unknown as Queue
const queues = {
  CRITICAL_QUEUE: queueOf(async () => ({ backlogCount: 3 })),
  NORMAL_QUEUE: queueOf(async () => ({ backlogCount: 0 })),
  BULK_QUEUE: queueOf(async () => {
    throw new Error('The queue does not tell')
  }),
}

async function figures(): Promise<EventFigures> {
  const api = createApi({ env: queues, clock: () => NOW })
  const admin = await makePerson(api.isolate, { role: 'admin' })
  const { status, body } = await api.as(admin).get<EventFigures>('/v1/admin/events')
  expect(status).toBe(200)
  return body.data
}

async function insertUnsent(count: number, oldestAt: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => ({ id: newId(), at: oldestAt + i }))
  await env.DB.prepare(
    `insert into outbox
       (id, type, version, aggregate_type, aggregate_id, sequence, occurred_at, correlation_id, traceparent, payload, sent_at)
     select value ->> 'id', 'law.happened', 1, 'law', 'law', 1, value ->> 'at', 'correlation', '', '{}', null from json_each(?)`,
  )
    .bind(JSON.stringify(rows))
    .run()
}

const outboxOf = ({ outboxes }: EventFigures, name: string) => outboxes.find(({ database }) => database === name)
const lagOf = ({ lags }: EventFigures) => lags.find(({ name }) => name === SUBSCRIBER)

beforeEach(async () => {
  await env.DB.batch(['outbox', 'inbox', 'dead_letters'].map((table) => env.DB.prepare(`delete from ${table}`)))
})

describe('the figures of events', () => {
  it('say how many events of which database wait to be sent, and for how long the oldest does (R33.7)', async () => {
    expect(outboxOf(await figures(), 'core')).toEqual({ database: 'core', unsent: 0, oldestUnsentSeconds: 0 })
    await insertUnsent(3, NOW - 90_500)
    const found = await figures()
    expect(outboxOf(found, 'core')).toEqual({ database: 'core', unsent: 3, oldestUnsentSeconds: 90 })
    expect(outboxOf(found, 'activity')).toEqual({ database: 'activity', unsent: 0, oldestUnsentSeconds: 0 })
  })

  it('count no further than a thousand, and know the oldest all the same', async () => {
    await insertUnsent(1_200, NOW - 600_000)
    expect(outboxOf(await figures(), 'core')).toEqual({ database: 'core', unsent: 1_000, oldestUnsentSeconds: 600 })
  })

  it('tell how late the newest twenty effects of a subscriber came', async () => {
    expect(lagOf(await figures())).toEqual({ name: SUBSCRIBER, lane: 'critical', samples: 0, medianMs: 0, maxMs: 0 })
    // The five oldest were very late, and are not among the newest twenty.
    const rows = Array.from({ length: 25 }, (_, i) => ({
      id: idFloor(NOW + i),
      lag: i < 5 ? 1_000_000 : (25 - i) * 10,
    }))
    await env.DB.prepare(
      `insert into inbox (subscriber, event_id, handled_at, occurred_at)
       select ?, value ->> 'id', 5000000 + (value ->> 'lag'), 5000000 from json_each(?)`,
    )
      .bind(SUBSCRIBER, JSON.stringify(rows))
      .run()
    expect(lagOf(await figures())).toEqual({
      name: SUBSCRIBER,
      lane: 'critical',
      samples: 20,
      medianMs: 110,
      maxMs: 200,
    })
  })

  it('tell what waits in each queue, and no number where the platform does not', async () => {
    expect((await figures()).lanes).toEqual([
      { lane: 'critical', backlog: 3 },
      { lane: 'normal', backlog: 0 },
      { lane: 'bulk', backlog: null },
    ])
  })

  it('count the dead letters that wait for a decision, not those that have one (R38.7)', async () => {
    const letter = (status: string) =>
      env.DB.prepare(
        `insert into dead_letters (id, subject, lane, body, attempts, status, first_seen_at, last_seen_at)
         values (?, ?, 'critical', '{}', 3, ?, 1, 1)`,
      ).bind(newId(), newId(), status)
    await env.DB.batch(['waiting', 'waiting', 'redriven', 'discarded'].map(letter))
    expect((await figures()).deadLettersWaiting).toBe(2)
  })
})
