import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Env } from '../../src/env.ts'
import { createIsolate } from '../../src/isolate.ts'
import { idFloor, newId } from '../../src/platform/ids.ts'
import { sweepAll } from '../../src/scheduled.ts'
import { SUBSCRIBERS } from '../../src/subscribers.ts'
import { PRODUCTION } from '../support/production.ts'
import { bindings, recordingQueue } from '../support/queues.ts'

const HOUR_MS = 3_600_000
/** Heard by one subscriber each, whose marks are in different databases. */
const REVOKED = { type: 'sessions.revoked', subscriber: 'identity.close-sockets' }
const INVITED = { type: 'room.person_invited', subscriber: 'notifications.tell-invited' }

interface Row {
  id: string
  type: string
  /** Milliseconds; null where it was never sent. */
  sentAt: number | null
}

async function insertEvents(rows: readonly Row[], database = env.DB): Promise<void> {
  await database
    .prepare(
      `insert into outbox
         (id, type, version, aggregate_type, aggregate_id, sequence, occurred_at, correlation_id, traceparent, payload, sent_at)
       select value ->> 'id', value ->> 'type', 1, 'law', 'law', 1, 0, 'correlation', '', '{}', value ->> 'sentAt'
       from json_each(?)`,
    )
    .bind(JSON.stringify(rows))
    .run()
}

const mark = (database: D1Database, subscriber: string, eventId: string, state = 'done') =>
  database.prepare('insert into inbox values (?, ?, 1, 1, ?)').bind(subscriber, eventId, state).run()

const giveUp = (subscriber: string, eventId: string, status: string) =>
  env.DB.prepare(
    `insert into dead_letters (id, subject, lane, body, attempts, status, first_seen_at, last_seen_at)
     values (?, ?, 'critical', '{}', 5, ?, 1, 1)`,
  )
    .bind(newId(), `${subscriber} ${eventId}`, status)
    .run()

/** A process that begins now, whose queues take or refuse what the sweep sends. */
function begin(given: { accept?: () => Promise<void>; settings?: Partial<Env> } = {}) {
  const { queue, messages } = recordingQueue(given.accept)
  const own = bindings({ CRITICAL_QUEUE: queue, NORMAL_QUEUE: queue, BULK_QUEUE: queue, ...given.settings })
  const isolate = createIsolate(own)
  return { sweep: () => sweepAll(isolate, own), sent: () => messages.map((m) => `${m.subscriber} ${m.event.id}`) }
}

beforeEach(async () => {
  for (const database of [env.DB, env.ACTIVITY_DB]) await database.exec('delete from outbox; delete from inbox')
  await env.DB.exec('delete from dead_letters')
})

describe('what the local queues forgot with their process', () => {
  it('is sent again to those who have not handled it, in whichever database they say so (R33.7)', async () => {
    const [lost, handled, told, untold, other] = [newId(), newId(), newId(), newId(), newId()]
    const sentAt = Date.now() - 1
    await insertEvents([
      { id: lost, type: REVOKED.type, sentAt },
      { id: handled, type: REVOKED.type, sentAt },
      { id: told, type: INVITED.type, sentAt },
      { id: untold, type: INVITED.type, sentAt },
      { id: newId(), type: 'nobody.hears', sentAt },
    ])
    await insertEvents([{ id: other, type: REVOKED.type, sentAt }], env.ACTIVITY_DB)
    await mark(env.DB, REVOKED.subscriber, handled)
    await mark(env.ACTIVITY_DB, INVITED.subscriber, told)
    const { sweep, sent } = begin()
    await sweep()
    expect(sent().toSorted()).toEqual(
      [`${REVOKED.subscriber} ${lost}`, `${INVITED.subscriber} ${untold}`, `${REVOKED.subscriber} ${other}`].toSorted(),
    )
  })

  it('is sent again by each process once, and by the next one if it is forgotten again', async () => {
    const id = newId()
    await insertEvents([{ id, type: REVOKED.type, sentAt: Date.now() - 1 }])
    for (const process of [begin(), begin()]) {
      await process.sweep()
      await process.sweep()
      expect(process.sent()).toEqual([`${REVOKED.subscriber} ${id}`])
    }
  })

  it('is sent again where a process died between its claim and its mark', async () => {
    const id = newId()
    await insertEvents([{ id, type: REVOKED.type, sentAt: Date.now() - 1 }])
    await mark(env.DB, REVOKED.subscriber, id, 'claimed')
    const { sweep, sent } = begin()
    await sweep()
    expect(sent()).toEqual([`${REVOKED.subscriber} ${id}`])
  })

  it('is left alone where it was given up, until an admin has it tried again (R38.7)', async () => {
    const [waiting, discarded, redriven] = [newId(), newId(), newId()]
    await insertEvents([waiting, discarded, redriven].map((id) => ({ id, type: REVOKED.type, sentAt: Date.now() - 1 })))
    await giveUp(REVOKED.subscriber, waiting, 'waiting')
    await giveUp(REVOKED.subscriber, discarded, 'discarded')
    await giveUp(REVOKED.subscriber, redriven, 'redriven')
    const { sweep, sent } = begin()
    await sweep()
    expect(sent()).toEqual([`${REVOKED.subscriber} ${redriven}`])
  })

  it('is neither what this process has sent, nor what is older than a day', async () => {
    const old = idFloor(Date.now() - 25 * HOUR_MS)
    await insertEvents([
      { id: old, type: REVOKED.type, sentAt: Date.now() - 25 * HOUR_MS },
      { id: newId(), type: REVOKED.type, sentAt: Date.now() + HOUR_MS },
    ])
    const { sweep, sent } = begin()
    await sweep()
    expect(sent()).toEqual([])
  })

  it('is sent again however much it is, and what a queue refuses is not passed over', async () => {
    const ids = Array.from({ length: 1_100 }, () => newId())
    await insertEvents(ids.map((id) => ({ id, type: REVOKED.type, sentAt: Date.now() - 1 })))
    let accepted = 0
    const process = begin({
      accept: async () => {
        accepted += 1
        if (accepted === 7) throw new Error('The queue is overloaded')
      },
    })
    await process.sweep()
    // Two batches of the second five hundred were taken before the refusal: they come twice.
    await process.sweep()
    expect(process.sent()).toHaveLength(1_100 + 100)
    expect(new Set(process.sent())).toEqual(new Set(ids.map((id) => `${REVOKED.subscriber} ${id}`)))
  })

  it('is nothing in production, whose queues forget nothing', async () => {
    await insertEvents([{ id: newId(), type: REVOKED.type, sentAt: Date.now() - 1 }])
    const { sweep, sent } = begin({ settings: { ...PRODUCTION, ALLOWED_HOSTS: 'selvage.test' } })
    await sweep()
    expect(sent()).toEqual([])
  })
})

it('knows the subscribers that these tests speak of', () => {
  for (const { type, subscriber } of [REVOKED, INVITED]) {
    expect(SUBSCRIBERS.filter(({ event }) => event.type === type).map(({ name }) => name)).toEqual([subscriber])
  }
})
