import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { AccountExport } from '../../../src/features/identity/account/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { fillTables } from '../../support/erasure.ts'
import { makeGroup } from '../../support/membership.ts'
import { makePerson, makeSession } from '../../support/people.ts'
import { send } from '../../support/rooms.ts'

const api = createApi()
const FROM_FIREFOX = {
  headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
}

it('the data that one takes away is from every store, and tells no secret', async () => {
  const { owner: ann, members, room, path } = await makeGroup(api)
  await fillTables(ann.id, members[0].id)
  const said = (await send(api, members[0], room.id, 'Buy now')).body.data
  await api.as(ann).post(`${path}/messages/${said.id}/reports`, { category: 'spam', note: 'Each day' })
  await api.as(ann).post('/v1/auth/api-keys', { name: 'Laptop', scopes: ['read'], expiresInDays: 9 }, FROM_FIREFOX)
  await env.DB.prepare('update users set mfa_enabled_at = 1 where id = ?').bind(ann.id).run()
  const { body } = await api.as(ann).get<AccountExport>('/v1/data')
  expect(body.data).toMatchObject({
    account: { id: ann.id, email: ann.email },
    security: {
      hasPassword: true,
      mfaEnabledAt: '1970-01-01T00:00:00.001Z',
      passkeys: [{ name: 'Key' }],
      apiKeys: [
        { name: 'Key', hint: 'xxxx' },
        { name: 'Laptop', revokedAt: null },
      ],
      linkedAccounts: [{ provider: 'example', subject: ann.id }],
      grants: [{ permission: 'view:logs', effect: 'deny' }],
      grantsOnThings: [{ resource: 'room', resourceId: ann.id, action: 'update' }],
    },
    sessions: [{ current: true, device: { name: 'Unknown device' } }],
    rooms: [{ id: room.id, type: 'group', role: 'owner', leftAt: null }],
    blocked: [{ id: members[0].id, username: members[0].username }],
    acts: [{ action: 'API_KEY_CREATED', device: { name: 'Firefox on Linux' } }],
    reports: [{ messageId: said.id, category: 'spam', note: 'Each day' }],
    preferences: { emailDigest: true },
    notifications: [{ title: 'News' }],
    productReviews: [{ rating: 4, text: 'Soft', hiddenReason: null }],
  })
  const text = JSON.stringify(body.data)
  expect(text).not.toMatch(/hash|secret|\$scrypt/i)
})

it('the data that one takes away holds what no page shows: past sessions, mails with links, acts on anything else', async () => {
  const ann = await makePerson(api.isolate)
  const before = await makeSession(api.isolate, ann.id)
  expect((await api.as(before).post('/v1/auth/logout')).status).toBeLessThan(300)
  const old = await makeSession(api.isolate, ann.id)
  await env.DB.prepare('update sessions set expires_at = 2, ip = ? where id = ?').bind('192.0.2.7', old.sessionId).run()
  await env.DB.prepare(`update users set tier = 'basic', is_discoverable = 0, last_login_at = 1 where id = ?`)
    .bind(ann.id)
    .run()
  await fillTables(ann.id, newId())
  expect((await api.as(ann).get('/v1/admin/users', FROM_FIREFOX)).status).toBe(403)
  expect((await api.post('/v1/auth/forgot-password', { email: ann.email }, FROM_FIREFOX)).status).toBeLessThan(300)
  const { data } = (await api.as(ann).get<AccountExport>('/v1/data')).body
  expect(data).toMatchObject({
    account: { tier: 'basic', isDiscoverable: false, lastLoginAt: '1970-01-01T00:00:00.001Z' },
    mailedTo: [{ purpose: 'verify-email', email: 'x@people.test', usedAt: null }],
    actsBy: [{ action: 'ACCESS_DENIED', targetId: 'GET /v1/admin/users', device: { name: 'Firefox on Linux' } }],
    actsOnAddress: [{ action: 'PASSWORD_RESET_REQUEST' }],
    cut: [],
  })
  const ended = data.endedSessions.map(({ id, why, ip, endedAt }) => ({ id, why, ip, endedAt }))
  expect(ended).toEqual([
    { id: old.sessionId, why: 'expired', ip: '192.0.2.7', endedAt: '1970-01-01T00:00:00.002Z' },
    { id: before.sessionId, why: 'signed_out', ip: null, endedAt: expect.any(String) },
  ])
  // Whoever has asked may be a stranger.
  expect(JSON.stringify(data.actsOnAddress)).not.toContain('Firefox')
})

it('the data that one takes away says of which lists there is more', async () => {
  const ann = await makePerson(api.isolate)
  await env.DB.prepare(
    `insert into reports (id, reporter_id, room_id, message_id, category, content, author_id, author_name, sent_at,
       created_at) select value, ?1, ?1, value, 'spam', '', ?1, '', 1, 1 from json_each(?2)`,
  )
    .bind(ann.id, JSON.stringify(Array.from({ length: 1_001 }, newId)))
    .run()
  const { data } = (await api.as(ann).get<AccountExport>('/v1/data')).body
  expect([data.reports.length, data.cut]).toEqual([1_000, ['reports']])
})

it('the data that one takes away has nothing of anybody else, who has as much', async () => {
  const [{ owner: ann }, { owner: eve, members }] = await Promise.all([makeGroup(api), makeGroup(api)])
  await fillTables(eve.id, members[0].id)
  await api.as(eve).post('/v1/auth/api-keys', { name: 'Laptop', scopes: ['read'], expiresInDays: 9 })
  const { account, security, sessions, rooms, ...lists } = (await api.as(ann).get<AccountExport>('/v1/data')).body.data
  expect([account.id, sessions.map(({ id }) => id), rooms.length]).toEqual([ann.id, [ann.sessionId], 1])
  const { hasPassword: _has, passwordChangedAt: _at, mfaEnabledAt: _since, ...ways } = security
  const { preferences: _defaults, exportedAt: _now, ...others } = lists
  for (const list of Object.values({ ...ways, ...others })) expect(list).toEqual([])
})

it('the data that one takes away tells from where one acted, and not from where an admin did', async () => {
  const [ann, admin] = [await makePerson(api.isolate), await makePerson(api.isolate, { role: 'admin' })]
  const from = (ip: string) => ({ headers: { 'cf-connecting-ip': ip, 'user-agent': `Browser of ${ip}` } })
  await api.as(admin).patch(`/v1/users/${ann.id}/role`, { role: 'moderator' }, from('203.0.113.1'))
  await api
    .as(ann)
    .delete(`/v1/auth/sessions/${(await makeSession(api.isolate, ann.id)).sessionId}`, from('203.0.113.2'))
  const { acts } = (await api.as(ann).get<AccountExport>('/v1/data')).body.data
  expect(acts).toMatchObject([
    { action: 'SESSIONS_REVOKED', ip: '203.0.113.2', userAgent: 'Browser of 203.0.113.2' },
    { action: 'ROLE_CHANGE', ip: null, userAgent: null, device: null },
  ])
})
