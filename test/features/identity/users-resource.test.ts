import { introspectWorkflowInstance } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { UserV1 } from '../../../src/features/identity/users/v1-schemas.ts'
import type { UserProfile, UserV2 } from '../../../src/features/identity/users/v2-schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
const make = (given: Parameters<typeof makePerson>[1] = {}) => makePerson(api.isolate, given)
const users = '/v2/users'

const whole = (person: TestPerson, more: object = {}) => ({
  ...{ email: person.email, firstName: 'Nell', lastName: 'Newcomer', phoneNumber: '+49 30 1234' },
  ...{ role: 'user', isActive: true, ...more },
})
const stored = (id: string) => env.DB.prepare('select * from users where id = ?').bind(id).first()
const auditOf = async (id: string) => {
  const { results } = await env.DB.prepare('select action from audit where target_id = ? order by rowid')
    .bind(id)
    .all<{ action: string }>()
  return results.map(({ action }) => action)
}

describe('a user', () => {
  it('is told of in two shapes of the same facts, with null where there is nothing (R3.9, R3.10)', async () => {
    const ann = await make({ firstName: 'Ann', lastName: 'Arbor' })
    const [one, two] = [
      await api.as(ann).get<UserV1>(`/v1/users/${ann.id}`),
      await api.as(ann).get<UserV2>(`${users}/${ann.id}`),
    ]
    const createdAt = expect.stringMatching(/Z$/)
    expect([one.status, one.body.data]).toEqual([200, { id: ann.id, email: ann.email, name: 'Ann Arbor', createdAt }])
    expect([two.status, two.body.data]).toEqual([
      200,
      {
        ...{ id: ann.id, email: ann.email, firstName: 'Ann', lastName: 'Arbor', phoneNumber: null, avatar: null },
        ...{ role: 'user', roles: ['user'], isActive: true, createdAt, updatedAt: createdAt },
      },
    ])
    expect([one.body.meta.version, two.body.meta.version]).toEqual(['1', '2'])
    const again = await api.as(ann).get(`${users}/${ann.id}`, {
      headers: { 'if-none-match': two.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })

  it('is nobody’s to see but their own and staff’s, who see no address unless they look after accounts (R1.2, R1.9)', async () => {
    const [ann, bob, moderator, admin] = [
      await make(),
      await make(),
      await make({ role: 'moderator' }),
      await make({ role: 'admin' }),
    ]
    const see = (by: TestPerson) => api.as(by).get<UserV2>(`${users}/${ann.id}`)
    expect((await see(bob)).status).toBe(404)
    expect(await see(moderator)).toMatchObject({ status: 200, body: { data: { email: null, id: ann.id } } })
    expect(await see(admin)).toMatchObject({ status: 200, body: { data: { email: ann.email } } })
    const nobody = newId()
    for (const version of ['v1', 'v2']) {
      const missing = await api.as(admin).get(`/${version}/users/${nobody}`)
      expect([missing.status, missing.body.message]).toEqual([404, `User ${nobody} not found`])
    }
    expect((await api.as(admin).get('/v2/users/seven')).status).toBe(400)
  })

  it('is searched in version 2 alone: in version 1 the path is none (R3.8)', async () => {
    const moderator = await make({ role: 'moderator' })
    expect((await api.as(moderator).get(`${users}/search?q=number`)).status).toBe(200)
    const old = await api.as(moderator).get('/v1/users/search?q=number')
    expect([old.status, old.headers.get('allow')]).toEqual([404, null])
    expect((await api.as(moderator).get(`/v1/users/${moderator.id}/profile`)).status).toBe(404)
  })
})

describe('the list', () => {
  it('is searched by any part of a name, however short, sorted by what is allowed, and counted (R1.19, R1.20, R1.22)', async () => {
    const moderator = await make({ role: 'moderator' })
    const tag = `q${newId().slice(-6)}x`
    for (const [first, last] of [
      ['Ada', `Zeta ${tag}`],
      ['Éva', `Möller ${tag}`],
      ['Li', `Ng ${tag}`],
    ] as const) {
      await make({ firstName: first, lastName: last })
    }
    const find = async (query: string) => {
      const { status, body } = await api.as(moderator).get<UserV2[]>(`${users}?${query}`)
      return { status, names: status === 200 ? body.data.map(({ firstName }) => firstName) : [], meta: body.meta }
    }
    expect((await find(`search=${tag.toUpperCase()}&sortBy=name&order=ASC`)).names).toEqual(['Ada', 'Éva', 'Li'])
    expect((await find(`search=${tag}`)).names).toEqual(['Li', 'Éva', 'Ada'])
    expect((await find(`search=${encodeURIComponent(`oller ${tag}`)}`)).names).toEqual(['Éva'])
    expect(await find(`search=${tag}&limit=2&page=2`)).toMatchObject({
      names: ['Ada'],
      meta: { page: 2, limit: 2, total: 3, totalPages: 2, totalIsExact: true },
    })
    const short = await find(`search=ng&sortBy=createdAt&limit=100`)
    expect(short.names).toContain('Li')
    expect((await find('search=%25%25%25')).names).toEqual([])
    for (const wrong of ['sortBy=passwordHash', 'order=up', 'limit=101', 'page=0', 'unknown=1']) {
      expect((await find(wrong)).status).toBe(400)
    }
    expect((await find('')).meta).toMatchObject({ page: 1, limit: 10 })
  })

  it('follows a new name, and forgets who has given up their account', async () => {
    const [admin, ann] = [await make({ role: 'admin' }), await make({ firstName: 'Quirinus' })]
    const found = async (text: string) =>
      (await api.as(admin).get<UserV2[]>(`${users}?search=${text}`)).body.data.map(({ id }) => id)
    expect(await found('uirin')).toEqual([ann.id])
    await api.as(ann).patch(`${users}/${ann.id}/profile`, { firstName: 'Xystus' })
    expect([await found('uirin'), await found('ystu')]).toEqual([[], [ann.id]])
    expect((await api.as(admin).delete(`${users}/${ann.id}`)).status).toBe(204)
    expect(await found('ystu')).toEqual([])
    expect((await api.as(admin).get(`${users}/${ann.id}`)).status).toBe(404)
    expect((await api.as(admin).delete(`${users}/${ann.id}`)).status).toBe(404)
  })
})

describe('replacing a user', () => {
  it('wants all fields and what is replaced: 400, 428, 412 (R4.4, R4.14)', async () => {
    const ann = await make()
    const put = (body: unknown, headers: Record<string, string> = {}) =>
      api.as(ann).request<UserV2>('PUT', `${users}/${ann.id}`, { body, headers })
    expect((await put(whole(ann))).status).toBe(428)
    const { role: _left, ...partial } = whole(ann)
    const refused = await put(partial, { 'if-match': '*' })
    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([400, 'role'])
    const done = await put(whole(ann), { 'if-match': '"1-v2.whole"' })
    expect([done.status, done.body.data.firstName, done.body.data.phoneNumber]).toEqual([200, 'Nell', '+49 30 1234'])
    expect((await put(whole(ann), { 'if-match': '"1-v2.whole"' })).status).toBe(412)
    const same = await put(whole(ann), { 'if-match': done.headers.get('etag') ?? '' })
    expect([same.status, same.headers.get('etag')]).toEqual([200, done.headers.get('etag')])
    expect(await auditOf(ann.id)).toEqual(['USER_UPDATED'])
    expect(await stored(ann.id)).toMatchObject({ name_key: 'nell newcomer', version: 2 })
  })

  it('leaves roles and state to admins, and one’s own to nobody (R4.4, R4.10)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    const change = (by: TestPerson, of: TestPerson, body: unknown) =>
      api.as(by).patch<UserV2>(`${users}/${of.id}`, body)
    expect((await change(ann, ann, { role: 'admin' })).status).toBe(403)
    expect((await change(ann, ann, { isActive: false })).status).toBe(403)
    expect((await change(admin, admin, { role: 'user' })).status).toBe(400)
    expect((await change(admin, admin, { isActive: false })).status).toBe(400)
    const done = await change(admin, ann, { role: 'moderator', isActive: false, lastName: 'Closed' })
    expect(done).toMatchObject({
      status: 200,
      body: { data: { role: 'moderator', isActive: false, lastName: 'Closed' } },
    })
    expect(await auditOf(ann.id)).toEqual(['USER_UPDATED', 'ROLE_CHANGE', 'USER_DEACTIVATED'])
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
    expect(await stored(ann.id)).toMatchObject({ version: 2, is_active: 0 })
  })

  it('keeps the last admin, whatever else is in it (R4.10)', async () => {
    const [one, other] = [await make({ role: 'admin' }), await make({ role: 'admin' })]
    await env.DB.prepare(
      `delete from user_roles where role_id = (select id from roles where name = 'admin') and user_id not in (?, ?)`,
    )
      .bind(one.id, other.id)
      .run()
    // Whoever acts is denied something, so they do not count as one who could make another admin.
    await env.DB.prepare(
      `insert into user_permissions select ?, id, 'deny', 'test', 1 from permissions where name = 'refund:order'`,
    )
      .bind(one.id)
      .run()
    const refused = await api.as(one).patch(`${users}/${other.id}`, { role: 'user', lastName: 'Fallen' })
    expect(refused.status).toBe(409)
    expect(await stored(other.id)).toMatchObject({ version: 1 })
  })

  it('with another address has it verified anew, and is not one’s own way to one (R4.5, R1.11)', async () => {
    const [ann, bob, admin] = [await make(), await make(), await make({ role: 'admin' })]
    const own = await api.as(ann).patch(`${users}/${ann.id}`, { email: 'elsewhere@people.test' })
    expect([own.status, own.body.message]).toMatchObject([422, expect.stringContaining('/v1/auth/change-email')])
    expect((await api.as(admin).patch(`${users}/${ann.id}`, { email: bob.email })).status).toBe(409)
    const email = `${newId()}@people.test`
    expect((await api.as(admin).patch<UserV2>(`${users}/${ann.id}`, { email })).body.data.email).toBe(email)
    expect(await stored(ann.id)).toMatchObject({ email, is_email_verified: 0 })
  })
})

describe('a patch of a user', () => {
  const patch = (by: TestPerson, type: string, body: unknown) =>
    api.as(by).request<UserV2>('PATCH', `${users}/${by.id}`, {
      raw: JSON.stringify(body),
      headers: { 'content-type': type },
    })
  const json = 'application/json-patch+json'

  it('is fields, a merge patch or operations, and nothing else (R4.6, R4.15, R4.16)', async () => {
    const ann = await make()
    const merge = await patch(ann, 'application/merge-patch+json', { phoneNumber: '+1 555 0100' })
    expect([merge.status, merge.body.data.phoneNumber]).toEqual([200, '+1 555 0100'])
    const operations = [
      { op: 'test', path: '/phoneNumber', value: '+1 555 0100' },
      { op: 'replace', path: '/lastName', value: 'Patched' },
      { op: 'remove', path: '/phoneNumber' },
    ]
    const done = await patch(ann, json, operations)
    expect([done.status, done.body.data.lastName, done.body.data.phoneNumber]).toEqual([200, 'Patched', null])
    expect((await patch(ann, 'text/plain', {})).status).toBe(415)
    expect((await patch(ann, json, operations)).status).toBe(409)
    expect((await patch(ann, json, [{ op: 'replace', path: '/passwordHash', value: 'x' }])).status).toBe(422)
    expect((await patch(ann, json, [{ op: 'replace', path: '/role', value: 'admin' }])).status).toBe(403)
  })

  it('of nothing is 400 in the words that say so, and so is what a required field may not be (R4.18, R4.14)', async () => {
    const ann = await make()
    for (const type of ['application/json', 'application/merge-patch+json']) {
      const empty = await patch(ann, type, {})
      expect([empty.status, empty.body.message]).toEqual([400, 'No fields provided for update'])
    }
    expect((await patch(ann, 'application/json', { firstName: null })).status).toBe(400)
    expect((await patch(ann, 'application/json', { operation: 'increment', field: 'version', value: 1 })).status).toBe(
      400,
    )
    expect(await stored(ann.id)).toMatchObject({ version: 1 })
  })
})

describe('a profile', () => {
  it('is replaced whole and changed in part, by its owner or an admin (R4.9)', async () => {
    const [ann, bob, admin] = [await make(), await make(), await make({ role: 'admin' })]
    const path = `${users}/${ann.id}/profile`
    const profile = {
      ...{ firstName: 'Nell', lastName: 'Newcomer', bio: 'Two\nlines', avatar: 'https://img.test/a.png' },
      ...{ phone: '+49 30 1', address: '1 Road' },
    }
    const put = (body: unknown) => api.as(ann).request<UserProfile>('PUT', path, { body })
    for (const field of Object.keys(profile)) {
      const refused = await put({ ...profile, [field]: undefined })
      expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([400, field])
    }
    expect((await put({ ...profile, avatar: 'http://img.test/a.png' })).status).toBe(400)
    expect(await put(profile)).toMatchObject({ status: 200, body: { data: { id: ann.id, ...profile } } })
    expect((await api.as(bob).patch(path, { bio: 'x' })).status).toBe(404)
    const done = await api.as(admin).patch<UserProfile>(path, { bio: null })
    expect([done.status, done.body.data.bio, done.body.data.address]).toEqual([200, null, '1 Road'])
    const told = await api.as(ann).get<{ account: object }>('/v1/data')
    expect(told.body.data.account).toMatchObject({ phoneNumber: '+49 30 1', bio: null, address: '1 Road' })
  })
})

describe('an account that an admin deletes', () => {
  it('is erased as one’s own is, and its holder is told who decided that (R1.6)', async () => {
    const [ann, admin, other] = [await make(), await make({ role: 'admin' }), await make({ role: 'moderator' })]
    const erasure = await introspectWorkflowInstance(env.ERASE_ACCOUNT, ann.id)
    onTestFinished(() => erasure.dispose())
    await erasure.modify((m) => m.disableSleeps())
    expect((await api.as(other).delete(`${users}/${ann.id}`)).status).toBe(404)
    const { status, body } = await api.as(admin).delete(`${users}/${ann.id}`)
    expect([status, body]).toEqual([204, undefined])
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
    await erasure.waitForStatus('complete')
    expect(await stored(ann.id)).toMatchObject({ email: expect.stringContaining(ann.id), name_key: '' })
    const mail = await env.DB.prepare('select text from dev_mails where to_address = ?').bind(ann.email).first('text')
    expect(mail).toContain('An admin has decided')
  })
})

describe('an account that an admin makes', () => {
  it('has no password, and its link to choose one is mailed once (R1.3)', async () => {
    const admin = await make({ role: 'admin' })
    const body = {
      email: `${newId()}@people.test`,
      firstName: 'Nell',
      lastName: 'Newcomer',
      phoneNumber: '+49 30 1234',
    }
    const post = () =>
      api.as(admin).request<UserV1>('POST', '/v1/users', { body, headers: { 'idempotency-key': newKey } })
    const newKey = crypto.randomUUID()
    const made = await post()
    const { id } = made.body.data
    expect([made.status, made.headers.get('location'), made.body.data.name]).toEqual([
      201,
      `/v1/users/${id}`,
      'Nell Newcomer',
    ])
    const again = await post()
    expect([again.status, again.body.data]).toEqual([201, made.body.data])
    expect(await stored(id)).toMatchObject({ password_hash: '!', is_email_verified: 0 })
    await vi.waitFor(
      async () => {
        const mail = await env.DB.prepare('select count(*) as n from mailed_tokens where user_id = ?')
          .bind(id)
          .first('n')
        expect(mail).toBe(1)
      },
      { timeout: 10_000 },
    )
    expect((await api.as(admin).post('/v1/users', body)).status).toBe(409)
    expect((await api.as(admin).post('/v1/users', { ...body, password: 'x' })).status).toBe(400)
  })

  it('is closed and opened again, and answered each time (R4.10, R4.11)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    const act = (what: string, body?: unknown) => api.as(admin).patch<UserV2>(`${users}/${ann.id}/${what}`, body)
    expect((await act('deactivate')).body.data.isActive).toBe(false)
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
    expect((await act('activate')).body.data.isActive).toBe(true)
    expect((await act('change-role', { role: 'moderator' })).body.data.role).toBe('moderator')
    expect((await api.as(admin).patch(`${users}/${admin.id}/deactivate`)).status).toBe(400)
  })
})
