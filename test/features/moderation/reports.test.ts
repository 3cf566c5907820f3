import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room } from '../../../src/features/chat/schemas.ts'
import { MOST_OPEN_REPORTS } from '../../../src/features/moderation/domain/report.ts'
import type { OwnReport, Report } from '../../../src/features/moderation/schemas.ts'
import { currentCall } from '../../../src/platform/call.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Api, createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'
import { strictApi, times } from '../../support/strict-api.ts'

const api = createApi()
let moderator: TestPerson
let other: TestPerson
beforeAll(async () => {
  moderator = await makePerson(api.isolate, { role: 'moderator' })
  other = await makePerson(api.isolate, { role: 'moderator' })
})

const pathOf = ({ roomId, id }: Message) => `/v1/chat/rooms/${roomId}/messages/${id}/reports`
const report = (by: TestPerson, message: Message, body: object = { category: 'spam' }, at: Api = api) =>
  at.as(by).post<OwnReport>(pathOf(message), body)
const read = async (id: string) => (await api.as(moderator).get<Report>(`/v1/admin/reports/${id}`)).body.data
const queue = async (query = '') => (await api.as(moderator).get<Report[]>(`/v1/admin/reports${query}`)).body
const decide = (id: string, decision: string, by = moderator) =>
  api.as(by).post<Report>(`/v1/admin/reports/${id}/decide`, { decision, reason: 'Looked at it' })
const rows = async (sql: string, value: string) => (await env.DB.prepare(sql).bind(value).all()).results
const actsOn = async (id: string) =>
  (await rows('select action from audit where target_id = ? order by rowid', id)).map(({ action }) => action)
const eventsOf = async (id: string) =>
  (await rows('select type from outbox where aggregate_id = ? order by sequence', id)).map(({ type }) => type)
const historyOf = async (person: TestPerson, roomId: string) =>
  (await api.as(person).get<Message[]>(`/v1/chat/rooms/${roomId}/messages`)).body.data.map(({ content }) => content)

/** A message of Bob's, which Ann may see. */
async function makeMessage(content = 'buy now') {
  const pair = await makePair(api)
  return { ...pair, message: (await send(api, pair.bob, pair.room.id, content)).body.data }
}

/** A message in a group that two others have reported. */
async function makeTwiceReported() {
  const [ann, bob, cara] = await Promise.all([1, 2, 3].map(() => makePerson(api.isolate)))
  if (!ann || !bob || !cara) throw new Error('There are not enough people')
  const memberIds = [bob.id, cara.id]
  const { body } = await api.as(ann).post<Room>('/v1/chat/rooms', { name: 'Weavers', type: 'group', memberIds })
  const message = (await send(api, bob, body.data.id, 'buy now')).body.data
  const [one, two] = [await report(ann, message), await report(cara, message, { category: 'other' })]
  return { ann, bob, cara, message, one: one.body.data.id, two: two.body.data.id }
}

describe('reporting a message', () => {
  it('keeps what it said and who wrote it, for moderators only', async () => {
    const { ann, bob, room, message } = await makeMessage()
    const { status, body } = await report(ann, message, { category: 'illegal', note: ' It is\na lie ' })
    const { id, createdAt } = body.data
    const note = 'It is\na lie'
    expect(status).toBe(201)
    expect(body.data).toEqual({ id, roomId: room.id, messageId: message.id, category: 'illegal', note, createdAt })
    expect(await read(id)).toEqual({
      ...{ id, status: 'open', category: 'illegal', note, reporterId: ann.id, roomId: room.id, createdAt },
      message: {
        ...{ id: message.id, content: 'buy now', createdAt: message.createdAt },
        author: { id: bob.id, username: bob.username },
      },
      ...{ decidedAt: null, decidedBy: null, reason: null },
    })
    expect(await eventsOf(id)).toEqual(['message.reported'])
  })

  it('is once a person and message: again it is the first report, also for ten at once', async () => {
    const { ann, message } = await makeMessage()
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(ann, message)))
    answers.push(await report(ann, message, { category: 'other', note: 'once more' }))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(10).fill(200), 201])
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.data))).size).toBe(1)
    expect(await rows('select 1 from reports where message_id = ?', message.id)).toHaveLength(1)
    expect(await rows("select 1 from outbox where payload ->> 'messageId' = ?", message.id)).toHaveLength(1)
  })

  it('is again the first report also once the message is gone', async () => {
    const { ann, message } = await makeMessage()
    const first = await report(ann, message)
    await decide(first.body.data.id, 'delete_message')
    expect(await report(ann, message)).toMatchObject({ status: 200, body: { data: first.body.data } })
  })

  it('is for members, of messages of that room which are there, and of others’ only', async () => {
    const { ann, bob, room, message } = await makeMessage()
    const elsewhere = await makePair(api)
    const stranger = await makePerson(api.isolate)
    expect(await report(stranger, message)).toMatchObject({ status: 404, body: { message: 'Room not found' } })
    expect((await report(ann, { ...message, id: newId() })).status).toBe(404)
    await report(ann, message)
    expect((await report(ann, { ...message, roomId: elsewhere.room.id })).status).toBe(404)
    expect((await report(elsewhere.ann, { ...message, roomId: elsewhere.room.id })).status).toBe(404)
    expect(await report(bob, message)).toMatchObject({ status: 422, body: { errors: [{ field: 'messageId' }] } })
    expect(await rows('select 1 from reports where room_id = ?', room.id)).toHaveLength(1)
  })

  it('is no way round the room, which shows a message to its members only', async () => {
    const { ann, objectName, message } = await makeMessage()
    const room = env.CHAT_ROOM.getByName(objectName)
    const stranger = await makePerson(api.isolate)
    const asked = { kind: 'message', messageId: message.id } as const
    expect(await room.ask(currentCall(), ann.id, asked)).toMatchObject({ ok: true, value: message })
    expect(await room.ask(currentCall(), stranger.id, asked)).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  })

  it('takes one of four categories, and a note of a thousand characters', async () => {
    const { ann, message } = await makeMessage()
    const bodies = [{}, { category: 'boring' }, { category: 'spam', note: ' ' }, { category: 'spam', why: 'x' }]
    for (const body of [...bodies, { category: 'spam', note: 'x'.repeat(1_001) }]) {
      expect((await report(ann, message, body)).status, JSON.stringify(body)).toBe(400)
    }
    expect((await report(ann, message, { category: 'spam', note: 'x'.repeat(1_000) })).status).toBe(201)
  })

  it('takes a hundred of one message until somebody decides: more say nothing new', async () => {
    const { ann, room, message } = await makeMessage()
    await env.DB.prepare(
      `insert into reports (id, reporter_id, room_id, message_id, category, content, author_id, author_name, sent_at, created_at)
       with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)
       select ?2 || i, ?2 || i, ?3, ?4, 'spam', 'x', 'x', 'x', 0, 0 from n`,
    )
      .bind(MOST_OPEN_REPORTS, newId(), room.id, message.id)
      .run()
    expect(await report(ann, message)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    await env.DB.prepare("update reports set status = 'dismissed' where message_id = ? and id like '%7'")
      .bind(message.id)
      .run()
    expect((await report(ann, message)).status).toBe(201)
  })

  it('is done twenty times an hour by one person (R46.1)', async () => {
    let now = Date.now()
    const strict = strictApi({ clock: () => now })
    const { ann, message } = await makeMessage()
    expect(await times(21, () => report(ann, message, { category: 'spam' }, strict))).toEqual([
      ...[201, ...Array(19).fill(200)],
      429,
    ])
    now += 2 * 3_600_000
    const accessToken = await strict.isolate.accessTokens.sign(ann.id, ann.sessionId)
    expect((await report({ ...ann, accessToken }, message, { category: 'spam' }, strict)).status).toBe(200)
  })
})

describe('the moderators’ queue', () => {
  it('shows what is open, newest first, a page at a time', async () => {
    const { one, two } = await makeTwiceReported()
    const first = await queue('?status=open&limit=1')
    expect(first.data.map(({ id }) => id)).toEqual([two])
    const next = await queue(`?status=open&limit=1&cursor=${first.meta.nextCursor}`)
    expect(next.data.map(({ id }) => id)).toEqual([one])
    await decide(one, 'dismiss')
    expect((await queue('?limit=2')).data.map(({ id, status }) => [id, status])).toEqual([
      [two, 'dismissed'],
      [one, 'dismissed'],
    ])
    expect((await queue('?status=open')).data.map(({ id }) => id)).not.toContain(one)
    expect((await api.as(moderator).get('/v1/admin/reports?status=new')).status).toBe(400)
    expect((await api.as(moderator).get(`/v1/admin/reports/${newId()}`)).status).toBe(404)
  })
})

describe('deciding on a report', () => {
  it('that dismisses it leaves the message, and says who, why and when', async () => {
    const { ann, message } = await makeMessage()
    const { id } = (await report(ann, message)).body.data
    const { status, body } = await decide(id, 'dismiss')
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ status: 'dismissed', decidedBy: moderator.id, reason: 'Looked at it' })
    expect(await read(id)).toEqual(body.data)
    expect(await historyOf(ann, message.roomId)).toEqual(['buy now'])
    expect(await actsOn(id)).toEqual(['REPORT_DISMISSED'])
    expect(await eventsOf(id)).toEqual(['message.reported', 'report.decided'])
  })

  it('that upholds it deletes the message, keeps the evidence, and closes all that were open for it', async () => {
    const { ann, message, one, two } = await makeTwiceReported()
    expect((await decide(two, 'delete_message')).body.data.status).toBe('upheld')
    expect(await historyOf(ann, message.roomId)).not.toContain('buy now')
    for (const id of [one, two]) {
      expect(await read(id)).toMatchObject({
        status: 'upheld',
        decidedBy: moderator.id,
        message: { content: 'buy now' },
      })
    }
    expect([await actsOn(two), await actsOn(one)]).toEqual([['REPORT_UPHELD'], []])
    expect((await decide(one, 'dismiss')).status).toBe(409)
    const late = await makePerson(api.isolate)
    expect((await report(late, message)).status).toBe(404)
  })

  it('touches no report that was decided before', async () => {
    const { ann, bob, cara, message, one } = await makeTwiceReported()
    await decide(one, 'dismiss')
    await env.DB.prepare('update reports set reporter_id = ? where reporter_id = ?').bind(bob.id, cara.id).run()
    const later = (await report(cara, message)).body.data.id
    expect((await decide(later, 'delete_message', other)).status).toBe(200)
    expect(await read(one)).toMatchObject({ status: 'dismissed', decidedBy: moderator.id, reporterId: ann.id })
  })

  it('by two at once is one decision, and the other is told', async () => {
    const { one, two } = await makeTwiceReported()
    const answers = await Promise.all([decide(one, 'dismiss'), decide(two, 'dismiss', other)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const winner = answers[0]?.status === 200 ? moderator : other
    for (const id of [one, two]) expect((await read(id)).decidedBy).toBe(winner.id)
    expect([...(await actsOn(one)), ...(await actsOn(two))]).toEqual(['REPORT_DISMISSED'])
  })

  it('leaves a row for a message that was deleted, also where another decision was quicker', async () => {
    const { ann, message } = await makeMessage()
    const { id } = (await report(ann, message)).body.data
    // The other decides while this one is at the room.
    const rooms = {
      getByName: (name: string) => ({
        act: async (...args: Parameters<ReturnType<typeof env.CHAT_ROOM.getByName>['act']>) => {
          const answer = await env.CHAT_ROOM.getByName(name).act(...args)
          expect((await decide(id, 'dismiss', other)).status).toBe(200)
          return answer
        },
      }),
    } as unknown as typeof env.CHAT_ROOM
    const slow = createApi({ env: { CHAT_ROOM: rooms } })
    const body = { decision: 'delete_message', reason: 'It is spam' }
    expect((await slow.as(moderator).post(`/v1/admin/reports/${id}/decide`, body)).status).toBe(409)
    expect(await actsOn(id)).toEqual(['REPORT_DISMISSED', 'REPORTED_MESSAGE_DELETED'])
    expect(await read(id)).toMatchObject({ status: 'dismissed', decidedBy: other.id })
  })

  it('with the key of another decision deletes nothing', async () => {
    const [one, two] = [await makeMessage(), await makeMessage()]
    const ids = [await report(one.ann, one.message), await report(two.ann, two.message)].map(({ body }) => body.data.id)
    const keyed = { headers: { 'idempotency-key': newId() } }
    const decideKeyed = (id: string | undefined, decision: string) =>
      api.as(moderator).post(`/v1/admin/reports/${id}/decide`, { decision, reason: 'Looked at it' }, keyed)
    expect((await decideKeyed(ids[0], 'dismiss')).status).toBe(200)
    expect(await decideKeyed(ids[1], 'delete_message')).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    })
    expect(await historyOf(two.ann, two.room.id)).toEqual(['buy now'])
  })

  it('is refused where nobody has reported anything, or no reason is given', async () => {
    const { ann, message } = await makeMessage()
    const { id } = (await report(ann, message)).body.data
    expect((await decide(newId(), 'dismiss')).status).toBe(404)
    const path = `/v1/admin/reports/${id}/decide`
    for (const body of [{ decision: 'dismiss' }, { decision: 'ban', reason: 'Because' }]) {
      expect((await api.as(moderator).post(path, body)).status).toBe(400)
    }
    expect((await read(id)).status).toBe('open')
  })
})
