import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room, RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'

const api = createApi()

describe('a private room', () => {
  it('is one for each pair, whoever asks: ten get-or-creates at once make one (R13.35, R13.40)', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => {
        const [me, other] = i % 2 === 0 ? [ann, bob] : [bob, ann]
        return api.as(me).post<Room>('/v1/chat/rooms/private', { userId: other.id })
      }),
    )
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201])
    const { results } = await env.DB.prepare('select id from rooms where object_name like ?').bind(`%${ann.id}%`).all()
    expect(results).toHaveLength(1)
  })

  it('shows each of the two the other one, without e-mail address (R13.38, R0.5)', async () => {
    const { ann, bob, room } = await makePair(api)
    expect(room).toMatchObject({ type: 'private', createdBy: ann.id, peer: { id: bob.id, username: bob.username } })
    const { body } = await api.as(bob).get<RoomWithMembers>(`/v1/chat/rooms/${room.id}`)
    expect(body.data.peer).toMatchObject({ id: ann.id, firstName: 'Ann' })
    expect(body.data.members.map(({ id }) => id).toSorted()).toEqual([ann.id, bob.id].toSorted())
    expect(JSON.stringify(body)).not.toContain('@people.test')
  })

  it('with oneself is refused, with nobody not found (R13.35)', async () => {
    const ann = await makePerson(api.isolate)
    const open = (userId: string) => api.as(ann).post('/v1/chat/rooms/private', { userId })
    expect(await open(ann.id)).toMatchObject({ status: 400, body: { errors: [{ field: 'userId' }] } })
    expect((await open(newId())).status).toBe(404)
    expect((await open('not-an-id')).status).toBe(400)
  })
})

describe('a group', () => {
  it('has its creator as owner, listed among the members or not (R13.32, R13.36)', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const { status, body } = await api.as(ann).post<Room>('/v1/chat/rooms', {
      name: 'Weavers',
      type: 'group',
      memberIds: [ann.id, bob.id],
    })
    expect(status).toBe(201)
    const room = await api.as(bob).get<RoomWithMembers>(`/v1/chat/rooms/${body.data.id}`)
    expect(room.body.data).toMatchObject({ name: 'Weavers', type: 'group', peer: null })
    expect(new Map(room.body.data.members.map(({ id, role }) => [id, role]))).toEqual(
      new Map([
        [ann.id, 'owner'],
        [bob.id, 'member'],
      ]),
    )
  })

  it('refuses unknown members, naming them, and makes nothing (R13.32)', async () => {
    const ann = await makePerson(api.isolate)
    const ghost = newId()
    const { status, body } = await api.as(ann).post('/v1/chat/rooms', { name: 'X', type: 'group', memberIds: [ghost] })
    expect([status, body.errors?.[0]?.message]).toEqual([422, `There is no user ${ghost}`])
    expect((await api.as(ann).get<Room[]>('/v1/chat/rooms')).body.data).toEqual([])
  })

  it('cannot be a private room of another size (R13.32)', async () => {
    const ann = await makePerson(api.isolate)
    const { status } = await api.as(ann).post('/v1/chat/rooms', { name: 'X', type: 'private', memberIds: [] })
    expect(status).toBe(400)
  })
})

describe('a room', () => {
  it('is not found by anybody who is no member, in any way (R13.13, R13.38, R13.39)', async () => {
    const { room } = await makePair(api)
    const stranger = api.as(await makePerson(api.isolate))
    const answers = [
      await stranger.get(`/v1/chat/rooms/${room.id}`),
      await stranger.get(`/v1/chat/rooms/${room.id}/messages`),
      await stranger.post(`/v1/chat/rooms/${room.id}/messages`, { content: 'let me in' }),
      await stranger.get(`/v1/chat/rooms/${newId()}`),
    ]
    for (const { status, body } of answers) expect([status, body.message]).toEqual([404, 'Room not found'])
  })

  it('moves to the top of the list with its newest message, a moment later (R13.33, R13.37)', async () => {
    const { ann, bob, room } = await makePair(api)
    const other = await api.as(ann).post<Room>('/v1/chat/rooms', { name: 'Later', type: 'group', memberIds: [bob.id] })
    const list = async () => (await api.as(bob).get<Room[]>('/v1/chat/rooms')).body.data
    expect((await list()).map(({ id }) => id)).toEqual([other.body.data.id, room.id])
    await send(api, ann, room.id, 'good  morning\n\nall')
    const top = await vi.waitFor(
      async () => {
        const first = (await list())[0]
        expect(first?.id).toBe(room.id)
        return first
      },
      { timeout: 10_000, interval: 50 },
    )
    expect(top).toMatchObject({ lastSeq: 1, lastMessage: { seq: 1, content: 'good morning all', senderId: ann.id } })
  })

  it('itself is never behind, while its copy in the list says by its lastSeq how far it is (R28.8)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [itself, copies] = [[] as number[], [] as number[]]
    const inList = async () => (await api.as(bob).get<Room[]>('/v1/chat/rooms')).body.data[0]?.lastSeq ?? -1
    for (let n = 1; n <= 3; n += 1) {
      await send(api, ann, room.id, `message ${n}`)
      itself.push((await api.as(bob).get<Room>(`/v1/chat/rooms/${room.id}`)).body.data.lastSeq)
      copies.push(await inList())
    }
    expect(itself).toEqual([1, 2, 3])
    // Rooms summarise every two seconds: three messages at once are not all in the copy yet.
    expect(copies.at(-1)).toBeLessThan(3)
    await vi.waitFor(async () => expect(await inList()).toBe(3), { timeout: 10_000, interval: 50 })
  })

  it('lists by cursor without repeating or leaving out one', async () => {
    const ann = await makePerson(api.isolate)
    for (let n = 0; n < 5; n += 1) {
      await api.as(ann).post('/v1/chat/rooms', { name: `Room ${n}`, type: 'group', memberIds: [] })
    }
    const names: string[] = []
    let cursor = ''
    do {
      const { body } = await api.as(ann).get<Room[]>(`/v1/chat/rooms?limit=2${cursor}`)
      names.push(...body.data.map(({ name }) => name))
      cursor = body.meta.nextCursor === null ? '' : `&cursor=${body.meta.nextCursor}`
    } while (cursor !== '')
    expect(names).toEqual(['Room 4', 'Room 3', 'Room 2', 'Room 1', 'Room 0'])
  })
})

describe('the list of rooms', () => {
  it('reads no more rows for a page when a person has more rooms', async () => {
    const ann = await makePerson(api.isolate)
    const make = (n: number) => api.as(ann).post('/v1/chat/rooms', { name: `Room ${n}`, type: 'group', memberIds: [] })
    const rowsRead = async () => {
      const { headers } = await api.as(ann).get('/v1/chat/rooms?limit=2')
      return Number(/d1-read;desc="(\d+)"/.exec(headers.get('server-timing') ?? '')?.[1])
    }
    for (let n = 0; n < 3; n += 1) await make(n)
    await rowsRead()
    const few = await rowsRead()
    for (let n = 3; n < 20; n += 1) await make(n)
    expect(await rowsRead()).toBe(few)
  })
})

describe('messages over HTTP', () => {
  it('are numbered in order, shown with a public sender, and paged back by cursor (R13.29, R13.30, R13.39)', async () => {
    const { ann, bob, room } = await makePair(api)
    for (let n = 1; n <= 7; n += 1) await send(api, n % 2 ? ann : bob, room.id, `message ${n}`)
    const page = (cursor = '') => api.as(bob).get<Message[]>(`/v1/chat/rooms/${room.id}/messages?limit=3${cursor}`)
    const newest = await page()
    expect(newest.body.data.map(({ content, seq }) => [content, seq])).toEqual([
      ['message 5', 5],
      ['message 6', 6],
      ['message 7', 7],
    ])
    expect(newest.body.data[0]?.sender).toEqual({ id: ann.id, username: ann.username, avatar: null })
    const older = await page(`&cursor=${newest.body.meta.nextCursor}`)
    expect(older.body.data.map(({ seq }) => seq)).toEqual([2, 3, 4])
    const oldest = await page(`&cursor=${older.body.meta.nextCursor}`)
    expect(oldest.body.data.map(({ seq }) => seq)).toEqual([1])
    expect(oldest.body.meta).toMatchObject({ nextCursor: null, hasNextPage: false })
  })

  it('are stored once however often they are sent with one client id (R13.12)', async () => {
    const { ann, room } = await makePair(api)
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(api, ann, room.id, 'once', 'client-id-1')))
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201])
    const { body } = await api.as(ann).get<Message[]>(`/v1/chat/rooms/${room.id}/messages`)
    expect(body.data).toHaveLength(1)
  })

  it.each([
    ['empty', { content: '   ' }],
    ['too long', { content: 'x'.repeat(4_001) }],
    ['of another type', { content: 'x', type: 'image' }],
    ['with half a character', { content: 'broken \ud800 text' }],
    ['with an unknown field', { content: 'x', senderId: 'somebody' }],
  ])('are refused when %s (R13.14, R13.4)', async (_name, body) => {
    const { ann, room } = await makePair(api)
    const { status } = await api.as(ann).post(`/v1/chat/rooms/${room.id}/messages`, body)
    expect(status).toBe(400)
  })

  it('take a cursor that is not of this list for what it is', async () => {
    const { ann, room } = await makePair(api)
    const foreign = btoa('["x"]').replaceAll('=', '')
    for (const cursor of ['nonsense!', foreign, 'AAAA']) {
      const answer = await api.as(ann).get(`/v1/chat/rooms/${room.id}/messages?cursor=${encodeURIComponent(cursor)}`)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } })
    }
  })
})
