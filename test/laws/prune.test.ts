import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { pruneSessions } from '../../src/features/identity/index.ts'
import worker from '../../src/index.ts'
import { createIsolate } from '../../src/isolate.ts'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../src/platform/clock.ts'
import { MeteredD1 } from '../../src/platform/db/metered-d1.ts'
import { pruneInChunks, prunePlatformTables } from '../../src/platform/db/prune.ts'
import { drizzleOver } from '../../src/platform/db/store.ts'
import { idFloor, newId } from '../../src/platform/ids.ts'
import { Meter } from '../../src/platform/observability/meter.ts'
import { pruneAll, pruneFeatures } from '../../src/scheduled.ts'
import { makePerson } from '../support/people.ts'
import { bindings, downDatabase, recordingLog } from '../support/queues.ts'

const NOW = Date.UTC(2026, 10, 22, 12)
const SUBSCRIBERS = ['chat.project-room', 'identity.close-sockets']
const db = drizzleOver(env.DB)

/** An id of that time; `n` tells those of one time apart. */
const idAt = (ms: number, n = 0) => idFloor(ms).slice(0, -6) + n.toString(16).padStart(6, '0')

function insert(table: string, columns: string, rows: readonly unknown[][], database = env.DB) {
  const values = columns.split(',').map((_, i) => `value ->> ${i}`)
  return database
    .prepare(`insert into ${table} (${columns}) select ${values.join(', ')} from json_each(?)`)
    .bind(JSON.stringify(rows))
    .run()
}

const OUTBOX =
  'id,type,version,aggregate_type,aggregate_id,sequence,occurred_at,correlation_id,traceparent,payload,sent_at'
const insertEvents = (events: { id: string; sentAt: number | null }[], database = env.DB) =>
  insert(
    'outbox',
    OUTBOX,
    events.map(({ id, sentAt }) => [id, 'law.happened', 1, 'law', 'law', 1, 1, 'law', '', '{}', sentAt]),
    database,
  )
const insertMarks = (marks: [subscriber: string, eventId: string][]) =>
  insert(
    'inbox',
    'subscriber,event_id,handled_at',
    marks.map((mark) => [...mark, 1]),
  )
const insertKeys = (keys: [hash: string, expiresAt: number][]) =>
  insert(
    'idempotency',
    'scope,key_hash,fingerprint,created_at,expires_at',
    keys.map(([hash, expiresAt]) => ['law', hash, 'same', 1, expiresAt]),
  )
const ids = async (column: string, table: string) =>
  (await env.DB.prepare(`select ${column} as id from ${table} order by 1`).all<{ id: string }>()).results.map(
    ({ id }) => id,
  )

beforeEach(async () => {
  const tables = ['outbox', 'inbox', 'idempotency', 'sessions', 'user_roles', 'users']
  await env.DB.batch(tables.map((table) => env.DB.prepare(`delete from ${table}`)))
  await env.ACTIVITY_DB.exec('delete from outbox')
})

describe('the pruning', () => {
  it('deletes events a week after they were sent, and unsent ones never', async () => {
    const [old, unsent, young] = [idAt(NOW - 7 * DAY_MS - 1), idAt(NOW - 30 * DAY_MS), idAt(NOW - 7 * DAY_MS)]
    await insertEvents([
      { id: old, sentAt: 1 },
      { id: unsent, sentAt: null },
      { id: young, sentAt: 1 },
    ])
    expect(await prunePlatformTables(db, SUBSCRIBERS, NOW)).toEqual({ outbox: 1, inbox: 0, idempotency: 0 })
    expect(await ids('id', 'outbox')).toEqual([unsent, young])
  })

  it('deletes events with a mail address in them a day after they were sent', async () => {
    const [old, young, other] = [idAt(NOW - DAY_MS - 1), idAt(NOW - DAY_MS), idAt(NOW - DAY_MS - 1, 7)]
    await insertEvents([old, young, other].map((id) => ({ id, sentAt: 1 })))
    await env.DB.prepare('update outbox set is_personal = 1 where id <> ?').bind(other).run()
    expect(await prunePlatformTables(db, SUBSCRIBERS, NOW)).toEqual({ outbox: 1, inbox: 0, idempotency: 0 })
    expect(await ids('id', 'outbox')).toEqual([other, young])
  })

  it('deletes marks of events that are older than three days, of every subscriber (R35.5)', async () => {
    const [old, young] = [idAt(NOW - 3 * DAY_MS - 1), idAt(NOW - 3 * DAY_MS)]
    await insertMarks(
      SUBSCRIBERS.flatMap((name) => [
        [name, old],
        [name, young],
      ]),
    )
    expect(await prunePlatformTables(db, SUBSCRIBERS, NOW)).toEqual({ outbox: 0, inbox: 2, idempotency: 0 })
    expect(await ids('event_id', 'inbox')).toEqual([young, young])
  })

  it('deletes idempotency keys once they have expired (R35.7)', async () => {
    await insertKeys([
      ['expired', NOW - 1],
      ['expiring', NOW],
      ['live', NOW + 1],
    ])
    expect(await prunePlatformTables(db, SUBSCRIBERS, NOW)).toEqual({ outbox: 0, inbox: 0, idempotency: 2 })
    expect(await ids('key_hash', 'idempotency')).toEqual(['live'])
  })

  it('deletes sessions that began 120 days ago, which is longer than any lives', async () => {
    const isolate = createIsolate(env)
    const { id: userId } = await makePerson(isolate)
    await env.DB.exec('delete from sessions')
    const [old, young] = [idAt(NOW - 120 * DAY_MS - 1), idAt(NOW - 120 * DAY_MS)]
    await insert(
      'sessions',
      'id,user_id,generation,refresh_hash,created_at,rotated_at,expires_at',
      [old, young].map((id) => [id, userId, 1, id, 1, 1, NOW + DAY_MS]),
    )
    expect(await pruneSessions(db, NOW)).toBe(1)
    expect(await ids('id', 'sessions')).toEqual([young])
  })

  it('takes a thousand rows at a time, until none is left of a pile', async () => {
    const log = recordingLog()
    const old = NOW - 10 * DAY_MS
    await insertEvents(Array.from({ length: 2_300 }, (_, i) => ({ id: idAt(old, i), sentAt: 1 })))
    await insertMarks(Array.from({ length: 2_000 }, (_, i) => [SUBSCRIBERS[i % 2] ?? '', idAt(old, i)]))
    await insertKeys(Array.from({ length: 1_001 }, (_, i) => [String(i), old]))
    const metered = drizzleOver(new MeteredD1(env.DB, new Meter(), log))
    expect(await prunePlatformTables(metered, SUBSCRIBERS, NOW)).toEqual({
      outbox: 2_300,
      inbox: 2_000,
      idempotency: 1_001,
    })
    const statements = log.of('SQL Query').map(({ sql }) => String(sql))
    const deletes = (table: string) => statements.filter((text) => text.includes(`delete from "${table}"`)).length
    // The last of each finds less than a thousand.
    expect([deletes('outbox'), deletes('inbox'), deletes('idempotency')]).toEqual([1 + 3, 3, 2])
  })

  it('logs what went, by database, and goes on where one of them is down (R35.7)', async () => {
    const old = Date.now() - 8 * DAY_MS
    await insertEvents([
      { id: idAt(old), sentAt: 1 },
      { id: idAt(old, 1), sentAt: 1 },
    ])
    await insertEvents([{ id: idAt(old), sentAt: 1 }], env.ACTIVITY_DB)
    await insertMarks([['chat.project-room', idAt(old)]])
    await insertKeys([['expired', Date.now() - HOUR_MS]])
    const log = recordingLog()
    await pruneAll({ ...createIsolate(env), log }, bindings({ ACTIVITY_DB: downDatabase() }))
    const first = [{ database: 'core', outbox: 2, inbox: 1, idempotency: 1 }]
    expect(log.of('Pruned')).toEqual(first)
    expect(log.of('Pruning Failed')).toMatchObject([{ database: 'activity' }])

    // Where nothing goes, nothing is said.
    await pruneAll({ ...createIsolate(env), log }, env)
    const second = [{ database: 'activity', outbox: 1, inbox: 0, idempotency: 0 }]
    expect(log.of('Pruned')).toEqual([...first, ...second])
    await pruneFeatures({ ...createIsolate(env), log }, env)
    expect(log.of('Pruned').slice(2)).toEqual(
      expect.arrayContaining([{ database: 'core', sessions: 0, spentTokens: 0, apiKeys: 0 }]),
    )
  })

  it('of what each request adds to happens every minute', async () => {
    const [old, young] = [idAt(Date.now() - 8 * DAY_MS), idAt(Date.now() - DAY_MS)]
    await insertEvents([old, young].map((id) => ({ id, sentAt: 1 })))
    await insertMarks([old, young].map((id) => ['chat.project-room', id]))
    await worker.scheduled({ cron: '* * * * *' } as ScheduledController, env, createExecutionContext())
    expect([await ids('id', 'outbox'), await ids('event_id', 'inbox')]).toEqual([[young], [young]])
  })

  it('leaves dead letters, whatever was decided on them (R38.7)', async () => {
    const letter =
      "insert into dead_letters (id, subject, lane, body, attempts, status, first_seen_at, last_seen_at) values (?, ?, 'bulk', '{}', 3, 'discarded', 1, 1)"
    const id = newId()
    await env.DB.prepare(letter).bind(id, id).run()
    await pruneAll(createIsolate(env), env)
    await pruneFeatures(createIsolate(env), env)
    expect(await ids('id', 'dead_letters')).toContain(id)
  })
})

/** A pile of rows in a database of which each delete of a thousand takes so long, and a clock that only that moves. */
function makePile(rows: number, chunkMs: number) {
  const pile = { rows, now: NOW, busyMs: 0 }
  const timing = {
    clock: () => pile.now,
    sleep: async (ms: number) => {
      pile.now += ms
    },
  }
  const deleteChunk = async () => {
    const gone = Math.min(1_000, pile.rows)
    pile.rows -= gone
    pile.now += chunkMs
    pile.busyMs += chunkMs
    return gone
  }
  return { pile, run: () => pruneInChunks(deleteChunk, timing) }
}

describe('a run of the pruning', () => {
  it.each([1, 40, 200, 5_000])(
    'is bounded in rows, in time and in its share of it, where a chunk takes %i ms',
    async (chunkMs) => {
      const { pile, run } = makePile(10_000_000, chunkMs)
      const gone = await run()
      expect(gone).toBeLessThanOrEqual(60_000)
      expect(gone).toBe(10_000_000 - pile.rows)
      expect(pile.now - NOW).toBeLessThanOrEqual(12 * SECOND_MS + chunkMs)
      // The last chunk needs no rest after it.
      expect(pile.busyMs - chunkMs).toBeLessThanOrEqual((pile.now - NOW) / 3)
    },
  )

  it.each([
    ['near', 40, 300],
    ['far away or busy', 200, 6_000],
  ])(
    'each minute keeps up with a million daily users and takes a pile away, where D1 is %s',
    async (_where, chunkMs, most) => {
      const { pile, run } = makePile(10_000_000, chunkMs)
      // As many as if each summary left a mark.
      const aMinute = (1_000_000 * 26) / (24 * 60)
      let runs = 0
      for (; pile.rows > aMinute; runs += 1) {
        await run()
        pile.rows += aMinute
        expect(runs).toBeLessThan(most)
      }
      expect(runs).toBeGreaterThan(0)
    },
  )
})
