import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { Role } from '../../../src/context.ts'
import type { Member } from '../../../src/features/identity/access/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { routesOf } from '../../support/examples.ts'
import { makePerson, makeSession, type TestPerson } from '../../support/people.ts'

const api = createApi()
const make = (role: Role = 'user') => makePerson(api.isolate, { role })

const rolesOf = async ({ id }: { id: string }): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    'select name from user_roles join roles on roles.id = role_id where user_id = ? order by level',
  )
    .bind(id)
    .all<{ name: string }>()
  return results.map(({ name }) => name)
}

async function actsOn(id: string, action: string) {
  const { results } = await env.DB.prepare(
    'select actor_id, reason, ip, correlation_id, details from audit where target_id = ? and action = ? order by rowid',
  )
    .bind(id, action)
    .all<{ actor_id: string; reason: string | null; ip: string | null; correlation_id: string; details: string }>()
  return results.map(({ details, ...row }) => ({ ...row, details: JSON.parse(details) }))
}

const setRole = (by: { accessToken: string }, id: string, body: unknown, over = api, path = 'role') =>
  over.as(by).patch<Member>(`/v1/users/${id}/${path}`, body)

/** Leaves these as the only admins. */
async function onlyAdmins(...admins: TestPerson[]): Promise<void> {
  await env.DB.prepare(
    `delete from user_roles where role_id = (select id from roles where name = 'admin')
       and user_id not in (select value from json_each(?))`,
  )
    .bind(JSON.stringify(admins.map(({ id }) => id)))
    .run()
}

describe('a user’s role', () => {
  it('is set by an admin, who is answered the user, and the trail keeps who, why, from where and in which request (R11.13, R11.15, R11.17)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const { status, body, headers } = await api.as(admin).request<Member>('PATCH', `/v1/users/${person.id}/role`, {
      body: { role: 'moderator', reason: 'She looks after the rooms' },
      headers: { 'cf-connecting-ip': '203.0.113.7' },
    })
    expect([status, body.data.id, body.data.role, body.data.roles]).toEqual([
      200,
      person.id,
      'moderator',
      ['moderator'],
    ])
    expect(JSON.stringify(body)).not.toContain('scrypt')
    const details = { oldRole: 'user', newRole: 'moderator', oldRoles: ['user'], newRoles: ['moderator'] }
    expect(await actsOn(person.id, 'ROLE_CHANGE')).toEqual([
      {
        ...{ actor_id: admin.id, reason: 'She looks after the rooms', ip: '203.0.113.7', details },
        correlation_id: headers.get('x-request-id'),
      },
    ])
  })

  it('holds at once for a token that is older than it, where it was changed and elsewhere within five seconds (R11.12, R12.21)', async () => {
    let now = Date.now()
    const [here, elsewhere] = [createApi({ clock: () => now }), createApi({ clock: () => now })]
    const [admin, person] = [await makePerson(here.isolate, { role: 'admin' }), await makePerson(here.isolate)]
    const reads = async () =>
      Promise.all([here, elsewhere].map(async (one) => (await one.as(person).get('/v1/users')).status))
    expect(await reads()).toEqual([403, 403])
    await setRole(admin, person.id, { role: 'moderator' }, here)
    expect(await reads()).toEqual([200, 403])
    now += 5_001
    expect(await reads()).toEqual([200, 200])
  })

  it('is set by two paths that do the same (R11.15)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const answer = await setRole(admin, person.id, { role: 'moderator' }, api, 'change-role')
    expect([answer.status, answer.body.data.role]).toEqual([200, 'moderator'])
    expect(await actsOn(person.id, 'ROLE_CHANGE')).toHaveLength(1)
  })

  it('that is so already is no change, and none is noted, of four at once neither (R11.17, R11.18)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    expect((await setRole(admin, person.id, { role: 'user' })).status).toBe(200)
    expect(await actsOn(person.id, 'ROLE_CHANGE')).toEqual([])
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => setRole(admin, person.id, { role: 'moderator' }, createApi())),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await actsOn(person.id, 'ROLE_CHANGE')).toHaveLength(1)
  })

  it('is not one’s own to change, not of a stranger, and not of another name than ours (R11.16)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const own = await setRole(admin, admin.id, { role: 'user' })
    expect([own.status, own.body.errors]).toEqual([400, [{ field: 'id', message: 'This is you' }]])
    expect((await setRole(admin, newId(), { role: 'user' })).status).toBe(404)
    expect((await setRole(admin, person.id, { role: 'owner' })).status).toBe(400)
    // The system has no role, and gets none.
    expect((await setRole(admin, '01930000-0000-7000-8000-000000000100', { role: 'admin' })).status).toBe(404)
  })

  it('is for admins to change, and for nobody with less, whatever single permissions they hold (R11.15, R11.16)', async () => {
    const [moderator, person] = [await make('moderator'), await make()]
    await env.DB.prepare(
      `insert into user_permissions select ?, id, 'allow', 'test', 1 from permissions where name = 'manage:settings'`,
    )
      .bind(moderator.id)
      .run()
    for (const role of ['admin', 'moderator']) {
      const refused = await setRole(moderator, person.id, { role })
      expect([refused.status, refused.body.message]).toEqual([403, 'This needs one of the roles admin'])
    }
    expect(await rolesOf(person)).toEqual(['user'])
  })

  it('that gives more than the admin still may themselves is not theirs to give (R12.19)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    await env.DB.prepare(
      `insert into user_permissions select ?, id, 'deny', 'test', 1 from permissions where name = 'refund:order'`,
    )
      .bind(admin.id)
      .run()
    const refused = await setRole(admin, person.id, { role: 'admin' })
    expect([refused.status, refused.body.message]).toMatchObject([403, expect.stringContaining('refund:order')])
    expect((await setRole(admin, person.id, { role: 'moderator' })).status).toBe(200)
  })

  it('is changed only by who has proved lately who they are', async () => {
    let now = Date.now()
    const late = createApi({ clock: () => now })
    const [admin, person] = [await makePerson(late.isolate, { role: 'admin' }), await makePerson(late.isolate)]
    now += 6 * 60_000
    expect(await setRole(admin, person.id, { role: 'admin' }, late)).toMatchObject({
      ...{ status: 403, body: { code: 'STEP_UP_REQUIRED' } },
    })
    expect(await rolesOf(person)).toEqual(['user'])
  })
})

describe('the last admin', () => {
  it('keeps the role: of two who take it from each other at once one stays (R11.16)', async () => {
    for (let round = 0; round < 3; round += 1) {
      const [one, other] = [await make('admin'), await make('admin')]
      await onlyAdmins(one, other)
      // Both are known to both isolates as admins before either acts.
      const isolates = [createApi(), createApi()]
      for (const [i, admin] of [one, other].entries()) await isolates[i]?.as(admin).get('/v1/users/role')
      const answers = await Promise.all([
        setRole(one, other.id, { role: 'user' }, isolates[0]),
        setRole(other, one.id, { role: 'user' }, isolates[1]),
      ])
      const statuses = answers.map(({ status }) => status).toSorted()
      expect(statuses[0]).toBe(200)
      expect([403, 409]).toContain(statuses[1])
      expect([...(await rolesOf(one)), ...(await rolesOf(other))].toSorted()).toEqual(['admin', 'user'])
    }
  })

  it('who was demoted a moment ago demotes nobody, though an isolate still takes them for one', async () => {
    const [one, other] = [await make('admin'), await make('admin')]
    await make('admin')
    const elsewhere = createApi()
    expect((await elsewhere.as(other).get('/v1/admin/roles')).status).toBe(200)
    expect((await setRole(one, other.id, { role: 'user' })).status).toBe(200)
    const refused = await setRole(other, one.id, { role: 'user' }, elsewhere)
    expect([refused.status, refused.body.message]).toEqual([403, 'You may not do this any more'])
    const person = await make()
    expect((await elsewhere.as(other).post(`/v1/users/${person.id}/deactivate`, {})).status).toBe(403)
    expect(await rolesOf(one)).toEqual(['admin'])
  })

  it('is counted among those who can act: a deactivated one is none, nor is one who may not manage', async () => {
    const [admin, helper, away, bound] = [await make('admin'), await make(), await make('admin'), await make('admin')]
    await env.DB.batch([
      env.DB.prepare(`insert into user_permissions select ?, id, 'allow', 'test', 1 from permissions`).bind(helper.id),
      env.DB.prepare(
        `insert into user_permissions select ?, id, 'deny', 'test', 1 from permissions where name = 'manage:settings'`,
      ).bind(bound.id),
      env.DB.prepare('update users set is_active = 0 where id = ?').bind(away.id),
    ])
    await onlyAdmins(admin, away, bound)
    // `bound` is an admin still, and may set roles: but with the other one's nobody would be left to manage.
    const refused = await setRole(bound, admin.id, { role: 'user' })
    expect([refused.status, refused.body.code]).toEqual([409, 'CONFLICT'])
    expect(await rolesOf(admin)).toEqual(['admin'])
    expect((await setRole(admin, bound.id, { role: 'user' })).status).toBe(200)
  })
})

describe('several roles', () => {
  it('are given and taken one by one, the highest stands for them, and the last one stays (R11.1, R11.10)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const path = `/v1/users/${person.id}/roles`
    const given = await api.as(admin).request<Member>('PUT', `${path}/moderator`, { body: { reason: 'helps out' } })
    expect([given.status, given.body.data.role, given.body.data.roles.toSorted()]).toEqual([
      ...[200, 'moderator', ['moderator', 'user']],
    ])
    // What either role gives.
    const me = await api.as(person).get<{ permissions: string[] }>('/v1/auth/me')
    expect(me.body.data.permissions).toEqual(expect.arrayContaining(['create:order', 'moderate:content']))
    const again = await api.as(admin).request('PUT', `${path}/moderator`, { body: {} })
    expect(again.status).toBe(200)
    expect((await api.as(person).get('/v1/users')).status).toBe(200)
    expect((await api.as(admin).post(`${path}/user/revoke`, { reason: 'no longer' })).status).toBe(200)
    expect(await rolesOf(person)).toEqual(['moderator'])
    expect(await api.as(admin).post(`${path}/moderator/revoke`, {})).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    })
    expect((await actsOn(person.id, 'ROLE_CHANGE')).map(({ reason }) => reason)).toEqual(['helps out', 'no longer'])
  })

  it('take their reason in the body, as every route does: an address stands in logs', () => {
    const taking = routesOf(api).filter(({ contract: { parts } }) => {
      return parts.query instanceof z.ZodObject && 'reason' in parts.query.shape
    })
    expect(taking.map(({ name }) => name)).toEqual([])
  })

  it('that two admins take away at once leave one', async () => {
    const [admin, person] = [await make('admin'), await make()]
    await api.as(admin).request('PUT', `/v1/users/${person.id}/roles/moderator`, { body: {} })
    const answers = await Promise.all(
      ['user', 'moderator'].map((role) =>
        createApi().as(admin).post(`/v1/users/${person.id}/roles/${role}/revoke`, {}),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    expect(await rolesOf(person)).toHaveLength(1)
  })
})

describe('users, as moderators see them', () => {
  it('are listed by page and cursor with their roles, and without their addresses or secrets (R11.19)', async () => {
    const [moderator, plain] = [await make('moderator'), await make()]
    const read = (query: string) => api.as(moderator).get<Member[]>(`/v1/users?${query}`)
    const first = await read('limit=2')
    expect(first.body.data.map(({ id, role }) => [id, role])).toEqual([
      [plain.id, 'user'],
      [moderator.id, 'moderator'],
    ])
    expect(first.body.meta).toMatchObject({ page: 1, limit: 2, totalIsExact: true, hasNextPage: true })
    const [second, next] = [await read('limit=2&page=2'), await read(`limit=2&cursor=${first.body.meta.nextCursor}`)]
    expect(second.body.data).toEqual(next.body.data)
    expect(JSON.stringify(first.body)).not.toMatch(/scrypt|@people\.test|hash/)
    expect((await api.as(plain).get('/v1/users')).status).toBe(403)
    expect((await api.get('/v1/users')).status).toBe(401)
  })

  it('are asked for by role, whatever else they hold (R11.20)', async () => {
    const [admin, both] = [await make('admin'), await make('moderator')]
    await api.as(admin).request('PUT', `/v1/users/${both.id}/roles/user`, { body: {} })
    for (const role of ['user', 'moderator']) {
      const { body } = await api.as(admin).get<Member[]>(`/v1/users?role=${role}&limit=1`)
      expect(body.data.map(({ id, roles }) => [id, roles])).toEqual([[both.id, ['user', 'moderator']]])
    }
  })
})

describe('the caller', () => {
  it('reads their profile, or their role alone, at paths that are no user’s id (R11.11)', async () => {
    const person = await make('moderator')
    const profile = await api.as(person).get<{ id: string; email: string }>('/v1/users/profile')
    expect([profile.status, profile.body.data.id, profile.body.data.email]).toEqual([200, person.id, person.email])
    expect((await api.as(person).get('/v1/users/role')).body.data).toEqual({ role: 'moderator' })
  })
})

describe('a deactivated user', () => {
  const act = (by: TestPerson, id: string, what: string, over = api) =>
    over.as(by).post<{ isActive: boolean }>(`/v1/users/${id}/${what}`, { reason: 'of a test' })
  const liveSessions = (id: string) =>
    env.DB.prepare('select count(*) as n from sessions where user_id = ? and revoked_at is null').bind(id).first('n')

  it('is out on every device at once, and with a reactivation comes in only by signing in anew', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const device = await makeSession(api.isolate, person.id)
    expect((await act(admin, person.id, 'deactivate')).body.data).toEqual({ id: person.id, isActive: false })
    for (const session of [person, device]) {
      expect((await api.as(session).get('/v1/auth/me')).status).toBe(401)
      expect((await api.post('/v1/auth/refresh', { refreshToken: session.refreshToken })).status).toBe(401)
    }
    const signIn = { email: person.email, password: 'Correct-Horse-1' }
    expect((await api.post('/v1/auth/login', signIn)).status).toBe(401)
    expect((await act(admin, person.id, 'reactivate')).body.data.isActive).toBe(true)
    expect((await createApi().as(person).get('/v1/auth/me')).status).toBe(401)
    expect(await liveSessions(person.id)).toBe(0)
    expect((await api.post('/v1/auth/login', signIn)).status).toBe(200)
    for (const action of ['USER_DEACTIVATED', 'USER_REACTIVATED']) {
      expect(await actsOn(person.id, action)).toMatchObject([{ actor_id: admin.id, reason: 'of a test' }])
    }
  })

  it('is never oneself, the last admin, or somebody above; and twice is once', async () => {
    const [admin, helper] = [await make('admin'), await make('moderator')]
    await env.DB.prepare(
      `insert into user_permissions select ?, id, 'allow', 'test', 1 from permissions where name = 'manage:settings'`,
    )
      .bind(helper.id)
      .run()
    expect((await act(admin, admin.id, 'deactivate')).status).toBe(400)
    const refused = await act(helper, admin.id, 'deactivate')
    expect([refused.status, refused.body.message]).toEqual([403, 'This needs the role admin'])
    const person = await make()
    const both = await Promise.all([
      act(admin, person.id, 'deactivate'),
      act(helper, person.id, 'deactivate', createApi()),
    ])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect(await actsOn(person.id, 'USER_DEACTIVATED')).toHaveLength(1)
    const [one, other] = [await make('admin'), await make('admin')]
    await onlyAdmins(one, other)
    const answers = await Promise.all([
      act(one, other.id, 'deactivate', createApi()),
      act(other, one.id, 'deactivate', createApi()),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('a user whose sessions an admin ends', () => {
  const end = (by: TestPerson, id: string, reason: string, over = api) =>
    over.as(by).post(`/v1/admin/users/${id}/sessions/revoke`, { reason })

  it('is out on every device, told by mail without the admin’s device, and may sign in anew at once', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const device = await makeSession(api.isolate, person.id)
    expect((await api.as(device).get('/v1/auth/me')).status).toBe(200)
    const headers = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0' }
    const path = `/v1/admin/users/${person.id}/sessions/revoke`
    expect((await api.as(admin).post(path, {})).status).toBe(400)
    expect((await api.as(admin).post(path, { reason: 'a laptop is gone' }, { headers })).status).toBe(200)
    for (const session of [person, device]) {
      expect((await api.as(session).get('/v1/auth/me')).status).toBe(401)
      expect((await api.post('/v1/auth/refresh', { refreshToken: session.refreshToken })).status).toBe(401)
    }
    expect(await actsOn(person.id, 'USER_SESSIONS_ENDED')).toMatchObject([
      { actor_id: admin.id, reason: 'a laptop is gone' },
    ])
    const events = await env.DB.prepare('select type, payload from outbox where aggregate_id = ? order by type')
      .bind(person.id)
      .all<{ type: string; payload: string }>()
    expect(events.results.map(({ type, payload }) => [type, JSON.parse(payload)])).toMatchObject([
      ['account.noticed', { kind: 'sessions-ended', userAgent: null, place: null }],
      ['sessions.revoked', { userId: person.id, sessionIds: null, reason: 'ended_by_admin' }],
    ])
    const signedIn = await api.post('/v1/auth/login', { email: person.email, password: 'Correct-Horse-1' })
    expect(signedIn.status).toBe(200)
  })

  it('is never oneself or somebody above; it takes a fresh proof, and where none lives nothing happens', async () => {
    let now = Date.now()
    const late = createApi({ clock: () => now })
    const [admin, helper, person] = [await make('admin'), await make('moderator'), await make()]
    await env.DB.prepare(
      `insert into user_permissions select ?, id, 'allow', 'test', 1 from permissions where name = 'manage:settings'`,
    )
      .bind(helper.id)
      .run()
    expect((await end(admin, admin.id, 'of a test')).status).toBe(400)
    const refused = await end(helper, admin.id, 'of a test')
    expect([refused.status, refused.body.message]).toEqual([403, 'This needs the role admin'])
    expect((await api.as(admin).get('/v1/auth/me')).status).toBe(200)
    for (let time = 0; time < 2; time += 1) expect((await end(helper, person.id, 'of a test')).status).toBe(200)
    expect(await actsOn(person.id, 'USER_SESSIONS_ENDED')).toHaveLength(1)
    now += 6 * 60_000
    expect((await end(admin, person.id, 'of a test', late)).body.code).toBe('STEP_UP_REQUIRED')
  })
})
