import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../../../src/features/people/schemas.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
let me: TestPerson
const find = async (q: string) =>
  (await api.as(me).get<Person[]>(`/v1/people?q=${encodeURIComponent(q)}`)).body.data.map(({ username }) => username)

beforeAll(async () => {
  me = await makePerson(api.isolate, { username: 'zelda_me', firstName: 'Zelda', lastName: 'Self' })
  await makePerson(api.isolate, { username: 'weaver_1', firstName: 'Émile', lastName: 'Zola' })
  await makePerson(api.isolate, { username: 'dyer_1', firstName: 'Weaver', lastName: 'Braun' })
  await makePerson(api.isolate, { username: 'gone', firstName: 'Weaver', lastName: 'Gone', isActive: false })
  const hidden = await makePerson(api.isolate, { username: 'hidden', firstName: 'Weaver', lastName: 'Hidden' })
  await env.DB.prepare('update users set is_discoverable = 0 where id = ?').bind(hidden.id).run()
})

describe('finding people', () => {
  it('goes by the start of the username, the whole name and the last name, without accents or case', async () => {
    expect(await find('WEAV')).toEqual(['weaver_1', 'dyer_1'])
    expect(await find('emile z')).toEqual(['weaver_1'])
    expect(await find('zola')).toEqual(['weaver_1'])
    expect(await find('ola')).toEqual([])
  })

  it('does not find oneself, the deactivated, or who has opted out', async () => {
    expect(await find('zelda')).toEqual([])
    expect(await find('gone')).toEqual([])
    expect(await find('hidden')).toEqual([])
  })

  it('takes every character for itself', async () => {
    for (const text of ['%%%', '___', "' or 1=1 --", '\u0000\u0000\u0000', '🧵🧵🧵'])
      expect(await find(text)).toEqual([])
  })

  it('counts neither white space nor accents as characters', async () => {
    const status = async (q: string) => (await api.as(me).get(`/v1/people?q=${encodeURIComponent(q)}`)).status
    for (const text of ['a b', ' ab ', 'ab\u0301\u0302', '\u0301\u0302\u0303']) expect(await status(text)).toBe(400)
    for (const text of ['a bc', 'a\u0301bc', '李小龙']) expect(await status(text)).toBe(200)
  })

  it('needs three characters, and shows a public projection only (R0.5)', async () => {
    expect((await api.as(me).get('/v1/people?q=we')).status).toBe(400)
    expect((await api.as(me).get('/v1/people')).status).toBe(400)
    const { body } = await api.as(me).get<Person[]>('/v1/people?q=zola')
    expect(Object.keys(body.data[0] ?? {}).toSorted()).toEqual(['avatar', 'firstName', 'id', 'lastName', 'username'])
  })

  it('reads no more rows when there are a thousand people more', async () => {
    const rowsRead = async () =>
      Number(
        /d1-read;desc="(\d+)"/.exec(
          (await api.as(me).get('/v1/people?q=crowd')).headers.get('server-timing') ?? '',
        )?.[1],
      )
    const insert = (from: number, to: number) =>
      env.DB.prepare(
        `insert into users (id, email, username, password_hash, first_name, last_name, name_key, last_name_key, created_at, updated_at)
         with recursive n(i) as (select ?1 union all select i + 1 from n where i < ?2)
         select 'crowd-' || i, 'crowd' || i, 'crowd_' || i, '', 'Crowd', 'X', 'crowd ' || i, 'crowd' || i, 0, 0 from n`,
      )
        .bind(from, to)
        .run()
    await insert(1, 100)
    await rowsRead()
    const few = await rowsRead()
    await insert(101, 1_100)
    expect(await rowsRead()).toBe(few)
  })
})
