import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { UserV2 } from '../../../src/features/identity/users/v2-schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
const make = (given: Parameters<typeof makePerson>[1] = {}) => makePerson(api.isolate, given)
const stored = (id: string) => env.DB.prepare('select * from users where id = ?').bind(id).first()
const NOTHING_GIVEN = 'No fields provided for update'

const send = (path: string, by: TestPerson, type: string, body: unknown) =>
  api.as(by).request<UserV2>('PATCH', path, { raw: JSON.stringify(body), headers: { 'content-type': type } })
const JSON_PATCH = 'application/json-patch+json'
const operate = (by: TestPerson, ...operations: unknown[]) => send(`/v2/users/${by.id}`, by, JSON_PATCH, operations)

describe('a JSON Patch of a user', () => {
  it('does its six operations one after the other, in both versions (R4.15, R4.16)', async () => {
    for (const version of ['v1', 'v2']) {
      const ann = await make({ firstName: 'Ann', lastName: 'Arbor' })
      const patch = (...operations: unknown[]) => send(`/${version}/users/${ann.id}`, ann, JSON_PATCH, operations)
      const first = await patch(
        { op: 'test', path: '/lastName', value: 'Arbor' },
        { op: 'copy', from: '/lastName', path: '/firstName' },
        { op: 'replace', path: '/lastName', value: 'Ash' },
        { op: 'add', path: '/phoneNumber', value: '+49 30 1234' },
      )
      expect(first.status).toBe(200)
      expect(await stored(ann.id)).toMatchObject({ first_name: 'Arbor', last_name: 'Ash', phone_number: '+49 30 1234' })
      expect((await patch({ op: 'move', from: '/phoneNumber', path: '/lastName' })).status).toBe(200)
      expect(await stored(ann.id)).toMatchObject({ last_name: '+49 30 1234', phone_number: null, version: 3 })
      await patch({ op: 'add', path: '/phoneNumber', value: '+49 30 1234' })
      expect((await patch({ op: 'remove', path: '/phoneNumber' })).status).toBe(200)
      expect(await stored(ann.id)).toMatchObject({ phone_number: null, version: 5 })
    }
  })

  const test = { op: 'test', path: '/role', value: 'user' }
  const name = (path: string, value: unknown = 'Ash') => ({ op: 'replace', path, value })
  it.each([
    ['a test that does not hold', 409, undefined, name('/lastName'), { ...test, value: 'admin' }],
    ['a role', 403, 'role', name('/lastName'), name('/role', 'admin')],
    ['the state', 403, 'isActive', name('/lastName'), name('/isActive', false)],
    ['another address', 422, 'email', name('/lastName'), name('/email', 'new@people.test')],
    ['an id', 422, '1.path', test, name('/id')],
    ['a hash', 422, '1.path', test, name('/passwordHash')],
    ['a look at a hash', 422, '0.path', { ...test, path: '/passwordHash' }],
    ['a copy of a hash', 422, '0.path', { op: 'copy', from: '/passwordHash', path: '/lastName' }],
    ['what a user has not', 422, '0.path', { op: 'remove', path: '/middleName' }],
    ['a list that there is not', 422, '0.path', { op: 'add', path: '/phoneNumbers/-', value: '+49 30 1' }],
    ['a place within a text', 422, '0.path', { op: 'add', path: '/lastName/-', value: 'x' }],
    ['the whole', 422, '0.path', { op: 'replace', path: '', value: {} }],
    ['a prototype', 422, '0.path', { op: 'add', path: '/__proto__/isActive', value: true }],
    ['a prototype by a field', 422, '0.path', { op: 'add', path: '/lastName/__proto__/x', value: true }],
    ['a constructor', 422, '0.path', { op: 'add', path: '/constructor/prototype/x', value: true }],
    ['a tilde that is written as one', 422, '0.path', name('/first~0Name')],
    ['a slash that is written as one', 422, '0.path', name('/first~1Name')],
    ['a pointer that is none', 400, '0.path', name('/first~2Name')],
    ['an operation that there is not', 400, '0.op', { op: 'increment', path: '/version', value: 1 }],
    ['an operation without its value', 400, '0.value', { op: 'replace', path: '/lastName' }],
    ['a result that is none', 400, 'lastName', name('/lastName', '')],
    ['a result without what is required', 400, 'firstName', { op: 'remove', path: '/firstName' }],
    ['an order of no operations', 400, '(all)'],
    ['more than fifty', 400, '(all)', ...Array.from({ length: 51 }, () => test)],
  ] as [string, number, string | undefined, ...unknown[]][])(
    'of %s is %d, and all of it is as it was (R4.16)',
    async (_what, status, field, ...operations) => {
      const ann = await make()
      const before = await stored(ann.id)
      const refused = await operate(ann, ...operations)
      expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([status, field])
      expect(await stored(ann.id)).toEqual(before)
    },
  )

  it('may have fifty operations, and is no object (R4.16)', async () => {
    const ann = await make()
    expect((await operate(ann, ...Array.from({ length: 49 }, () => test), name('/lastName'))).status).toBe(200)
    expect((await send(`/v2/users/${ann.id}`, ann, JSON_PATCH, { lastName: 'Oak' })).status).toBe(400)
    expect((await send(`/v2/users/${ann.id}`, ann, 'application/json', [name('/lastName')])).status).toBe(400)
    const other = await send(`/v2/users/${ann.id}`, ann, 'text/plain', { lastName: 'Oak' })
    expect([other.status, other.headers.get('accept-patch')?.split(', ')]).toEqual([
      415,
      ['application/json', 'application/merge-patch+json', JSON_PATCH],
    ])
    expect(await stored(ann.id)).toMatchObject({ last_name: 'Ash', version: 2 })
  })
})

it('a patch of nothing says so, in each of its forms (R4.18, R4.14)', async () => {
  const ann = await make()
  for (const path of [`/v1/users/${ann.id}`, `/v2/users/${ann.id}`, `/v2/users/${ann.id}/profile`]) {
    for (const [type, body] of [
      ['application/json', {}],
      ['application/merge-patch+json', {}],
      [JSON_PATCH, []],
    ] as const) {
      const empty = await send(path, ann, type, body)
      expect([path, type, empty.status, empty.body.message]).toEqual([path, type, 400, NOTHING_GIVEN])
    }
  }
  expect(await stored(ann.id)).toMatchObject({ version: 1 })
})

describe('two changes of a user at once', () => {
  const path = (version: string, { id }: TestPerson) => `/${version}/users/${id}`
  // Two isolates, as two people have.
  const other = createApi()

  it('both stand where neither names what it changes (R4.6)', async () => {
    const [ann, admin] = [await make(), await make({ role: 'admin' })]
    const changes = [
      api.as(ann).patch(path('v1', ann), { firstName: 'Anna' }),
      other.as(admin).patch(path('v2', ann), { lastName: 'Ash' }),
      api.as(admin).patch(`${path('v2', ann)}/profile`, { bio: 'Writes' }),
    ]
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await stored(ann.id)).toMatchObject({ first_name: 'Anna', last_name: 'Ash', bio: 'Writes', version: 4 })
  })

  it('are one where both name the same: the other is 412, and nothing of it is done (R4.6)', async () => {
    const [ann, admin] = [await make({ firstName: 'Ann', lastName: 'Arbor' }), await make({ role: 'admin' })]
    const headers = { 'if-match': (await api.as(ann).get(path('v2', ann))).headers.get('etag') ?? '' }
    const [first, second] = await Promise.all([
      api.as(ann).patch(path('v2', ann), { firstName: 'Anna' }, { headers }),
      other.as(admin).patch(path('v2', ann), { lastName: 'Ash' }, { headers }),
    ])
    expect([first.status, second.status].toSorted()).toEqual([200, 412])
    const done =
      first.status === 200 ? { first_name: 'Anna', last_name: 'Arbor' } : { first_name: 'Ann', last_name: 'Ash' }
    expect(await stored(ann.id)).toMatchObject({ ...done, version: 2 })
  })

  it('by more than can take turns leave none half done: each is done or told that it is not', async () => {
    const ann = await make()
    const fields = ['firstName', 'lastName', 'phoneNumber'] as const
    const values = ['Anna', 'Ash', '+49 30 1234']
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, i) => api.as(ann).patch(path('v2', ann), { [fields[i % 3] ?? '']: values[i % 3] })),
    )
    for (const { status } of answers) expect([200, 409]).toContain(status)
    const row = await stored(ann.id)
    const isDone = (i: number) => answers.some(({ status }, at) => at % 3 === i && status === 200)
    const columns = ['first_name', 'last_name', 'phone_number'] as const
    for (const [i, column] of columns.entries()) expect(row?.[column] === values[i]).toBe(isDone(i))
  })
})
