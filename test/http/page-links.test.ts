import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { createApi } from '../support/api.ts'
import { makePerson, type TestPerson } from '../support/people.ts'
import { deliver, makeReview } from '../support/review-examples.ts'
import { makePair, send } from '../support/rooms.ts'

const api = createApi({ settings: { PUBLIC_ORIGIN: 'https://api.selvage.test/' } })

/** Where there are two items or more for the reader, and what else is asked of them. */
interface List {
  path: string
  filter: string
  reader: TestPerson
}

async function notifications(): Promise<List> {
  const reader = await makePerson(api.isolate)
  await env.ACTIVITY_DB.prepare(
    `insert into notifications (id, user_id, title, message, category, channels, created_at, updated_at)
     select value, ?1, 'Title', 'Message', 'system', '["in-app"]', key + 1, key + 1 from json_each(?2)`,
  )
    .bind(reader.id, JSON.stringify([newId(), newId()]))
    .run()
  return { path: '/v1/notifications', filter: 'unreadOnly=true', reader }
}

async function messages(): Promise<List> {
  const { ann, room } = await makePair(api)
  for (const content of ['one', 'two']) expect((await send(api, ann, room.id, content)).status).toBe(201)
  return { path: `/v1/chat/rooms/${room.id}/messages`, filter: '', reader: ann }
}

const users = (version: number) => async (): Promise<List> => {
  const reader = await makePerson(api.isolate, { role: 'admin' })
  await makePerson(api.isolate, { role: 'admin' })
  return { path: `/v${version}/users`, filter: 'sortBy=createdAt', reader }
}

async function reviews(): Promise<List> {
  const { productId } = await makeReview(await makePerson(api.isolate))
  const reader = await makePerson(api.isolate)
  await deliver(productId, reader)
  const path = `/v1/products/${productId}/reviews`
  expect((await api.as(reader).post(path, { rating: 4, text: 'Warm' })).status).toBe(201)
  return { path, filter: 'rating=4', reader }
}

it.each([
  ['notifications', notifications],
  ['messages of a room', messages],
  ['users of version 1', users(1)],
  ['users of version 2', users(2)],
  ['reviews', reviews],
])('pages of %s have links that keep what was asked, from the configured origin (R5.8, R5.3)', async (_, make) => {
  const { path, filter, reader } = await make()
  const asked = filter === '' ? 'limit=1' : `${filter}&limit=1`
  const kept = filter === '' ? '' : `${filter}&`
  const to = (page: number) => `https://api.selvage.test${path}?${kept}page=${page}&limit=1`
  const page = async (number: number) => {
    const { status, body } = await api
      .as(reader)
      .get(`${path}?${asked}&page=${number}`, { headers: { host: 'evil.test' } })
    expect(status, JSON.stringify(body)).toBe(200)
    return { links: body.links as Record<string, string | null>, last: Number(body.meta.totalPages) }
  }
  const { links, last } = await page(1)
  expect(last).toBeGreaterThan(1)
  expect(links).toEqual({ self: to(1), first: to(1), prev: null, next: to(2), last: to(last) })
  expect((await page(last)).links).toMatchObject({ prev: to(last - 1), next: null, last: to(last) })
})
