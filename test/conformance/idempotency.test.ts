import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../src/features/chat/message-schemas.ts'
import type { Room } from '../../src/features/chat/schemas.ts'
import type { DeadLetter } from '../../src/features/operations/schemas.ts'
import { contract } from '../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../src/http/cost.ts'
import { ok } from '../../src/http/envelope.ts'
import { pruneRemembered } from '../../src/platform/idempotency/remembered.ts'
import { type Answer, createApi } from '../support/api.ts'
import {
  callAs,
  type Example,
  exampleOf,
  makeDeadLetter,
  makeWorld,
  routesOf,
  type World,
} from '../support/examples.ts'
import { makePerson } from '../support/people.ts'

const api = createApi()
const KEYED = routesOf(api).filter(({ contract: { policy } }) => policy.idempotency !== 'off')
let world: World

beforeAll(async () => {
  world = await makeWorld(api)
})

const newKey = () => ({ 'idempotency-key': crypto.randomUUID() })
const isReplay = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true'

function call(name: string, example: Example, headers: Record<string, string>): Promise<Answer> {
  const access = KEYED.find((route) => route.name === name)?.contract.policy.access
  const who = typeof access === 'object' && !access.owner ? 'admin' : 'owner'
  return callAs(world, who, 'POST', { ...example, headers: { ...example.headers, ...headers } })
}

/** The same request with another body: the example's own, or its last text with a word more. */
function changed(name: string, { path, body, other }: Example): Example {
  if (other !== undefined) return { path, body: other }
  const isText = (value: unknown) => typeof value === 'string' && !/^[0-9a-f-]{36}$/.test(value)
  const last = Object.entries(body as object).findLast(([, value]) => isText(value))
  if (!last) throw new Error(`${name}: its example needs another valid body, as \`other\``)
  return { path, body: { ...(body as object), [last[0]]: `${last[1]} too` } }
}

describe('every route that takes a key', () => {
  it('is there to be walked', () => {
    expect(KEYED.length).toBeGreaterThan(4)
  })

  it.for(KEYED)(
    'answers many requests at once with one key as one, and later repeats too: $name (R35.1, R35.2)',
    async ({ name }) => {
      const example = await exampleOf(name, world)
      const headers = newKey()
      const answers = await Promise.all(Array.from({ length: 20 }, () => call(name, example, headers)))
      answers.push(await call(name, example, headers))
      const [first] = answers
      const told = ({ status, headers, body: { data, links } }: Answer<unknown> & { body: { links?: unknown } }) => ({
        ...{ status, data, links },
        ...{ etag: headers.get('etag'), location: headers.get('location') },
      })
      for (const answer of answers) expect(told(answer)).toEqual(first && told(first))
      expect(first?.status).toBeLessThan(300)
      expect(answers.filter((answer) => !isReplay(answer))).toHaveLength(1)
    },
  )

  it.for(KEYED.filter(({ contract: { parts } }) => parts.json))(
    'refuses another body with the same key, and a key that is none: $name (R35.1, R35.2)',
    async ({ name }) => {
      const example = await exampleOf(name, world)
      const headers = newKey()
      await call(name, example, headers)
      expect(await call(name, changed(name, example), headers)).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      })
      expect(await call(name, example, { 'idempotency-key': 'short' })).toMatchObject({ status: 400 })
    },
  )
})

describe('a hundred requests at once with one key', () => {
  it('have one effect in a database: one decision, one event, one note of who (R35.1, R35.4)', async () => {
    const id = await makeDeadLetter()
    const headers = newKey()
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        api
          .as(world.admin)
          .post<DeadLetter>(`/v1/admin/dead-letters/${id}/redrive`, { reason: 'try again' }, { headers }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.data))).size).toBe(1)
    const count = (table: string) => env.DB.prepare(`select count(*) as n from ${table}`).bind(id).first('n')
    expect(await count("outbox where type = 'dead_letter.redriven' and aggregate_id = ?")).toBe(1)
    expect(await count('audit where target_id = ?')).toBe(1)
  })

  it('have one effect in an object: one message, one number (R35.1, R35.4)', async () => {
    const headers = newKey()
    const path = `/v1/chat/rooms/${world.roomId}/messages`
    const before = await api.as(world.owner).get<Room>(`/v1/chat/rooms/${world.roomId}`)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => api.as(world.owner).post<Message>(path, { content: 'only once' }, { headers })),
    )
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.data.id}`)).size).toBe(1)
    const after = await api.as(world.owner).get<Room>(`/v1/chat/rooms/${world.roomId}`)
    expect(after.body.data.lastSeq).toBe(before.body.data.lastSeq + 1)
  })

  it('make one room', async () => {
    const headers = newKey()
    const body = { type: 'group', name: 'Only one', memberIds: [world.friend.id] }
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => api.as(world.stranger).post<Room>('/v1/chat/rooms', body, { headers })),
    )
    expect(new Set(answers.map(({ status, body: { data } }) => `${status} ${data.id}`)).size).toBe(1)
    expect((await api.as(world.stranger).get<Room[]>('/v1/chat/rooms')).body.data).toHaveLength(1)
  })
})

describe('a key', () => {
  const send = (as: typeof world.owner, content: string, headers: Record<string, string>) =>
    api.as(as).post<Message>(`/v1/chat/rooms/${world.roomId}/messages`, { content }, { headers })

  it('means nothing to anybody else (R35.1)', async () => {
    const headers = newKey()
    const mine = await send(world.owner, 'mine', headers)
    const theirs = await send(world.friend, 'theirs', headers)
    expect([theirs.status, theirs.body.data.content, isReplay(theirs)]).toEqual([201, 'theirs', false])
    expect(theirs.body.data.id).not.toBe(mine.body.data.id)
  })

  it('means nothing on another route, nor on another thing of the same route (R35.1)', async () => {
    const headers = newKey()
    const [one, other] = [await makeDeadLetter(), await makeDeadLetter()]
    const discard = (id: string) =>
      api.as(world.admin).post<DeadLetter>(`/v1/admin/dead-letters/${id}/discard`, { reason: 'too old' }, { headers })
    expect((await discard(one)).status).toBe(200)
    expect(await discard(other)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    expect((await send(world.owner, 'too old', headers)).status).toBe(201)
  })

  it('is free again after a day, and its row is deleted (R35.1, R35.7)', async () => {
    let now = Date.now()
    const later = createApi({ clock: () => now })
    const bob = await makePerson(later.isolate)
    const headers = newKey()
    const markAll = () => later.as(bob).post('/v1/notifications/mark-all-read', undefined, { headers })
    expect(isReplay(await markAll())).toBe(false)
    now += 1_000
    expect(isReplay(await markAll())).toBe(true)
    now += 86_400_000
    const { accessToken } = { accessToken: await later.isolate.accessTokens.sign(bob.id, bob.sessionId) }
    const again = () => later.as({ accessToken }).post('/v1/notifications/mark-all-read', undefined, { headers })
    expect(isReplay(await again())).toBe(false)
    expect(isReplay(await again())).toBe(true)
    expect(await pruneRemembered(drizzle(env.ACTIVITY_DB), now + 86_400_000)).toBeGreaterThan(0)
    expect(await env.ACTIVITY_DB.prepare('select count(*) as n from idempotency').first('n')).toBe(0)
  })

  it('does not keep a refusal: what was refused for a reason that has passed is done (R35.3)', async () => {
    const headers = newKey()
    const id = crypto.randomUUID()
    const body = { reason: 'try again' }
    const redrive = (of: string) => api.as(world.admin).post(`/v1/admin/dead-letters/${of}/redrive`, body, { headers })
    expect((await redrive(id)).status).toBe(404)
    expect((await api.as(world.admin).post('/v1/chat/rooms', { nonsense: true }, { headers })).status).toBe(400)
    await env.DB.prepare('update dead_letters set id = ? where id = ?')
      .bind(id, await makeDeadLetter())
      .run()
    expect(await redrive(id)).toMatchObject({ status: 200 })
    expect(await redrive(id)).toMatchObject({ status: 200 })
  })

  it('of another request makes nothing, also where the effect lies in an object', async () => {
    const headers = newKey()
    const open = (userId: string) => api.as(world.owner).post('/v1/chat/rooms/private', { userId }, { headers })
    expect((await open((await makePerson(api.isolate)).id)).status).toBe(201)
    const other = await makePerson(api.isolate)
    expect((await open(other.id)).status).toBe(422)
    const pair = `pair:${[world.owner.id, other.id].toSorted().join(':')}`
    const rooms = await runInDurableObject(env.CHAT_ROOM.getByName(pair), (_room, { storage }) =>
      storage.sql.exec('select id from room').toArray(),
    )
    expect(rooms).toEqual([])
  })

  it('that has made a room makes no other, also once its answer is forgotten', async () => {
    const headers = newKey()
    const body = { type: 'group', name: 'First', memberIds: [] }
    const { id } = (await api.as(world.owner).post<Room>('/v1/chat/rooms', body, { headers })).body.data
    const name = await env.DB.prepare('select object_name from rooms where id = ?')
      .bind(id)
      .first<string>('object_name')
    await runInDurableObject(env.CHAT_ROOM.getByName(name ?? ''), (_room, state) => {
      state.storage.sql.exec('update idempotency set expires_at = 0')
    })
    const again = await api.as(world.owner).post('/v1/chat/rooms', { ...body, name: 'Other' }, { headers })
    expect(again).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it('is passed over where nothing could be repeated: reading, signing in, routes that make secrets (R35.3)', async () => {
    const headers = newKey()
    const [one, two] = [
      await api.as(world.owner).post<{ ticket: string }>('/v1/ws-tickets', undefined, { headers }),
      await api.as(world.owner).post<{ ticket: string }>('/v1/ws-tickets', undefined, { headers }),
    ]
    expect(one.body.data.ticket).not.toBe(two.body.data.ticket)
    expect((await api.as(world.owner).get('/v1/auth/me', { headers })).status).toBe(200)
    const kept = await env.DB.prepare("select count(*) as n from idempotency where scope like '%ws-tickets%'").first(
      'n',
    )
    expect(kept).toBe(0)
  })

  it('is required where a route says so: without one it is 400, and nothing happens (R35.1)', async () => {
    const strict = createApi()
    let runs = 0
    strict.app.post(
      '/v1/probe',
      contract('Pay', {
        ...{ tag: 'Probe', access: 'user', limits: [], cache: 'no-store', cost: COSTS_NOTHING, answers: { 201: null } },
        idempotency: { key: 'required', store: 'core' },
      }),
      async (c) => {
        runs += 1
        await c.get('ctx').core.commit(c.get('ctx').idempotency.answered(201, { paid: true }))
        return ok(c, { paid: true }, { status: 201 })
      },
    )
    const ann = await makePerson(strict.isolate)
    const refused = await strict.as(ann).post('/v1/probe')
    expect(refused).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_REQUIRED' } })
    expect(runs).toBe(0)
    const headers = newKey()
    const answers = [await strict.as(ann).post('/v1/probe', undefined, { headers })]
    answers.push(await strict.as(ann).post('/v1/probe', undefined, { headers }))
    expect(answers.map((answer) => [answer.status, isReplay(answer)])).toEqual([
      [201, false],
      [201, true],
    ])
  })

  it('whose verb keeps nothing for its repeats is a mistake that shows at the first try', async () => {
    const careless = createApi()
    careless.app.post(
      '/v1/probe',
      contract('Forget', {
        ...{ tag: 'Probe', access: 'user', limits: [], cache: 'no-store', cost: COSTS_NOTHING, answers: { 200: null } },
        idempotency: { key: 'optional', store: 'core' },
      }),
      (c) => ok(c, { done: true }),
    )
    const ann = await makePerson(careless.isolate)
    expect((await careless.as(ann).post('/v1/probe')).status).toBe(200)
    expect((await careless.as(ann).post('/v1/probe', undefined, { headers: newKey() })).status).toBe(500)
  })
})
