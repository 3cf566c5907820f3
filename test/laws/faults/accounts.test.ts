import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { notedExpiry } from '../../../src/features/identity/domain/session-policy.ts'
import type { SignedIn } from '../../../src/features/identity/schemas.ts'
import { DAY_MS } from '../../../src/platform/clock.ts'
import { newId } from '../../../src/platform/ids.ts'
import { sha256Hex } from '../../../src/platform/security/encoding.ts'
import { PasswordHasher } from '../../../src/platform/security/password.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere, type Process } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson, makeSession } from '../../support/people.ts'

type Credentials = SignedIn & { refreshToken: string }

const queues = holdQueues()
const all = async <T>(sql: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results
const eventsOf = (id: string) =>
  all<{ type: string; sent_at: number | null }>('select type, sent_at from outbox where aggregate_id = ?', id)
const actsOn = async (id: string) =>
  (await all<{ action: string }>('select action from audit where target_id = ?', id)).map(({ action }) => action)

/** Not what passwords need, but a real hash would be most of the time here. */
class QuickPasswords extends PasswordHasher {
  override hash = async (password: string) => `quick ${password}`
  override verify = async (password: string, hash: string) => ({
    matches: hash === `quick ${password}`,
    needsRehash: false,
  })
}

const withQuickPasswords = ({ api }: Process) => {
  api.isolate.passwords = new QuickPasswords()
  return api
}

describe('cut off at any call', () => {
  it('a registration has made all of one account or nothing, and its repeat signs in or makes it (R28.5)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => ({
        email: `${newId()}@people.test`,
        password: 'Correct-Horse-1',
        firstName: 'Ann',
        lastName: 'Newcomer',
      }),
      act: (process, person) => withQuickPasswords(process).post<Credentials>('/v1/auth/register', person),
      repeat: async (process, person) => {
        const api = withQuickPasswords(process)
        const again = await api.post<Credentials>('/v1/auth/register', person)
        if (again.status === 201) return again
        expect(again.body.code).toBe('EMAIL_TAKEN')
        return api.post<Credentials>('/v1/auth/login', { email: person.email, password: person.password })
      },
      check: async ({ email }, { answer, again }) => {
        expect(again.status).toBeLessThan(300)
        const [user, ...others] = await all<{ id: string }>('select id from users where email = ?', email)
        const id = user?.id ?? ''
        expect(others).toEqual([])
        expect(await all('select 1 from user_roles where user_id = ?', id)).toHaveLength(1)
        expect(await eventsOf(id)).toEqual([{ type: 'user.registered', sent_at: expect.any(Number) }])
        expect((await actsOn(id)).filter((action) => action === 'USER_REGISTERED')).toHaveLength(1)

        const wasSignedIn = (await actsOn(id)).filter((action) => action === 'SIGNED_IN').length
        const sessions = await all<{ generation: number }>('select generation from sessions where user_id = ?', id)
        expect(sessions).toEqual(Array.from({ length: 1 + wasSignedIn }, () => ({ generation: 1 })))
        for (const given of [answer, again]) {
          if (given?.body.success) expect((await createApi().as(given.body.data).get('/v1/auth/me')).status).toBe(200)
        }
      },
    })
    expect(calls.join()).toContain('insert users')
  })

  it('a refresh gives one successor, and its repeat within the grace the same one (S4)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: () => makePerson(createApi().isolate),
      act: ({ api }, { refreshToken }) => api.post<Credentials>('/v1/auth/refresh', { refreshToken }),
      repeat: ({ api }, { refreshToken }) => api.post<Credentials>('/v1/auth/refresh', { refreshToken }),
      check: async ({ id }, { answer, again }) => {
        expect(again.status).toBe(200)
        const successor = again.body.data.refreshToken
        if (answer?.body.success) expect(answer.body.data.refreshToken).toBe(successor)
        expect(await all('select revoked_at from sessions where user_id = ?', id)).toEqual([{ revoked_at: null }])
        const renewals = await runInDurableObject(env.USER_SESSIONS.getByName(id), (_object, { storage }) =>
          storage.sql.exec('select generation, refresh_hash from renewals').toArray(),
        )
        expect(renewals).toEqual([{ generation: 2, refresh_hash: await sha256Hex(successor) }])
        const next = await createApi().post('/v1/auth/refresh', { refreshToken: successor })
        expect(next.status).toBe(200)
      },
    })
    expect(calls).toContain('USER_SESSIONS.rotate')
  })

  it('a refresh that the database must hear of has told it, once repeated, and gives one successor all the same (S4)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const person = await makePerson(createApi().isolate)
        const lastWeek = Date.now() - 6 * DAY_MS
        await env.DB.prepare('update sessions set created_at = ?1, rotated_at = ?1, expires_at = ?2 where id = ?3')
          .bind(lastWeek, notedExpiry(lastWeek, lastWeek), person.sessionId)
          .run()
        return person
      },
      act: ({ api }, { refreshToken }) => api.post<Credentials>('/v1/auth/refresh', { refreshToken }),
      repeat: ({ api }, { refreshToken }) => api.post<Credentials>('/v1/auth/refresh', { refreshToken }),
      check: async ({ id }, { answer, again }) => {
        expect(again.status).toBe(200)
        const successor = again.body.data.refreshToken
        if (answer?.body.success) expect(answer.body.data.refreshToken).toBe(successor)
        const [row] = await all<{ rotated_at: number; expires_at: number }>(
          'select generation, refresh_hash, revoked_at, rotated_at, expires_at from sessions where user_id = ?',
          id,
        )
        expect(row).toMatchObject({ generation: 2, refresh_hash: await sha256Hex(successor), revoked_at: null })
        expect((row?.expires_at ?? 0) - (row?.rotated_at ?? 0)).toBe(8 * DAY_MS)
      },
    })
    expect(calls).toContain('USER_SESSIONS.rotate')
    expect(calls.join()).toContain('update sessions')
  })

  it('signing out everywhere leaves, once repeated, no session alive, and has told of it once (S4, R7.17, R33.7)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const { isolate } = createApi()
        const person = await makePerson(isolate)
        return { ...person, others: [await makeSession(isolate, person.id), await makeSession(isolate, person.id)] }
      },
      act: ({ api }, person) => api.as(person).post('/v1/auth/logout-all'),
      repeat: ({ api }, person) => api.as(person).post('/v1/auth/logout-all'),
      check: async (person, { answer, again }) => {
        // Who is told that it is done, and who is told that their session is no more: both are out.
        expect([200, 401]).toContain(again.status)
        if (answer?.status === 200) expect(again.status).toBe(401)
        expect(await all('select 1 from sessions where user_id = ? and revoked_at is null', person.id)).toEqual([])
        expect(await eventsOf(person.id)).toEqual([{ type: 'sessions.revoked', sent_at: expect.any(Number) }])
        expect(await actsOn(person.id)).toEqual(['SESSIONS_REVOKED'])
        const api = createApi()
        for (const session of [person, ...person.others]) {
          expect((await api.as(session).get('/v1/auth/me')).status).toBe(401)
          expect((await api.post('/v1/auth/refresh', { refreshToken: session.refreshToken })).status).toBe(401)
          const object = env.USER_SOCKET.getByName(person.id)
          const call = { correlationId: 'test', traceparent: '' }
          const admission = { sessionId: session.sessionId, sessionExpiresAt: Date.now() + 60_000 }
          expect(await object.admit(call, admission)).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' })
        }
      },
    })
    expect(calls).toContain('USER_SOCKET.endSessions')
    expect(calls).toContain('CRITICAL_QUEUE.sendBatch')
  })
})
