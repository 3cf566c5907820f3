import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { RoomSeen, RoomSummarised } from '../../../src/features/chat/events.ts'
import { createIsolate } from '../../../src/isolate.ts'
import { MINUTE_MS } from '../../../src/platform/clock.ts'
import { newId } from '../../../src/platform/ids.ts'
import { LANES } from '../../../src/platform/queues/lanes.ts'
import { sweepAll } from '../../../src/scheduled.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere, sweep } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { eventOf, messageFor } from '../../support/queues.ts'
import { openSocket } from '../../support/sockets.ts'
import { unseenMessage, unseenMessages } from '../../support/unseen.ts'

const queues = holdQueues()
const INSERT_ROOM = `
  insert into rooms (id, object_name, type, name, created_by, created_at, last_seq) values (?1, ?1, 'group', '', '', 0, 0)`

interface Traces {
  /** Whether the session has ended: the change itself. */
  ended: boolean
  /** Its events, and whether they were sent. */
  sent: boolean[]
  /** Marks of the event in the database's inbox, and in that of the user's object. */
  marks: number
  objectMarks: number
  /** Whether the effect is there: the object lets this session open nothing any more. */
  refuses: boolean
}

async function tracesOf({ id, sessionId }: TestPerson): Promise<Traces> {
  const [sessions, events, marks] = await env.DB.batch<Record<string, unknown>>([
    env.DB.prepare('select revoked_at from sessions where id = ?').bind(sessionId),
    env.DB.prepare('select id, sent_at from outbox where aggregate_id = ?').bind(id),
    env.DB.prepare(
      `select 1 from inbox where subscriber = 'identity.close-sockets' and state = 'done'
         and event_id in (select id from outbox where aggregate_id = ?)`,
    ).bind(id),
  ])
  const object = env.USER_SOCKET.getByName(id)
  const objectMarks = await runInDurableObject(
    object,
    (_socket, { storage }) => storage.sql.exec('select 1 from inbox').toArray().length,
  )
  const admission = { sessionId, sessionExpiresAt: Date.now() + 60_000 }
  const admitted = await object.admit({ correlationId: 'test', traceparent: '' }, admission)
  return {
    ended: sessions?.results[0]?.revoked_at !== null,
    sent: events?.results.map(({ sent_at }) => sent_at !== null) ?? [],
    marks: marks?.results.length ?? 0,
    objectMarks,
    refuses: !admitted.ok,
  }
}

const ALL_OF_IT: Traces = { ended: true, sent: [true], marks: 1, objectMarks: 1, refuses: true }
const NOTHING: Traces = { ended: false, sent: [], marks: 0, objectMarks: 0, refuses: false }

/** A process that begins with empty queues. */
async function startAnew(): Promise<void> {
  queues.clear()
  await sweepAll(
    createIsolate(env, () => Date.now() + MINUTE_MS),
    env,
  )
}

describe('an event, cut off anywhere between its commit and its effect', () => {
  it('has its effect if and only if the change was committed, though nobody asks again (R28.5, R33.7)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: () => makePerson(createApi().isolate),
      act: async (process, person) => {
        const answer = await process.api.as(person).post('/v1/auth/logout')
        await queues.deliver({ process })
        return answer
      },
      check: async (person, { answer, fault }) => {
        const traces = await tracesOf(person)
        expect(traces).toEqual(traces.ended ? ALL_OF_IT : NOTHING)
        if (answer?.status === 200 || !fault) expect(traces.ended).toBe(true)
      },
    })
    // Of the request, of the relay, and of the consumer.
    expect(calls.join()).toMatch(/update sessions.*CRITICAL_QUEUE\.sendBatch.*update outbox.*endSessions.*insert inbox/)
  })

  it('is sent by the sweep where its request did not, and has its effect (R33.7)', async () => {
    const refusing = { sendBatch: () => Promise.reject(new Error('The queue is overloaded')) } as unknown as Queue
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const api = createApi({ env: { CRITICAL_QUEUE: refusing } })
        const person = await makePerson(api.isolate)
        expect((await api.as(person).post('/v1/auth/logout')).status).toBe(200)
        expect((await tracesOf(person)).sent).toEqual([false])
        return person
      },
      act: async (process) => {
        await sweep(process.env)
        await queues.deliver({ process })
      },
      check: async (person) => expect(await tracesOf(person)).toEqual(ALL_OF_IT),
    })
    expect(calls.join()).toMatch(/select outbox.*CRITICAL_QUEUE\.sendBatch.*update outbox/)
  })

  it('has its effect also where the queue forgets what it took, as the local one does when it ends', async () => {
    await crashEverywhere({
      queues,
      arrange: () => makePerson(createApi().isolate),
      act: async (process, person) => {
        await process.api.as(person).post('/v1/auth/logout')
        await queues.deliver({ process })
      },
      repeat: startAnew,
      check: async (person) => {
        const traces = await tracesOf(person)
        expect(traces).toEqual(traces.ended ? ALL_OF_IT : NOTHING)
      },
    })
  })

  it('is sent again by a local process that finds it claimed but not done', async () => {
    const id = newId()
    const values = [id, 'dead_letter.redriven', 1, 'dead_letter', newId(), 2, Date.now(), 'correlation', '', '{}', 1, 0]
    await env.DB.batch([
      env.DB.prepare(`insert into outbox values (${values.map(() => '?').join(', ')})`).bind(...values),
      env.DB.prepare(
        `insert into inbox (subscriber, event_id, handled_at, state)
         values ('operations.resend-dead-letter', ?, 1, 'claimed')`,
      ).bind(id),
    ])
    await startAnew()
    expect(queues.countEvents('dead_letter.redriven', String(values[4]))).toBe(1)
    queues.clear()
  })

  it('raises its notification once and shows it at least once, also where several are handled together (R28.7, R35.5)', async () => {
    const api = createApi()
    const bob = await makePerson(api.isolate)
    const bell = await openSocket(api, bob, '/v1/notifications/ws')
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const first = unseenMessages(bob.id)
        const second = { ...first, seq: 2, count: 2, preview: 'the second' }
        queues.put(LANES.normal.queue, [second, first].map(unseenMessage))
        return { second }
      },
      act: (process) => queues.deliver({ process }),
      check: async ({ second }) => {
        const stored = env.ACTIVITY_DB.prepare('select version, count, message from notifications where id = ?')
        expect((await stored.bind(second.notificationId).all()).results).toEqual([
          { version: 2, count: 2, message: 'the second' },
        ])
        await bell.until(({ data }) => data.id === second.notificationId && data.version === 2)
      },
    })
    expect(calls).toContain('USER_SOCKET.notify')
    // One commit for both, which no mark stands in.
    expect(calls.filter((call) => call.includes('insert notifications'))).toEqual([
      'ACTIVITY_DB.batch(insert notifications)',
    ])
  })

  it('comes to the newest of each room, where what rooms tell of themselves is handled together (R28.7, R35.5)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const [one, two, userId] = [newId(), newId(), newId()]
        await env.DB.batch([one, two].map((id) => env.DB.prepare(INSERT_ROOM).bind(id)))
        const summary = (roomId: string, version: number, seenCount: number) => ({
          ...{ roomId, version, seq: version, at: version, messageCount: version, isLarge: false, message: null },
          ...{ deleted: [version], members: [{ userId, seenCount, mentionCount: 0 }] },
        })
        const seen = (roomId: string, seq: number) => ({ userId, roomId, seq, at: seq })
        queues.put(LANES.normal.queue, [
          ...[summary(one, 2, 2), summary(two, 1, 0), summary(one, 1, 1)].map((payload) =>
            messageFor('chat.project-summary', eventOf(RoomSummarised.type, { payload })),
          ),
          ...[seen(one, 7), seen(two, 3), seen(one, 5)].map((payload) =>
            messageFor('notifications.mark-room-seen', eventOf(RoomSeen.type, { payload })),
          ),
        ])
        return { one, two, userId }
      },
      act: (process) => queues.deliver({ process }),
      check: async ({ one, two, userId }) => {
        const rows = async (database: D1Database, query: string, ...values: string[]) =>
          (
            await database
              .prepare(query)
              .bind(...values)
              .raw()
          ).map((row) => row.join(' '))
        expect(await rows(env.DB, 'select summary_no, last_seq from rooms where id in (?, ?)', one, two)).toEqual(
          expect.arrayContaining(['2 2', '1 1']),
        )
        expect(await rows(env.DB, 'select room_id, seen_count from room_members where user_id = ?', userId)).toEqual(
          expect.arrayContaining([`${one} 2`, `${two} 0`]),
        )
        expect(await rows(env.DB, 'select ordinal from deleted_messages where room_id = ?', one)).toEqual(['1', '2'])
        const watermarks = 'select group_key, seen_version from notification_watermarks where user_id = ?'
        expect((await rows(env.ACTIVITY_DB, watermarks, userId)).toSorted()).toEqual(
          [`room:${one} 7`, `room:${two} 3`].toSorted(),
        )
      },
    })
    // One commit in each database.
    expect(calls.filter((call) => call.includes('.batch('))).toHaveLength(2)
  })
})
