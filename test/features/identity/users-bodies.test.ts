import { expect, it } from 'vitest'
import type { UserV2 } from '../../../src/features/identity/users/v2-schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { type Answer, createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()
const make = (given: Parameters<typeof makePerson>[1] = {}) => makePerson(api.isolate, given)

it('a user has these fields, among others (R4.1)', async () => {
  const [ann, admin] = [await make({ firstName: 'Ann', lastName: 'Arbor' }), await make({ role: 'admin' })]
  await api.as(ann).patch(`/v2/users/${ann.id}`, { phoneNumber: '+49 30 1234' })
  const told = { id: ann.id, email: ann.email, firstName: 'Ann', lastName: 'Arbor', phoneNumber: '+49 30 1234' }
  for (const by of [ann, admin]) {
    const { data } = (await api.as(by).get<UserV2>(`/v2/users/${ann.id}`)).body
    expect(data).toMatchObject({ ...told, role: 'user', isActive: true })
  }
})

it('each refusal has its own status: 400, 401, 403, 404, 409 (R2.10)', async () => {
  const [ann, admin] = [await make(), await make({ role: 'admin' })]
  const body = { email: ann.email, firstName: 'Nell', lastName: 'Newcomer', phoneNumber: '+49 30 1234' }
  const said = ({ status, body: { success, statusCode, code } }: Answer) => [status, success, statusCode, code]
  expect(said(await api.as(admin).post('/v1/users', { ...body, email: 'x' }))).toEqual([
    400,
    false,
    400,
    'VALIDATION_FAILED',
  ])
  expect(said(await api.post('/v1/users', body))).toEqual([401, false, 401, 'UNAUTHENTICATED'])
  expect(said(await api.as(ann).post('/v1/users', body))).toEqual([403, false, 403, 'FORBIDDEN'])
  expect(said(await api.as(admin).get(`/v1/users/${newId()}`))).toEqual([404, false, 404, 'NOT_FOUND'])
  expect(said(await api.as(admin).post('/v1/users', body))).toEqual([409, false, 409, 'EMAIL_TAKEN'])
})

it('bodies that make an account hold its fields to their bounds, and no role that is not given (R1.10, R4.12)', async () => {
  const [moderator, admin] = [await make({ role: 'moderator' }), await make({ role: 'admin' })]
  const password = 'Tall-Giraffe-42'
  const person = () => ({ email: `${newId()}@people.test`, firstName: 'Nell', lastName: 'Newcomer' })
  const phoneNumber = '+49 30 1234'
  const post = (path: string, body: object) => api.as(admin).post<UserV2>(path, body)
  const [making, registering] = ['/v1/users', '/v1/auth/register']
  for (const [path, more] of [
    [making, { phoneNumber }],
    [registering, { password }],
  ] as const) {
    for (const [field, value] of [
      ...[undefined, '', 'nell', 'nell@', `${'x'.repeat(250)}@people.test`].map((email) => ['email', email]),
      ...[undefined, 'N', 'N'.repeat(101), 7].flatMap((name) => [
        ['firstName', name],
        ['lastName', name],
      ]),
      ['role', 'root'],
      ...(path === making ? [undefined, null, '', '12'] : []).map((number) => ['phoneNumber', number]),
    ] as [string, unknown][]) {
      const { status, body } = await post(path, { ...person(), ...more, [field]: value })
      expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]])
    }
    for (const name of ['Ne', 'N'.repeat(100)]) {
      expect((await post(path, { ...person(), ...more, firstName: name })).status).toBe(201)
    }
  }
  expect((await post(registering, { ...person(), password, role: 'user' })).status).toBe(400)
  for (const weak of [undefined, 'Sh0rt-!', 'tall-giraffe-42', 'TallGiraffe42', `${password}${'x'.repeat(120)}`]) {
    expect((await post(registering, { ...person(), password: weak })).status).toBe(400)
  }
  expect((await post(making, { ...person(), phoneNumber, password })).status).toBe(400)
  expect((await api.as(moderator).post(making, { ...person(), phoneNumber, role: 'admin' })).status).toBe(403)
  const made = await post('/v2/users', { ...person(), phoneNumber, role: 'moderator' })
  const plain = await post('/v2/users', { ...person(), phoneNumber })
  expect([made.body.data.role, plain.body.data.role]).toEqual(['moderator', 'user'])
})
