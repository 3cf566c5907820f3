import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { MOST_LIVE_SESSIONS } from '../../../src/features/identity/domain/session-policy.ts'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { FIXTURE_PASSWORD, makePerson } from '../../support/people.ts'

const api = createApi()

const signIn = (email: string) => api.post<SignedIn>('/v1/auth/login', { email, password: FIXTURE_PASSWORD })

/** Sessions that live, in one statement; they are newer than those before. */
async function addSessions(userId: string, count: number): Promise<void> {
  const ids = JSON.stringify(Array.from({ length: count }, () => newId()))
  const now = Date.now()
  await env.DB.prepare(
    `insert into sessions (id, user_id, generation, refresh_hash, created_at, rotated_at, expires_at)
     select value, ?1, 1, value, ?2, ?2, ?2 + 1000000 from json_each(?3)`,
  )
    .bind(userId, now, ids)
    .run()
}

async function liveOf(userId: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    'select id from sessions where user_id = ? and revoked_at is null order by id',
  )
    .bind(userId)
    .all<{ id: string }>()
  return results.map(({ id }) => id)
}

it('beyond a hundred the oldest ends with the sign-in, as by a revocation, and for no trip more before the answer', async () => {
  const ann = await makePerson(api.isolate)
  expect((await api.as(ann).get('/v1/auth/me')).status).toBe(200)
  await addSessions(ann.id, MOST_LIVE_SESSIONS - 2)
  const within = await signIn(ann.email)
  expect((await liveOf(ann.id))[0]).toBe(ann.sessionId)

  const beyond = await signIn(ann.email)
  expect(beyond.status).toBe(200)
  expect(beyond.costs.d1SequentialTrips).toBeLessThanOrEqual(within.costs.d1SequentialTrips + 1)
  const live = await liveOf(ann.id)
  expect(live).toHaveLength(MOST_LIVE_SESSIONS)
  expect(live).not.toContain(ann.sessionId)
  expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
  expect((await api.as(beyond.body.data).get('/v1/auth/me')).status).toBe(200)

  const told = await env.DB.prepare(
    "select reason, details from audit where action = 'SESSIONS_REVOKED' and target_id = ?",
  )
    .bind(ann.id)
    .all()
  expect(told.results).toEqual([{ reason: 'too_many', details: JSON.stringify({ sessionIds: [ann.sessionId] }) }])
})

it('two sign-ins at once stay within a hundred sessions, and both are in', async () => {
  const ann = await makePerson(api.isolate)
  await addSessions(ann.id, MOST_LIVE_SESSIONS - 2)
  const both = await Promise.all([signIn(ann.email), signIn(ann.email)])
  const live = await liveOf(ann.id)
  expect(live).toHaveLength(MOST_LIVE_SESSIONS)
  for (const { body } of both) expect((await api.as(body.data).get('/v1/auth/me')).status).toBe(200)
})
