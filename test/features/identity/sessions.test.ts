import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { REFRESH_GRACE_MS, SESSION_MEMORY_MS } from '../../../src/features/identity/domain/session-policy.ts'
import type { SessionView, SignedIn } from '../../../src/features/identity/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, makeSession } from '../../support/people.ts'

/** A clock that a test moves. */
function movableClock() {
  let offset = 0
  return {
    clock: () => Date.now() + offset,
    move: (ms: number) => {
      offset += ms
    },
  }
}

/** The core database, whose first read has its answer held back until `held` resolves. */
function holdFirstRead(held: Promise<void>): D1Database {
  let isFirst = true
  const later = (statement: D1PreparedStatement): D1PreparedStatement =>
    ({
      bind: (...values: unknown[]) => later(statement.bind(...values)),
      all: async () => {
        const mustWait = isFirst
        isFirst = false
        const answer = await statement.all()
        if (mustWait) await held
        return answer
      },
    }) as unknown as D1PreparedStatement
  return {
    withSession: (constraint?: string) => {
      const session = env.DB.withSession(constraint)
      return {
        prepare: (sql: string) => {
          const statement = session.prepare(sql)
          return isFirst ? later(statement) : statement
        },
        batch: (statements: D1PreparedStatement[]) => session.batch(statements),
        getBookmark: () => session.getBookmark(),
      }
    },
  } as unknown as D1Database
}

/** What the person's object keeps of the session. */
const renewalOf = ({ id, sessionId }: { id: string; sessionId: string }) =>
  runInDurableObject(
    env.USER_SESSIONS.getByName(id),
    (_object, { storage }) => storage.sql.exec('select * from renewals where session_id = ?', sessionId).toArray()[0],
  )

const api = createApi()
const refresh = (refreshToken: string, by = api) => by.post<SignedIn>('/v1/auth/refresh', { refreshToken })

describe('refresh tokens', () => {
  it('are exchanged for a successor, of which only a hash is stored (R7.15, R7.16)', async () => {
    const person = await makePerson(api.isolate)
    const { status, body } = await refresh(person.refreshToken)
    expect(status).toBe(200)
    expect(body.data.refreshToken).not.toBe(person.refreshToken)
    const row = await renewalOf(person)
    expect(row).toMatchObject({ generation: 2, refresh_hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(JSON.stringify(row)).not.toContain(body.data.refreshToken)
  })

  it('have one successor when twenty refreshes come at once', async () => {
    const person = await makePerson(api.isolate)
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(person.refreshToken)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(answers.map(({ body }) => body.data.refreshToken)).size).toBe(1)
    expect(await renewalOf(person)).toMatchObject({ generation: 2 })
  })

  it('may be repeated within the grace and give the same successor again', async () => {
    const { clock, move } = movableClock()
    const timed = createApi({ clock })
    const person = await makePerson(timed.isolate)
    const first = await refresh(person.refreshToken, timed)
    move(REFRESH_GRACE_MS - 500)
    const again = await refresh(person.refreshToken, timed)
    expect(again.body.data.refreshToken).toBe(first.body.data.refreshToken)
  })

  it('end the whole session when one is used after it was replaced (R7.15, R7.10)', async () => {
    const { clock, move } = movableClock()
    const timed = createApi({ clock })
    const person = await makePerson(timed.isolate)
    const first = await refresh(person.refreshToken, timed)
    move(REFRESH_GRACE_MS + 500)
    expect((await refresh(person.refreshToken, timed)).status).toBe(401)
    expect((await refresh(first.body.data.refreshToken ?? '', timed)).status).toBe(401)
    const me = await timed.as({ accessToken: first.body.data.accessToken }).get('/v1/auth/me')
    expect(me.status).toBe(401)
    const audit = await env.DB.prepare("select reason from audit where action = 'SESSIONS_REVOKED' and target_id = ?")
      .bind(person.id)
      .all()
    expect(audit.results).toEqual([{ reason: 'reuse' }])
  })

  it('end the session also when the token is two generations old and the grace has not passed', async () => {
    const person = await makePerson(api.isolate)
    const second = await refresh(person.refreshToken)
    await refresh(second.body.data.refreshToken ?? '')
    expect((await refresh(person.refreshToken)).status).toBe(401)
    const row = await env.DB.prepare('select revoke_reason from sessions where id = ?').bind(person.sessionId).first()
    expect(row).toEqual({ revoke_reason: 'reuse' })
  })

  it('are refused after seven days, for a deactivated user, and when forged, all alike (R7.9)', async () => {
    const { clock, move } = movableClock()
    const timed = createApi({ clock })
    const late = await makePerson(timed.isolate)
    const inactive = await makePerson(api.isolate, { isActive: false })
    move(7 * 86_400_000 + 1_000)
    const forged = `${late.refreshToken.slice(0, -2)}${late.refreshToken.endsWith('AA') ? 'BB' : 'AA'}`
    const answers = [
      await refresh(late.refreshToken, timed),
      await refresh(inactive.refreshToken),
      await refresh(forged),
      await refresh('nonsense'),
      await api.post('/v1/auth/refresh', {}),
    ]
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([401, 'INVALID_REFRESH_TOKEN'])
    }
  })

  it('survive a change of the key: what an old key has made is still taken once', async () => {
    const person = await makePerson(api.isolate)
    const oldKey = env.REFRESH_TOKEN_KEYS as string
    const newKey = new Uint8Array(32).map((_, i) => i * 7).toBase64({ alphabet: 'base64url', omitPadding: true })
    const rotated = createApi({ settings: { REFRESH_TOKEN_KEYS: `${newKey},${oldKey}` } })
    const { status, body } = await refresh(person.refreshToken, rotated)
    expect(status).toBe(200)
    expect((await refresh(body.data.refreshToken ?? '', rotated)).status).toBe(200)
  })

  it('in a cookie cannot be had in a body, where a script could read them', async () => {
    const person = await makePerson(api.isolate)
    const headers = { cookie: `__Host-selvage_refresh=${person.refreshToken}` }
    const answer = await api.post('/v1/auth/refresh', { session: 'body' }, { headers })
    expect([answer.status, JSON.stringify(answer.body).includes('refreshToken')]).toEqual([422, false])
  })

  it('are judged by the primary, whatever bookmark a client sends', async () => {
    const person = await makePerson(api.isolate)
    const withSession = vi.spyOn(env.DB, 'withSession')
    const headers = { 'x-d1-bookmark': 'core=00000000-00000001-00000000-00000000000000000000000000000000' }
    await api.post('/v1/auth/refresh', { refreshToken: person.refreshToken }, { headers })
    const constraints = withSession.mock.calls.map(([constraint]) => constraint)
    withSession.mockRestore()
    expect(new Set(constraints)).toEqual(new Set(['first-primary']))
  })

  it('in a cookie are not taken from a form, which any page can send: it is of another media type', async () => {
    const person = await makePerson(api.isolate)
    const answer = await api.request('POST', '/v1/auth/refresh', {
      raw: 'session=cookie',
      headers: {
        cookie: `__Host-selvage_refresh=${person.refreshToken}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    })
    expect([answer.status, answer.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it('in a cookie are taken from our own origin only', async () => {
    const person = await makePerson(api.isolate)
    const headers = { cookie: `__Host-selvage_refresh=${person.refreshToken}`, origin: 'https://evil.example' }
    const refused = await api.post('/v1/auth/refresh', {}, { headers })
    expect([refused.status, refused.body.code]).toEqual([403, 'ORIGIN_NOT_ALLOWED'])
    const taken = await api.post('/v1/auth/refresh', {}, { headers: { ...headers, origin: 'http://localhost' } })
    expect(taken.status).toBe(200)
  })
})

describe('sign-out', () => {
  it('ends the session: neither token works any more (R7.17)', async () => {
    const person = await makePerson(api.isolate)
    const { status, headers, body } = await api.as(person).post('/v1/auth/logout')
    expect(status).toBe(200)
    expect(body.data).toEqual({ message: 'Signed out' })
    const cleared = headers.getSetCookie().map((cookie) => cookie.replace(/=;.*Max-Age=0;.*/, ' gone'))
    expect(cleared).toEqual(['__Host-selvage_refresh gone', 'selvage_signed_in gone'])
    expect((await api.as(person).get('/v1/auth/me')).status).toBe(401)
    expect((await refresh(person.refreshToken)).status).toBe(401)
  })

  it('everywhere ends every session of the caller, and no one else’s (R7.17)', async () => {
    const person = await makePerson(api.isolate)
    const phone = await makeSession(api.isolate, person.id)
    const stranger = await makePerson(api.isolate)
    expect((await api.as(person).post('/v1/auth/logout-all')).status).toBe(200)
    for (const session of [person, phone]) {
      expect((await api.as(session).get('/v1/auth/me')).status).toBe(401)
      expect((await refresh(session.refreshToken)).status).toBe(401)
    }
    expect((await api.as(stranger).get('/v1/auth/me')).status).toBe(200)
  })

  it('everywhere else ends every other session of the caller at once, and says how many (R7.17)', async () => {
    const person = await makePerson(api.isolate)
    const [phone, tablet] = [await makeSession(api.isolate, person.id), await makeSession(api.isolate, person.id)]
    const stranger = await makePerson(api.isolate)
    const elsewhere = () => api.as(person).post<{ ended: number }>('/v1/auth/logout-others')
    expect((await elsewhere()).body.data).toEqual({ ended: 2 })
    expect((await elsewhere()).body.data).toEqual({ ended: 0 })
    for (const session of [phone, tablet]) {
      expect((await api.as(session).get('/v1/auth/me')).status).toBe(401)
      expect((await refresh(session.refreshToken)).status).toBe(401)
    }
    for (const session of [person, stranger]) expect((await api.as(session).get('/v1/auth/me')).status).toBe(200)
  })

  it('holds at once also against a read of the session that was under way', async () => {
    const person = await makePerson(api.isolate)
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slowOnce = holdFirstRead(held)
    const slow = createApi({ env: { DB: slowOnce } })
    const reading = slow.as(person).get('/v1/auth/me')
    await slow.as(person).post('/v1/auth/logout')
    release()
    await reading
    expect((await slow.as(person).get('/v1/auth/me')).status).toBe(401)
  })

  it('once is one: called again and again it makes one audit row and one event', async () => {
    const person = await makePerson(api.isolate)
    await Promise.all([1, 2, 3, 4].map(() => api.as(person).post('/v1/auth/logout')))
    const audit = await env.DB.prepare("select id from audit where target_id = ? and action = 'SESSIONS_REVOKED'")
      .bind(person.id)
      .all()
    const events = await env.DB.prepare("select id from outbox where aggregate_id = ? and type = 'sessions.revoked'")
      .bind(person.id)
      .all()
    expect([audit.results.length, events.results.length]).toEqual([1, 1])
  })

  it('is noticed by another isolate within five seconds, and at once in its own (R7.8)', async () => {
    const { clock, move } = movableClock()
    const other = createApi({ clock })
    const person = await makePerson(api.isolate)
    expect((await other.as(person).get('/v1/auth/me')).status).toBe(200)
    await api.as(person).post('/v1/auth/logout')
    expect((await api.as(person).get('/v1/auth/me')).status).toBe(401)
    move(SESSION_MEMORY_MS)
    expect((await other.as(person).get('/v1/auth/me')).status).toBe(401)
  })
})

describe('own sessions', () => {
  it('are listed with the current one marked, and can be ended one by one', async () => {
    const person = await makePerson(api.isolate)
    const phone = await makeSession(api.isolate, person.id)
    const listed = await api.as(person).get<SessionView[]>('/v1/auth/sessions')
    expect(listed.body.data.map(({ id, current }) => [id, current])).toEqual([
      [person.sessionId, true],
      [phone.sessionId, false],
    ])
    expect((await api.as(person).delete(`/v1/auth/sessions/${phone.sessionId}`)).status).toBe(204)
    expect((await api.as(phone).get('/v1/auth/me')).status).toBe(401)
  })

  it('of a stranger are not found', async () => {
    const [person, stranger] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const { status } = await api.as(person).delete(`/v1/auth/sessions/${stranger.sessionId}`)
    expect(status).toBe(404)
    expect((await api.as(stranger).get('/v1/auth/me')).status).toBe(200)
  })
})
