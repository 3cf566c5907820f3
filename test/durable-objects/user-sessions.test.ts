import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SessionView, SignedIn } from '../../src/features/identity/schemas.ts'
import { DAY_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import { createApi } from '../support/api.ts'
import { makePerson, makeSession, type TestPerson } from '../support/people.ts'

const START = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS
const at = (ms: number) => vi.setSystemTime(START + ms)

const api = createApi()

interface Device {
  sessionId: string
  refreshToken: string
}

const stubOf = ({ id }: { id: string }) => env.USER_SESSIONS.getByName(id)
const renew = (refreshToken: string, headers: Record<string, string> = {}) =>
  api.post<SignedIn & { refreshToken: string }>('/v1/auth/refresh', { refreshToken }, { headers })

/** The session's next token. */
async function renewed({ refreshToken }: Pick<Device, 'refreshToken'>): Promise<Pick<Device, 'refreshToken'>> {
  const { status, body } = await renew(refreshToken)
  expect(status).toBe(200)
  return body.data
}

const noted = ({ sessionId }: Device) =>
  env.DB.prepare('select generation, rotated_at, expires_at from sessions where id = ?').bind(sessionId).first()

/** What the object has stored, and when it rings. */
const look = (person: TestPerson) =>
  runInDurableObject(stubOf(person), async (_object, { storage }) => {
    const isMade = storage.sql.exec("select 1 from sqlite_master where name = 'renewals'").toArray().length > 0
    const rows = isMade
      ? storage.sql.exec<{ id: string }>('select session_id as id from renewals').toArray()
      : undefined
    return { sessionIds: rows?.map(({ id }) => id), alarm: await storage.getAlarm() }
  })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  at(0)
})
afterEach(() => void vi.useRealTimers())

it('a session that is renewed many times a day is written to the database once a day (P6)', async () => {
  const ann = await makePerson(api.isolate)
  const begun = await noted(ann)
  let token: Pick<Device, 'refreshToken'> = ann
  for (let hour = 1; hour <= 24; hour += 1) {
    at(hour * 60 * MINUTE_MS)
    token = await renewed(token)
  }
  expect(await noted(ann)).toEqual(begun)
  at(DAY_MS + MINUTE_MS)
  const { refreshToken } = await renewed(token)
  const now = START + DAY_MS + MINUTE_MS
  expect(await noted(ann)).toEqual({ generation: 26, rotated_at: now, expires_at: now + 8 * DAY_MS })
  at(DAY_MS + 2 * MINUTE_MS)
  await renewed({ refreshToken })
  expect(await noted(ann)).toMatchObject({ generation: 26 })
})

it('a session lives for seven days from its last renewal, also where the database would give it one more', async () => {
  const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
  at(MINUTE_MS)
  const [anns, bobs] = [await renewed(ann), await renewed(bob)]
  at(MINUTE_MS + 7 * DAY_MS - 1)
  expect((await renew(anns.refreshToken)).status).toBe(200)
  at(MINUTE_MS + 7 * DAY_MS)
  expect(await noted(bob)).toMatchObject({ expires_at: START + 8 * DAY_MS })
  expect((await renew(bobs.refreshToken)).status).toBe(401)
})

it('a session that was renewed is listed with where and until when, and as ended when its time is over', async () => {
  const ann = await makePerson(api.isolate)
  const phone = await makeSession(api.isolate, ann.id)
  at(MINUTE_MS)
  const headers = { 'user-agent': 'Quokkabrowser/7', 'cf-connecting-ip': '192.0.2.77' }
  await renew(phone.refreshToken, headers)
  const listed = async () => (await api.as(ann).get<SessionView[]>('/v1/auth/sessions')).body.data
  expect((await listed()).find(({ id }) => id === phone.sessionId)).toMatchObject({
    ...{ ip: '192.0.2.77', userAgent: 'Quokkabrowser/7' },
    lastUsedAt: new Date(START + MINUTE_MS).toISOString(),
    expiresAt: new Date(START + MINUTE_MS + 7 * DAY_MS).toISOString(),
  })
  at(6 * DAY_MS)
  const { body } = await renew(ann.refreshToken)
  at(MINUTE_MS + 7 * DAY_MS)
  const { accessToken } = (await renew(body.data.refreshToken)).body.data
  const later = api.as({ accessToken })
  expect((await later.get<SessionView[]>('/v1/auth/sessions')).body.data.map(({ id }) => id)).toEqual([ann.sessionId])
  await env.DB.prepare('update sessions set proved_at = ? where id = ?').bind(Date.now(), ann.sessionId).run()
  const { endedSessions } = (await later.get<{ endedSessions: object[] }>('/v1/data')).body.data
  expect(endedSessions).toEqual([
    expect.objectContaining({ id: phone.sessionId, ip: '192.0.2.77', why: 'expired', endedAt: expect.any(String) }),
  ])
})

it('a token that was replaced ends its session as long as the database knows the session at all', async () => {
  const ann = await makePerson(api.isolate)
  at(DAY_MS - MINUTE_MS)
  await renewed(ann)
  await runDurableObjectAlarm(stubOf(ann))
  await evictDurableObject(stubOf(ann))
  at(7 * DAY_MS)
  await runDurableObjectAlarm(stubOf(ann))
  expect((await renew(ann.refreshToken)).status).toBe(401)
  const row = await env.DB.prepare('select revoke_reason from sessions where id = ?').bind(ann.sessionId).first()
  expect(row).toEqual({ revoke_reason: 'reuse' })
})

it('an ended session is not renewed by what its person’s object knows, nor does a renewal under way bring it back', async () => {
  const ann = await makePerson(api.isolate)
  const next = await renewed(ann)
  at(2 * DAY_MS)
  const accessToken = await api.isolate.accessTokens.sign(ann.id, ann.sessionId)
  const [raced] = await Promise.all([renew(next.refreshToken), api.as({ accessToken }).post('/v1/auth/logout')])
  const row = await env.DB.prepare('select revoked_at from sessions where id = ?').bind(ann.sessionId).first()
  expect(row).toEqual({ revoked_at: START + 2 * DAY_MS })
  const { refreshToken } = raced.body.data ?? next
  expect((await renew(refreshToken)).status).toBe(401)
})

it('the object forgets a session when the database takes it for over too, and itself with the last one', async () => {
  const ann = await makePerson(api.isolate)
  const phone = await makeSession(api.isolate, ann.id)
  expect(await look(ann)).toEqual({ sessionIds: undefined, alarm: null })
  await renewed(ann)
  at(DAY_MS)
  const next = await renewed(phone)
  expect(await look(ann)).toEqual({ sessionIds: [ann.sessionId, phone.sessionId], alarm: START + 9 * DAY_MS })
  at(DAY_MS + MINUTE_MS)
  await renewed(next)
  at(9 * DAY_MS)
  await runDurableObjectAlarm(stubOf(ann))
  expect(await look(ann)).toEqual({ sessionIds: [phone.sessionId], alarm: START + 18 * DAY_MS })
  at(18 * DAY_MS)
  await runDurableObjectAlarm(stubOf(ann))
  expect(await look(ann)).toEqual({ sessionIds: undefined, alarm: null })
})

it('of what the database and the object know, the newer counts: also where an object has lost what it knew', async () => {
  const ann = await makePerson(api.isolate)
  const second = await renewed(ann)
  at(DAY_MS + MINUTE_MS)
  const third = await renewed(second)
  expect(await noted(ann)).toMatchObject({ generation: 3 })
  await runInDurableObject(stubOf(ann), (_object, { storage }) => void storage.sql.exec('delete from renewals'))
  await renewed(third)
})
