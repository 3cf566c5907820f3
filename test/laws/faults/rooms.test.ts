import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room, RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'

const queues = holdQueues()
const SOON = { timeout: 5_000, interval: 20 }
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })
const replayed = ({ headers }: { headers: Headers }) => headers.get('idempotency-replayed') === 'true'

const countObjects = async () => (await listDurableObjectIds(env.CHAT_ROOM)).length
const roomsNamed = async (name: string) =>
  (await env.DB.prepare('select id, object_name from rooms where name = ?').bind(name).all<{ id: string }>()).results
const membersOf = async (roomId: string) =>
  (await env.DB.prepare('select 1 from room_members where room_id = ?').bind(roomId).all()).results.length

const makeThree = async () => {
  const { isolate } = createApi()
  return Promise.all([makePerson(isolate), makePerson(isolate), makePerson(isolate)])
}

/** A group of three that nobody has made yet. */
async function planGroup([ann, bob, cara]: Awaited<ReturnType<typeof makeThree>>) {
  const body = { type: 'group', name: `Group ${newId()}`, memberIds: [bob.id, cara.id] }
  return { ann, body, key: newId(), objectsBefore: await countObjects() }
}

/** Every object that was made is a whole room: in D1 with its members, told of once, and open to them. */
async function expectWholeRooms({ ann, body, objectsBefore }: Awaited<ReturnType<typeof planGroup>>) {
  // What a request did not project an object's alarm tells of, in its own time.
  await vi.waitFor(async () => {
    await queues.deliver({ twice: true })
    expect(await roomsNamed(body.name)).toHaveLength((await countObjects()) - objectsBefore)
  }, SOON)
  const rooms = await roomsNamed(body.name)
  for (const { id } of rooms) {
    expect(await membersOf(id)).toBe(3)
    await vi.waitFor(() => expect(queues.countEvents('room.created', id)).toBe(1), SOON)
    const seen = await createApi().as(ann).get<RoomWithMembers>(`/v1/chat/rooms/${id}`)
    expect(seen.body.data.members).toHaveLength(3)
  }
  return rooms
}

describe('cut off at any call', () => {
  it('a group that is asked for with a key is made once, and its repeat answers the same room (S1, R35.2)', async () => {
    const people = await makeThree()
    const calls = await crashEverywhere({
      queues,
      arrange: () => planGroup(people),
      act: ({ api }, { ann, body, key }) => api.as(ann).post<Room>('/v1/chat/rooms', body, keyed(key)),
      repeat: ({ api }, { ann, body, key }) => api.as(ann).post<Room>('/v1/chat/rooms', body, keyed(key)),
      check: async (world, { answer, again }) => {
        expect(again.status).toBe(201)
        expect(await expectWholeRooms(world)).toMatchObject([{ id: again.body.data.id }])
        if (answer?.status !== 201) return
        expect(again.body.data).toEqual(answer.body.data)
        expect(replayed(again)).toBe(true)
      },
    })
    expect(calls).toContain('CHAT_ROOM.open')
    expect(calls.join()).toContain('insert rooms')
  })

  it('a group without a key is one whole room for each attempt at most', async () => {
    const people = await makeThree()
    await crashEverywhere({
      queues,
      arrange: () => planGroup(people),
      act: ({ api }, { ann, body }) => api.as(ann).post<Room>('/v1/chat/rooms', body),
      repeat: ({ api }, { ann, body }) => api.as(ann).post<Room>('/v1/chat/rooms', body),
      check: async (world, { answer, again }) => {
        expect(again.status).toBe(201)
        const ids = (await expectWholeRooms(world)).map(({ id }) => id)
        expect(ids).toContain(again.body.data.id)
        if (answer?.status === 201) expect(ids).toContain(answer.body.data.id)
        expect(ids.length).toBeLessThanOrEqual(2)
      },
    })
  })

  it.each(['without a key', 'with a key'])(
    'a private room, %s, is one for its pair, whoever asks again',
    async (how) => {
      await crashEverywhere({
        queues,
        arrange: async () => {
          const { isolate } = createApi()
          const [ann, bob] = await Promise.all([makePerson(isolate), makePerson(isolate)])
          return { ann, bob, options: how === 'with a key' ? keyed(newId()) : {} }
        },
        act: ({ api }, { ann, bob, options }) =>
          api.as(ann).post<Room>('/v1/chat/rooms/private', { userId: bob.id }, options),
        repeat: ({ api }, { ann, bob, options }) =>
          api.as(ann).post<Room>('/v1/chat/rooms/private', { userId: bob.id }, options),
        check: async ({ ann, bob }, { answer, again }) => {
          const { id } = again.body.data
          if (answer?.body.success) {
            expect(answer.body.data).toEqual(again.body.data)
            expect([answer.status, again.status]).toEqual([201, how === 'with a key' ? 201 : 200])
          } else expect([200, 201]).toContain(again.status)
          const bobs = await createApi().as(bob).post<Room>('/v1/chat/rooms/private', { userId: ann.id })
          expect([bobs.status, bobs.body.data.id]).toEqual([200, id])
          expect(await membersOf(id)).toBe(2)
          for (const person of [ann, bob]) {
            const list = await createApi().as(person).get<Room[]>('/v1/chat/rooms')
            expect(list.body.data.map((room) => room.id)).toEqual([id])
          }
        },
      })
    },
  )

  it.each([
    ['an Idempotency-Key', ' (S1, R35.2)'],
    ['a clientMessageId', ''],
  ])('a message with %s is there once, and no seq is left out%s', async (by) => {
    const { ann, bob, room } = await makePair(createApi())
    const contents: string[] = []
    const path = `/v1/chat/rooms/${room.id}/messages`
    const calls = await crashEverywhere({
      queues,
      arrange: async () => {
        const key = newId()
        return by === 'an Idempotency-Key'
          ? { body: { content: `Said ${key}` }, options: keyed(key) }
          : { body: { content: `Said ${key}`, clientMessageId: key }, options: {} }
      },
      act: ({ api }, { body, options }) => api.as(ann).post<Message>(path, body, options),
      repeat: ({ api }, { body, options }) => api.as(ann).post<Message>(path, body, options),
      check: async ({ body }, { answer, again }) => {
        const after = `After ${body.content}`
        expect((await send(createApi(), bob, room.id, after)).status).toBe(201)
        contents.push(body.content, after)
        const history = await createApi().as(bob).get<Message[]>(`${path}?limit=100`)
        const last = contents.slice(-100)
        expect(history.body.data.map(({ content }) => content)).toEqual(last)
        expect(history.body.data.map(({ seq }) => seq)).toEqual(
          last.map((_, i) => contents.length - last.length + i + 1),
        )
        expect([200, 201]).toContain(again.status)
        if (answer?.status === 201) expect(again.body.data).toEqual(answer.body.data)
        if (by === 'an Idempotency-Key') {
          expect(again.status).toBe(201)
          if (answer?.status === 201) expect(replayed(again)).toBe(true)
        }
      },
    })
    expect(calls).toContain('CHAT_ROOM.act')
  })
})

describe('a room whose making fails in its object', () => {
  it('is as if nobody had asked for it, also in the object’s memory: the next to ask makes all of it', async () => {
    const [ann, bob] = await makeThree()
    const api = createApi()
    const ask = () => api.as(ann).post<Room>('/v1/chat/rooms/private', { userId: bob.id })
    const object = env.CHAT_ROOM.getByName(`pair:${[ann.id, bob.id].toSorted().join(':')}`)
    const rename = (from: string, to: string) =>
      runInDurableObject(object, (_room, { storage }) => void storage.sql.exec(`alter table ${from} rename to ${to}`))

    await rename('outbox', 'gone')
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect((await ask()).status).toBe(500)
    log.mockRestore()
    await rename('gone', 'outbox')

    const { status, body } = await ask()
    expect(status).toBe(201)
    expect(await membersOf(body.data.id)).toBe(2)
    await vi.waitFor(() => expect(queues.countEvents('room.created', body.data.id)).toBe(1), SOON)
  })
})
