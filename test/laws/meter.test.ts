import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { type Answer, type Api, createApi } from '../support/api.ts'
import { makePerson, type TestPerson } from '../support/people.ts'
import { makePair, send } from '../support/rooms.ts'

const api = createApi()
/** Its time stands still, so that it never forgets a session. */
const createStillApi = () => {
  const now = Date.now()
  return createApi({ clock: () => now })
}

interface Cost {
  status: number
  /** Round trips to databases. */
  trips: number
  /** The longest chain of them that waited for one another. */
  sequential: number
  /** Calls to objects. */
  hops: number
  written: number
}

/** What an answer says that it cost. */
function costOf({ status, headers }: Answer): Cost {
  const timing = headers.get('server-timing') ?? ''
  const count = (name: string) => Number(new RegExp(`(?:^|, )${name};desc="(\\d+)"`).exec(timing)?.[1])
  return {
    status,
    trips: count('d1-trips'),
    sequential: count('d1-sequential'),
    hops: count('do-hops'),
    written: count('d1-written'),
  }
}

/** The cost of a request in an isolate that knows nothing yet, and of another one once it knows the session. */
async function costs(request: (api: Api) => Promise<Answer>): Promise<{ first: Cost; next: Cost }> {
  const fresh = createStillApi()
  return { first: costOf(await request(fresh)), next: costOf(await request(fresh)) }
}

/** Two people who have written to each other. */
async function conversation() {
  const pair = await makePair(api)
  await send(api, pair.ann, pair.room.id, 'hello')
  await send(api, pair.bob, pair.room.id, 'good morning')
  return pair
}

describe('a read', () => {
  it.each([
    ['/v1/auth/me', 0],
    ['/v1/auth/sessions', 1],
    ['/v1/people?q=person', 0],
    ['/v1/chat/rooms', 0],
    ['/v1/chat/rooms/:id', 1],
    ['/v1/chat/rooms/:id/messages', 1],
    ['/v1/notifications', 0],
    ['/v1/notifications/unread-count', 0],
  ])('of %s takes one trip beside that for the session, and %i hops', async (path, hops) => {
    const { ann, room } = await conversation()
    const { first, next } = await costs((by) => by.as(ann).get(path.replace(':id', room.id)))
    expect(first).toEqual({ status: 200, trips: 2, sequential: 1, hops, written: 0 })
    expect(next).toEqual({ status: 200, trips: 1, sequential: 1, hops, written: 0 })
  })

  it('of nothing that is stored takes no trip at all', async () => {
    const { first } = await costs((by) => by.get('/health/live'))
    expect(first).toEqual({ status: 200, trips: 0, sequential: 0, hops: 0, written: 0 })
  })

  it('costs a stranger no hop: what is not theirs is not asked for', async () => {
    const { room } = await conversation()
    const stranger = await makePerson(api.isolate)
    const { first } = await costs((by) => by.as(stranger).get(`/v1/chat/rooms/${room.id}/messages`))
    expect(first).toEqual({ status: 404, trips: 2, sequential: 1, hops: 0, written: 0 })
  })
})

describe('a write', () => {
  it('of a message takes one trip to find its room, beside the session’s, and one hop', async () => {
    const { ann, room } = await conversation()
    const { first, next } = await costs((by) => send(by, ann, room.id, 'how are you?'))
    expect(first).toEqual({ status: 201, trips: 2, sequential: 1, hops: 1, written: 0 })
    expect(next).toEqual({ status: 201, trips: 1, sequential: 1, hops: 1, written: 0 })
  })

  it('of a private room takes one trip to look, one hop, and one trip to store', async () => {
    const { ann } = await conversation()
    const { first, next } = await costs(async (by) => {
      const { id } = await makePerson(api.isolate)
      return by.as(ann).post('/v1/chat/rooms/private', { userId: id })
    })
    expect(first).toEqual({ status: 201, trips: 3, sequential: 2, hops: 1, written: expect.any(Number) })
    expect(next).toEqual({ status: 201, trips: 2, sequential: 2, hops: 1, written: expect.any(Number) })
    expect(next.written).toBeGreaterThan(0)
  })

  it('of a private room that is there is a look: one trip, no hop, nothing written', async () => {
    const { ann, bob } = await conversation()
    const { first, next } = await costs((by) => by.as(ann).post('/v1/chat/rooms/private', { userId: bob.id }))
    expect(first).toEqual({ status: 200, trips: 2, sequential: 1, hops: 0, written: 0 })
    expect(next).toEqual({ status: 200, trips: 1, sequential: 1, hops: 0, written: 0 })
  })
})

describe('the rows that a read looks at', () => {
  const reader = createStillApi()
  const rowsOf = async (person: TestPerson, path: string) => {
    const timing = (await reader.as(person).get(path)).headers.get('server-timing') ?? ''
    return [/d1-read;desc="(\d+)"/, /do-read;desc="(\d+)"/].map((pattern) => Number(pattern.exec(timing)?.[1]))
  }
  const notify = (userId: string, count: number) =>
    env.ACTIVITY_DB.prepare(
      `insert into notifications (id, user_id, title, message, category, channels, created_at, updated_at)
       select value, ?, 'title', 'message', 'system', '["in-app"]', key, key from json_each(?)`,
    )
      .bind(userId, JSON.stringify(Array.from({ length: count }, () => newId())))
      .run()

  it('are as many as its page, however much is stored', async () => {
    const { ann, bob, room } = await conversation()
    const SOON = { timeout: 20_000, interval: 50 }
    let stored = 0
    const store = async (count: number) => {
      await notify(ann.id, count)
      for (let n = 0; n < count; n += 1) await send(api, bob, room.id, `message ${n}`)
      stored += count
      // What the room tells the database comes two seconds later, and is a row more to read.
      const told = env.DB.prepare('select last_seq from rooms where id = ?').bind(room.id)
      await vi.waitFor(async () => expect(await told.first('last_seq')).toBeGreaterThanOrEqual(stored), SOON)
    }
    await store(10)
    const { body } = await reader.as(ann).get('/v1/notifications?limit=2')
    const paths = [
      // By cursor: a page by number also counts, and passes over what comes before it.
      `/v1/notifications?limit=5&cursor=${body.meta.nextCursor}`,
      `/v1/notifications?limit=5&unreadOnly=true&cursor=${body.meta.nextCursor}`,
      `/v1/chat/rooms/${room.id}/messages?limit=5`,
      `/v1/chat/rooms/${room.id}`,
    ]
    const measure = async () => {
      const rows = []
      // The session is remembered for some seconds.
      await reader.as(ann).get('/v1/auth/me')
      for (const path of paths) rows.push([path, await rowsOf(ann, path)])
      return rows
    }
    const few = await measure()
    await store(30)
    expect(await measure()).toEqual(few)
    for (const [, [databaseRows, objectRows]] of few as [string, number[]][]) {
      expect(databaseRows).toBeLessThan(30)
      expect(objectRows).toBeLessThan(30)
    }
  })
})

describe('a message on a queue', () => {
  it('is counted in the answer of the request that causes it, though it is sent after that', async () => {
    const ann = await makePerson(api.isolate)
    const { headers } = await api.as(ann).post('/v1/auth/logout')
    expect(headers.get('server-timing')).toContain('sends;desc="1"')
  })
})
