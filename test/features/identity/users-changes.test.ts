import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { UserV2 } from '../../../src/features/identity/users/v2-schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
const make = (given: Parameters<typeof makePerson>[1] = {}) => makePerson(api.isolate, given)
const stored = (id: string) => env.DB.prepare('select * from users where id = ?').bind(id).first()

const whole = (more: object = {}) => ({
  ...{ email: `${newId()}@people.test`, firstName: 'Nell', lastName: 'Newcomer', phoneNumber: '+49 30 1234' },
  ...{ role: 'user', isActive: true, ...more },
})
const ANY = { 'if-match': '*' }

describe.each(['v1', 'v2'])('in %s', (version) => {
  const users = `/${version}/users`
  const put = (by: TestPerson, id: string, body: unknown, headers: Record<string, string> = ANY) =>
    api.as(by).request<UserV2>('PUT', `${users}/${id}`, { body, headers })
  const patch = (by: TestPerson, id: string, body: unknown, headers: Record<string, string> = {}) =>
    api.as(by).patch<UserV2>(`${users}/${id}`, body, { headers })

  it('a PUT replaces all that can be written, and the same one again changes nothing (R1.4, R4.3, R4.7)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    const wish = whole({ role: 'moderator', isActive: false })
    expect((await put(admin, ann.id, wish)).status).toBe(200)
    const row = await stored(ann.id)
    expect(row).toMatchObject({
      ...{ email: wish.email, first_name: 'Nell', last_name: 'Newcomer', phone_number: '+49 30 1234' },
      ...{ is_active: 0, version: 2 },
    })
    const read = await api.as(admin).get<UserV2>(`/v2/users/${ann.id}`)
    expect(read.body.data).toMatchObject({ id: ann.id, ...wish, roles: ['moderator'] })
    expect((await put(admin, ann.id, wish)).status).toBe(200)
    expect(await stored(ann.id)).toEqual(row)
  })

  it('a PUT wants every field, none of them empty, and no other one (R1.4, R4.4, R4.14)', async () => {
    const ann = await make()
    const own = whole({ email: ann.email })
    const complaint = async (body: object) => {
      const { status, body: told } = await put(ann, ann.id, body)
      return [status, told.errors?.map(({ field }) => field)]
    }
    for (const field of Object.keys(own)) {
      expect(await complaint({ ...own, [field]: undefined })).toEqual([400, [field]])
      expect(await complaint({ ...own, [field]: '' })).toEqual([400, expect.arrayContaining([field])])
      expect(await complaint({ ...own, [field]: null })).toEqual([400, [field]])
    }
    expect(await complaint({ ...own, role: 'owner' })).toEqual([400, ['role']])
    expect(await complaint({ ...own, isActive: 'true' })).toEqual([400, ['isActive']])
    expect(await complaint({ ...own, password: 'Correct-Horse-2' })).toEqual([400, ['password']])
    expect(await stored(ann.id)).toMatchObject({ version: 1 })
  })

  it('a PUT names what it replaces: 428 without, 412 with another tag, a weak or a foreign one, 400 with none (R4.2)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    const own = whole({ email: ann.email })
    const status = async (headers: Record<string, string>) => (await put(ann, ann.id, own, headers)).status
    expect(await status({})).toBe(428)
    for (const tag of ['"2"', 'W/"1"', '"x"', '"2", "3-v2"'])
      expect([tag, await status({ 'if-match': tag })]).toEqual([tag, 412])
    expect(await status({ 'if-match': '1' })).toBe(400)
    expect(await stored(ann.id)).toMatchObject({ version: 1 })
    const tag = (await api.as(ann).get(`${users}/${ann.id}`)).headers.get('etag') ?? ''
    expect(await status({ 'if-match': `"7", ${tag}` })).toBe(200)
    expect((await patch(ann, ann.id, { lastName: 'Late' }, { 'if-match': tag })).status).toBe(412)
    const nobody = newId()
    for (const by of [admin, ann]) {
      for (const refused of [await put(by, nobody, own), await patch(by, nobody, { lastName: 'Nobody' })]) {
        expect([refused.status, refused.body.message]).toEqual([404, `User ${nobody} not found`])
      }
    }
    const foreign = await put(ann, admin.id, own)
    expect([foreign.status, foreign.body.message]).toEqual([404, `User ${admin.id} not found`])
    expect((await put(ann, 'seven', own)).status).toBe(400)
  })

  it('a PATCH changes what it names, by the rules of a PUT, and nothing that is not written so (R1.5, R4.6, R4.14)', async () => {
    const ann = await make({ firstName: 'Ann' })
    const before = await stored(ann.id)
    for (const [body, field] of [
      [{ firstName: 'A' }, 'firstName'],
      [{ firstName: null }, 'firstName'],
      [{ lastName: 'x'.repeat(101) }, 'lastName'],
      [{ lastName: 7 }, 'lastName'],
      [{ email: 'nowhere' }, 'email'],
      [{ phoneNumber: 'call me' }, 'phoneNumber'],
      [{ role: 'owner' }, 'role'],
      [{ isActive: 1 }, 'isActive'],
      ...['id', 'password', 'passwordHash', 'isEmailVerified', 'version', 'tier', 'createdAt', 'constructor'].map(
        (name) => [{ lastName: 'Arbor', [name]: 1 }, name] as const,
      ),
    ] as const) {
      const { status, body: told } = await patch(ann, ann.id, body)
      expect([status, told.errors?.[0]?.field]).toEqual([400, field])
    }
    const raw = '{"lastName":"Arbor","__proto__":{"isActive":false}}'
    const headers = { 'content-type': 'application/json' }
    expect((await api.as(ann).request('PATCH', `${users}/${ann.id}`, { raw, headers })).status).toBe(400)
    expect(await stored(ann.id)).toEqual(before)
    expect((await patch(ann, ann.id, { lastName: 'Arbor', email: undefined })).status).toBe(200)
    const changed = { last_name: 'Arbor', last_name_key: 'arbor', name_key: 'ann arbor', version: 2 }
    expect(await stored(ann.id)).toEqual({ ...before, ...changed, updated_at: expect.any(Number) })
    // What is optional stays in a PATCH, and goes where it is named with null.
    await patch(ann, ann.id, { phoneNumber: '+49 30 1234' })
    await patch(ann, ann.id, { lastName: 'Ash' })
    expect(await stored(ann.id)).toMatchObject({ phone_number: '+49 30 1234' })
    await patch(ann, ann.id, { phoneNumber: null })
    expect(await stored(ann.id)).toMatchObject({ phone_number: null, last_name: 'Ash' })
  })

  it('a new address is nobody else’s, and is verified anew, by PUT as by PATCH (R4.5)', async () => {
    const [ann, bob, admin] = [await make(), await make(), await make({ role: 'admin' })]
    for (const change of [put, patch]) {
      const taken = await change(admin, ann.id, whole({ email: bob.email.toUpperCase() }))
      expect([taken.status, taken.body.code]).toEqual([409, 'EMAIL_TAKEN'])
      await env.DB.prepare('update users set is_email_verified = 1 where id = ?').bind(ann.id).run()
      const { email } = (await stored(ann.id)) as { email: string }
      await change(admin, ann.id, whole({ email, firstName: 'Anna' }))
      expect(await stored(ann.id)).toMatchObject({ email, first_name: 'Anna', is_email_verified: 1 })
      const wish = whole()
      expect((await change(admin, ann.id, wish)).status).toBe(200)
      expect(await stored(ann.id)).toMatchObject({ email: wish.email, is_email_verified: 0 })
    }
    const [carl, dora] = [await make(), await make()]
    const email = `${newId()}@people.test`
    const both = await Promise.all([carl, dora].map(({ id }) => patch(admin, id, { email })))
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  it('an account is closed and opened by an admin, never their own, and what was open in it ends (R4.10)', async () => {
    const [ann, moderator, admin] = [await make(), await make({ role: 'moderator' }), await make({ role: 'admin' })]
    const act = (by: TestPerson, id: string, what: string, headers: Record<string, string> = {}) =>
      api.as(by).patch<UserV2>(`${users}/${id}/${what}`, undefined, { headers })
    for (const what of ['activate', 'deactivate']) {
      expect((await api.patch(`${users}/${ann.id}/${what}`)).status).toBe(401)
      for (const by of [ann, moderator]) expect((await act(by, ann.id, what)).status).toBe(403)
      expect((await act(admin, admin.id, what)).status).toBe(400)
      expect((await act(admin, newId(), what)).status).toBe(404)
      expect((await act(admin, ann.id, what, { 'if-match': '"9"' })).status).toBe(412)
    }
    expect(await act(admin, ann.id, 'deactivate', { 'if-match': '"1"' })).toMatchObject({
      status: 200,
      body: { data: { id: ann.id, ...(version === 'v2' && { isActive: false }) } },
    })
    expect(await stored(ann.id)).toMatchObject({ is_active: 0, version: 2 })
    expect((await act(admin, ann.id, 'deactivate')).status).toBe(200)
    const opened = await act(admin, ann.id, 'activate')
    expect([opened.status, opened.headers.get('etag')]).toEqual([200, `"3-${version}.whole"`])
    expect(await stored(ann.id)).toMatchObject({ is_active: 1, version: 3 })
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
  })

  it('a role is changed at two places by one rule (R4.11)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    for (const what of version === 'v1' ? ['role', 'change-role'] : ['change-role']) {
      const act = async (by: TestPerson, id: string, body: unknown, headers: Record<string, string> = {}) =>
        (await api.as(by).patch(`${users}/${id}/${what}`, body, { headers })).status
      const role = 'moderator'
      expect(await act(ann, ann.id, { role: 'admin' })).toBe(403)
      expect(await act(admin, admin.id, { role })).toBe(400)
      expect(await act(admin, newId(), { role })).toBe(404)
      for (const body of [{ role: 'owner' }, {}, { role, level: 3 }]) expect(await act(admin, ann.id, body)).toBe(400)
      expect(await act(admin, ann.id, { role }, { 'if-match': '"99"' })).toBe(412)
      expect(await act(admin, ann.id, { role, reason: `by ${what}` })).toBe(200)
      const told = await env.DB.prepare(`select reason from audit where target_id = ? order by rowid desc limit 1`)
        .bind(ann.id)
        .first()
      expect(told).toEqual({ reason: `by ${what}` })
      expect(await act(admin, ann.id, { role: 'user' })).toBe(200)
    }
  })

  it('an account is deleted as who it is known to be (R1.6)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    const remove = async (by: TestPerson, tag: string) =>
      (await api.as(by).delete(`${users}/${ann.id}`, { headers: { 'if-match': tag } })).status
    for (const by of [ann, admin]) expect(await remove(by, '"2"')).toBe(412)
    expect(await stored(ann.id)).toMatchObject({ deleted_at: null, version: 1 })
    expect(await remove(version === 'v1' ? ann : admin, '"1"')).toBe(204)
    expect(await remove(admin, '*')).toBe(404)
  })
})
