import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Env } from '../../../src/env.ts'
import { RoomSeen } from '../../../src/features/chat/events.ts'
import type { DeadLetter, DeadLetterWithBody } from '../../../src/features/operations/schemas.ts'
import worker from '../../../src/index.ts'
import { newId } from '../../../src/platform/ids.ts'
import type { LaneMessage } from '../../../src/platform/queues/lanes.ts'
import { type Api, type Caller, createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import {
  bindings,
  deliverTo,
  downDatabase,
  eventOf,
  messageFor,
  recordingQueue,
  type Sent,
} from '../../support/queues.ts'

const SUBSCRIBER = 'notifications.mark-room-seen'
const reason = 'The database is back'

const [critical, normal] = [recordingQueue(), recordingQueue()]
const recording = { CRITICAL_QUEUE: critical.queue, NORMAL_QUEUE: normal.queue }
let api: Api
let admin: TestPerson
let as: Caller

/** The Worker's own consumer, with bindings that may fail. */
const consume = (queue: string, sent: Sent[], given: Partial<Env> = {}) =>
  deliverTo((batch, ctx) => worker.queue(batch, bindings({ ...recording, ...given }), ctx), queue, sent)

/** A message whose database was down until it was given up. */
async function giveUp(): Promise<{ message: LaneMessage; letter: DeadLetter; userId: string }> {
  const userId = newId()
  const payload = { userId, roomId: newId(), seq: 7, at: Date.now() }
  const message = messageFor(SUBSCRIBER, eventOf(RoomSeen.type, { aggregateType: 'room', payload }))
  await fail(message)
  const { body } = await as.get<DeadLetter[]>('/v1/admin/dead-letters?status=waiting')
  const letter = body.data.find(({ eventId }) => eventId === message.event.id)
  if (!letter) throw new Error('It was not given up')
  return { message, letter, userId }
}

const fail = async (message: LaneMessage) => {
  const last = await consume('selvage-normal', [{ id: 'last', body: message, attempts: 3 }], {
    ACTIVITY_DB: downDatabase(),
  })
  expect(last.acknowledged).toEqual(['last'])
}

const decide = (letter: DeadLetter, decision: 'redrive' | 'discard') =>
  as.post<DeadLetter>(`/v1/admin/dead-letters/${letter.id}/${decision}`, { reason })
const read = async ({ id }: DeadLetter) => (await as.get<DeadLetterWithBody>(`/v1/admin/dead-letters/${id}`)).body.data
const watermarks = async (userId: string) =>
  (
    await env.ACTIVITY_DB.prepare('select seen_version from notification_watermarks where user_id = ?')
      .bind(userId)
      .all()
  ).results
/** Hands on what the decisions have put on the critical lane. */
const handOn = async () =>
  consume(
    'selvage-critical',
    critical.messages.splice(0).map((body) => ({ body })),
  )

beforeEach(async () => {
  for (const { messages } of [critical, normal]) messages.length = 0
  api = createApi({ env: recording })
  admin = await makePerson(api.isolate, { role: 'admin' })
  as = api.as(admin)
})

describe('a dead letter that is redriven', () => {
  it('is sent once and has its effect once, however often its decision and itself come (R38.7, R35.5)', async () => {
    const { message, letter, userId } = await giveUp()
    expect(await read(letter)).toMatchObject({ attempts: 3, lane: 'normal', subscriber: SUBSCRIBER, body: message })
    expect(letter.lastError).toContain('The database is down')

    const { status, body } = await decide(letter, 'redrive')
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ status: 'redriven', decidedBy: admin.id, reason })
    const [order] = critical.messages
    await handOn()
    await consume('selvage-critical', [{ body: order }, { body: order }])
    expect(normal.messages).toEqual([message])

    const twice = await consume('selvage-normal', [
      { id: 'first', body: message },
      { id: 'again', body: message },
    ])
    expect(twice.acknowledged.toSorted()).toEqual(['again', 'first'])
    expect(await watermarks(userId)).toEqual([{ seen_version: 7 }])
    expect(await read(letter)).toMatchObject({ status: 'redriven' })
  })

  it('is decided on by one of those who try at once, and the act is in the audit trail', async () => {
    const { letter } = await giveUp()
    const answers = await Promise.all(Array.from({ length: 8 }, () => decide(letter, 'redrive')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(409)])
    expect(critical.messages).toHaveLength(1)
    const acts = await env.DB.prepare('select action, actor_id, reason from audit where target_id = ?')
      .bind(letter.id)
      .all()
    expect(acts.results).toEqual([{ action: 'DEAD_LETTER_REDRIVEN', actor_id: admin.id, reason }])
  })

  it('waits again where it fails again, and can be redriven once more', async () => {
    const { message, letter } = await giveUp()
    await decide(letter, 'redrive')
    await handOn()
    await fail(message)
    expect(await read(letter)).toMatchObject({ status: 'waiting', attempts: 3 })
    expect((await decide(letter, 'redrive')).status).toBe(200)
    await handOn()
    expect(normal.messages).toEqual([message, message])
  })

  it('must be one that somebody understands', async () => {
    await consume('selvage-bulk', [{ id: newId(), body: { hello: 'world' }, attempts: 3 }])
    const { body } = await as.get<DeadLetter[]>('/v1/admin/dead-letters?status=waiting')
    const letter = body.data.find(({ lane }) => lane === 'bulk')
    if (!letter) throw new Error('It was not kept')
    expect((await decide(letter, 'redrive')).status).toBe(422)
    expect((await decide(letter, 'discard')).status).toBe(200)
    expect(critical.messages).toEqual([])
  })
})

describe('a dead letter that is discarded', () => {
  it('is never sent, and stays discarded where the platform brings it once more (R38.7)', async () => {
    const { message, letter } = await giveUp()
    expect((await decide(letter, 'discard')).body.data).toMatchObject({
      status: 'discarded',
      decidedBy: admin.id,
      reason,
    })
    expect(critical.messages).toEqual([])

    const kept = await consume('selvage-normal-dead', [{ id: 'copy', body: message }])
    expect(kept.acknowledged).toEqual(['copy'])
    expect(await read(letter)).toMatchObject({ status: 'discarded', reason })
    expect((await decide(letter, 'redrive')).status).toBe(409)
    expect(normal.messages).toEqual([])
  })
})
