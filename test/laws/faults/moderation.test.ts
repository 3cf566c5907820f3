import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { OwnReport, Report } from '../../../src/features/moderation/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere, type Process } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'

const queues = holdQueues()
const api = createApi()
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const count = async (query: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(query)
      .bind(...values)
      .all()
  ).results.length

describe('cut off at any call', () => {
  it('a block that was made closes the room of the two in the end, and one that was not changes nothing', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: () => makePair(api),
      act: (process, { ann, bob }) => process.api.as(ann).request('PUT', `/v1/people/${bob.id}/block`),
      check: async ({ ann, bob, room }, { answer }) => {
        const made = await count('select 1 from blocks where user_id = ? and blocked_id = ?', ann.id, bob.id)
        if (answer?.status === 200) expect(made).toBe(1)
        expect(await count("select 1 from outbox where type = 'person.blocked' and aggregate_id = ?", ann.id)).toBe(
          made,
        )
        for (const person of [ann, bob]) {
          expect((await send(createApi(), person, room.id, 'hello')).status).toBe(made === 1 ? 403 : 201)
        }
      },
    })
    expect(calls.join()).toMatch(/insert blocks.*CHAT_ROOM\.setBlock/)
  })

  it('a block that was ended opens the room of the two in the end', async () => {
    await crashEverywhere({
      queues,
      arrange: async () => {
        const pair = await makePair(api)
        await api.as(pair.ann).request('PUT', `/v1/people/${pair.bob.id}/block`)
        return pair
      },
      act: (process, { ann, bob }) => process.api.as(ann).delete(`/v1/people/${bob.id}/block`),
      check: async ({ ann, bob, room }, { answer }) => {
        const left = await count('select 1 from blocks where user_id = ? and blocked_id = ?', ann.id, bob.id)
        if (answer?.status === 200) expect(left).toBe(0)
        expect((await send(createApi(), bob, room.id, 'hello')).status).toBe(left === 1 ? 403 : 201)
      },
    })
  })

  it.each(['a key', 'no key'])('a report with %s is kept once, and its repeat answers it (S1, R35.2)', async (by) => {
    const pair = await makePair(api)
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const message = (await send(api, pair.bob, pair.room.id, 'buy now')).body.data
        return { message, options: by === 'a key' ? keyed(newId()) : {} }
      },
      act: (process, world) => reportIt(process, pair, world),
      repeat: (process, world) => reportIt(process, pair, world),
      check: async ({ message }, { answer, again }) => {
        expect([200, 201]).toContain(again.status)
        if (answer?.status === 201) expect(again.body.data).toEqual(answer.body.data)
        expect(await count('select 1 from reports where message_id = ?', message.id)).toBe(1)
      },
    })
    expect(calls.join()).toMatch(/CHAT_ROOM\.ask.*insert reports/)
  })

  it('a decision to delete is made once with all that belongs to it, by whoever asks again (S1, R35.2)', async () => {
    const { ann, bob, room } = await makePair(api)
    const moderator = await makePerson(api.isolate, { role: 'moderator' })
    const body = { decision: 'delete_message', reason: 'It is spam' }
    const decide = ({ api: by }: Process, { id, key }: { id: string; key: string }) =>
      by.as(moderator).post<Report>(`/v1/admin/reports/${id}/decide`, body, keyed(key))
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const message = (await send(api, bob, room.id, `buy ${newId()}`)).body.data
        const path = `/v1/chat/rooms/${room.id}/messages/${message.id}/reports`
        const { id } = (await api.as(ann).post<OwnReport>(path, { category: 'spam' })).body.data
        return { id, key: newId(), message }
      },
      act: decide,
      repeat: decide,
      check: async ({ id, message }, { answer, again }) => {
        expect(again).toMatchObject({ status: 200, body: { data: { status: 'upheld' } } })
        if (answer?.status === 200) expect(again.body.data).toEqual(answer.body.data)
        const history = await createApi().as(ann).get<Message[]>(`/v1/chat/rooms/${room.id}/messages?limit=100`)
        expect(history.body.data.map(({ content }) => content)).not.toContain(message.content)
        expect(await count("select 1 from outbox where type = 'report.decided' and aggregate_id = ?", id)).toBe(1)
        expect(await count('select 1 from audit where target_id = ?', id)).toBe(1)
      },
    })
    expect(calls.join()).toMatch(/CHAT_ROOM\.act.*insert audit/)
  })
})

type Pair = Awaited<ReturnType<typeof makePair>>

function reportIt(
  { api: by }: Process,
  { ann, room }: Pair,
  { message, options }: { message: Message; options: object },
) {
  const path = `/v1/chat/rooms/${room.id}/messages/${message.id}/reports`
  return by.as(ann).post<OwnReport>(path, { category: 'spam' }, options)
}
