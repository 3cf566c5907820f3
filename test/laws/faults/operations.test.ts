import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import { keepDeadLetter } from '../../../src/features/operations/index.ts'
import type { DeadLetter } from '../../../src/features/operations/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { LANES } from '../../../src/platform/queues/lanes.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { raiseOne, unseenMessage, unseenMessages } from '../../support/unseen.ts'

const queues = holdQueues()
const api = createApi()
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const system = () => {
  const ctx = createExecutionContext()
  return createSystemContext(api.isolate, env, 'test', (work) => ctx.waitUntil(work))
}
const count = async (database: D1Database, query: string, ...values: unknown[]) =>
  (
    await database
      .prepare(query)
      .bind(...values)
      .all()
  ).results.length
const unreadOf = async (person: TestPerson) =>
  (await createApi().as(person).get<{ count: number }>('/v1/notifications/unread-count')).body.data.count

describe('cut off at any call', () => {
  it('reading all notifications happens once with a key: what came since stays unread (S1, R35.2)', async () => {
    const bob = await makePerson(api.isolate)
    const markAllRead = '/v1/notifications/mark-all-read'
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        await raiseOne(system(), unseenMessages(bob.id))
        return { key: newId() }
      },
      act: (process, { key }) => process.api.as(bob).post(markAllRead, undefined, keyed(key)),
      repeat: async (process, { key }) => {
        const wasRead = (await unreadOf(bob)) === 0
        await raiseOne(system(), unseenMessages(bob.id))
        const answer = await process.api.as(bob).post(markAllRead, undefined, keyed(key))
        return { answer, wasRead }
      },
      check: async (_world, { answer, again: { answer: again, wasRead } }) => {
        expect(again).toMatchObject({ status: 200, body: { data: { success: true } } })
        if (answer?.status === 200) expect(wasRead).toBe(true)
        expect(again.headers.get('idempotency-replayed')).toBe(wasRead ? 'true' : null)
        expect(await unreadOf(bob)).toBe(wasRead ? 1 : 0)
        await createApi().as(bob).post(markAllRead)
      },
    })
    expect(calls.join()).toContain('insert idempotency; insert commit_guard; insert notification_watermarks')
  })

  it('a dead letter that an admin redrives has its effect once in the end (S1, R35.2, R35.5)', async () => {
    const admin = await makePerson(api.isolate, { role: 'admin' })
    const reason = { reason: 'The database was down' }
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const userId = newId()
        const message = unseenMessage(unseenMessages(userId))
        const subject = `${message.subscriber} ${message.event.id}`
        const letter = { lane: 'normal', subject, message, body: message, attempts: 3, error: 'Error: down' } as const
        await keepDeadLetter(system(), letter)
        const id = await env.DB.prepare('select id from dead_letters where subject = ?')
          .bind(subject)
          .first<string>('id')
        return { id, userId, key: newId() }
      },
      act: async (process, { id, key }) => {
        const path = `/v1/admin/dead-letters/${id}/redrive`
        const answer = await process.api.as(admin).post<DeadLetter>(path, reason, keyed(key))
        await queues.deliver({ process })
        return answer
      },
      repeat: (process, { id, key }) =>
        process.api.as(admin).post<DeadLetter>(`/v1/admin/dead-letters/${id}/redrive`, reason, keyed(key)),
      check: async ({ id, userId }, { answer, again }) => {
        expect(again).toMatchObject({ status: 200, body: { data: { status: 'redriven' } } })
        if (answer?.status === 200) expect(again.body.data).toEqual(answer.body.data)
        expect(await env.DB.prepare('select status, version from dead_letters where id = ?').bind(id).first()).toEqual({
          status: 'redriven',
          version: 2,
        })
        expect(await count(env.DB, 'select 1 from outbox where aggregate_id = ? and sent_at is not null', id)).toBe(1)
        expect(await count(env.DB, 'select 1 from audit where target_id = ?', id)).toBe(1)
        expect(
          await count(env.ACTIVITY_DB, 'select 1 from notifications where user_id = ? and read_at is null', userId),
        ).toBe(1)
      },
    })
    // Decided, told, sent again, and handled.
    expect(calls.join()).toMatch(/insert outbox.*CRITICAL_QUEUE\.sendBatch.*NORMAL_QUEUE\.send,.*insert notifications/)
  })

  it('a message that fails whenever it is tried is kept for an admin, in one row', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const message = unseenMessage({ ...unseenMessages(newId()), count: -1 })
        queues.put(LANES.normal.queue, [message])
        return message.event.id
      },
      act: (process) => queues.deliver({ process }),
      check: async (eventId) => {
        const letters = env.DB.prepare('select status, subscriber from dead_letters where event_id = ?')
        expect((await letters.bind(eventId).all()).results).toEqual([
          { status: 'waiting', subscriber: 'notifications.raise-new-message' },
        ])
        expect(await count(env.ACTIVITY_DB, 'select 1 from inbox where event_id = ?', eventId)).toBe(0)
      },
    })
    expect(calls).toEqual(['DB.batch(insert dead_letters)'])
  })
})
