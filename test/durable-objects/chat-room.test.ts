import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { createApi } from '../support/api.ts'
import { makePerson, makeSession } from '../support/people.ts'
import { actorOf, makePair, send, sending } from '../support/rooms.ts'
import { openRoom, openSocket, upgrade } from '../support/sockets.ts'

const api = createApi()
const stubOf = (objectName: string) => env.CHAT_ROOM.getByName(objectName)

describe('a room’s socket', () => {
  it('acknowledges a send and brings the message to everybody, the sender included (R13.11, R13.12, R13.25)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.send('message:send', { content: ' hello ', clientMessageId: 'client-id-1' }, 7)
    const { data } = await a.ack(7)
    expect(data).toMatchObject({ success: true, message: { content: 'hello', seq: 1, sender: { id: ann.id } } })
    const pushed = await b.until(({ event }) => event === 'message:new')
    expect(pushed).toMatchObject({ seq: 1, data: { id: data.message.id, clientMessageId: 'client-id-1' } })
    await a.until(({ event }) => event === 'message:new')
  })

  it('takes the sender from the session, never from the frame (R13.27)', async () => {
    const { ann, bob, room } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    a.send('message:send', { content: 'as bob', senderId: bob.id }, 1)
    expect((await a.ack(1)).data.success).toBe(false)
  })

  it('joins what happens in one tick into one frame for each socket, in the order in which it came', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    await Promise.all([a, b].map((socket) => socket.until(({ event }) => event === 'room:ready')))
    const before = b.frames.length
    for (let n = 1; n <= 30; n += 1) a.send('message:send', { content: `message ${n}` }, n)
    await b.until(({ seq }) => seq === 30)
    expect(b.messages().map(({ content }) => content)).toEqual(Array.from({ length: 30 }, (_, i) => `message ${i + 1}`))
    expect(b.frames.length - before).toBeLessThan(15)
  })

  it('acknowledges a repeat with the same message and gives it no second number (R13.12)', async () => {
    const { ann, room } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    a.send('message:send', { content: 'first', clientMessageId: 'client-id-1' }, 1)
    a.send('message:send', { content: 'first', clientMessageId: 'client-id-1' }, 2)
    a.send('message:send', { content: 'next' }, 3)
    const [one, two, three] = [await a.ack(1), await a.ack(2), await a.ack(3)]
    expect(two.data.message.id).toBe(one.data.message.id)
    expect(three.data.message.seq).toBe(2)
    expect(a.messages().map(({ seq }) => seq)).toEqual([1, 2])
  })

  it('knows a repeat also in a later tick, and after it was put to sleep (R13.12)', async () => {
    const { ann, room, objectName } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    a.send('message:send', { content: 'once', clientMessageId: 'client-id-1' }, 1)
    const first = await a.ack(1)
    a.send('message:send', { content: 'once', clientMessageId: 'client-id-1' }, 2)
    expect((await a.ack(2)).data).toEqual(first.data)
    await evictDurableObject(stubOf(objectName))
    a.send('message:send', { content: 'once', clientMessageId: 'client-id-1' }, 3)
    expect((await a.ack(3)).data).toEqual(first.data)
    expect(a.messages()).toHaveLength(1)
  })

  it('answers what it does not understand with an error, and stays open (R13.14)', async () => {
    const { ann, room } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    a.sendRaw('{ this is not JSON')
    a.sendRaw(JSON.stringify({ id: 1, event: 'message:send', data: { content: 'x'.repeat(40_000) } }))
    a.send('no:such-event', {}, 2)
    a.send('message:send', { content: '' }, 3)
    expect((await a.ack(2)).data).toEqual({
      success: false,
      error: { code: 'NOT_FOUND', message: 'There is no event no:such-event' },
    })
    expect((await a.ack(3)).data).toMatchObject({ success: false, error: { code: 'VALIDATION_FAILED' } })
    expect(a.lines.filter(({ event }) => event === 'error')).toHaveLength(4)
    a.send('message:send', { content: 'still here' }, 4)
    expect((await a.ack(4)).data.success).toBe(true)
  })

  it('replays exactly what came after `since`, before it says that it is ready', async () => {
    const { ann, bob, room } = await makePair(api)
    for (let n = 1; n <= 5; n += 1) await send(api, ann, room.id, `message ${n}`)
    const b = await openRoom(api, bob, room.id, 2)
    await b.until(({ event }) => event === 'room:ready')
    expect(b.lines.map(({ event, seq }) => [event, seq])).toEqual([
      ['message:new', 3],
      ['message:new', 4],
      ['message:new', 5],
      ['room:ready', undefined],
    ])
    expect(b.lines.at(-1)?.data).toMatchObject({ roomId: room.id, seq: 5 })
  })

  it('asks for a resync where more was missed than it replays, or `since` is not of this room', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    for (let n = 1; n <= 502; n += 1) a.send('message:send', { content: `message ${n}` }, n)
    await a.ack(502)
    const late = await openRoom(api, bob, room.id, 1)
    await late.until(({ event }) => event === 'room:ready')
    expect(late.lines.map(({ event }) => event)).toEqual(['resync', 'room:ready'])
    const inTime = await openRoom(api, bob, room.id, 2)
    await inTime.until(({ event }) => event === 'room:ready')
    expect(inTime.messages()).toHaveLength(500)
    const ahead = await openRoom(api, bob, room.id, 9_999)
    await ahead.until(({ event }) => event === 'resync')
    expect(
      await runInDurableObject(stubOf(objectName), (_room, state) =>
        state.storage.sql.exec('select count(*) as n, max(seq) as last from messages').one(),
      ),
    ).toEqual({ n: 502, last: 502 })
  })

  it('survives that the object is put to sleep: pings wake nothing, the next message finds its place', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.send('message:send', { content: 'before' }, 1)
    await a.ack(1)
    await evictDurableObject(stubOf(objectName))
    a.sendRaw('ping')
    a.send('message:send', { content: 'after' }, 2)
    expect((await a.ack(2)).data.message.seq).toBe(2)
    await b.until(({ seq }) => seq === 2)
    expect(a.frames).toContain('pong')
  })
})

describe('a room’s object', () => {
  const call = { correlationId: 'direct-call', traceparent: '' }

  it('refuses a stranger by itself, whatever the databases believe (R13.13)', async () => {
    const { room, objectName } = await makePair(api)
    const stranger = await makePerson(api.isolate)
    await env.DB.prepare(
      "insert into room_members (room_id, user_id, role, joined_at, active_at) values (?, ?, 'member', 0, 0)",
    )
      .bind(room.id, stranger.id)
      .run()
    const stub = stubOf(objectName)
    const answers = [
      await stub.ask(call, stranger.id, { kind: 'history', limit: 10 }),
      await stub.ask(call, stranger.id, { kind: 'room' }),
      await stub.presence(call, stranger.id),
      await stub.type(call, stranger.id, true),
      await stub.act(call, actorOf(stranger), sending('let me in')),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, code: 'NOT_FOUND' })
    const bearer = { authorization: `Bearer ${stranger.accessToken}` }
    expect((await upgrade(api, `/v1/chat/rooms/${room.id}/ws`, bearer)).status).toBe(404)
  })

  it('is not even addressed by a stranger, nor for a room that nobody has made', async () => {
    const { room } = await makePair(api)
    const stranger = await makePerson(api.isolate)
    for (const id of [room.id, crypto.randomUUID()]) {
      const { status, headers } = await api.as(stranger).get(`/v1/chat/rooms/${id}/messages`)
      expect([status, /do-hops;desc="(\d+)"/.exec(headers.get('server-timing') ?? '')?.[1]]).toEqual([404, '0'])
    }
  })
})

describe('opening a room’s socket', () => {
  it('needs an upgrade, a caller and a membership (R13.5, R13.26, R13.42)', async () => {
    const { ann, room } = await makePair(api)
    const path = `/v1/chat/rooms/${room.id}/ws`
    expect((await upgrade(api, path)).status).toBe(401)
    const plain = await api.as(ann).get(path)
    expect([plain.status, plain.headers.get('upgrade')]).toEqual([426, 'websocket'])
    const stranger = await makePerson(api.isolate)
    const bearer = { authorization: `Bearer ${stranger.accessToken}` }
    expect((await upgrade(api, path, bearer)).status).toBe(404)
  })

  it('takes a bearer token from clients that can send one (R13.26)', async () => {
    const { ann, room } = await makePair(api)
    const { response } = await upgrade(api, `/v1/chat/rooms/${room.id}/ws`, {
      authorization: `Bearer ${ann.accessToken}`,
    })
    expect(response.status).toBe(101)
    response.webSocket?.accept()
    response.webSocket?.close()
  })

  it('takes a ticket once, also when two come at once (R13.28)', async () => {
    const { ann, room } = await makePair(api)
    const { status, body } = await api.as(ann).post<{ ticket: string; expiresIn: number }>('/v1/ws-tickets')
    expect([status, body.data.expiresIn]).toEqual([201, 60])
    const path = `/v1/chat/rooms/${room.id}/ws?ticket=${body.data.ticket}`
    const answers = await Promise.all([upgrade(api, path), upgrade(api, path), upgrade(api, path)])
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([101, 401, 401])
    for (const { response } of answers) response.webSocket?.accept()
  })

  it('takes neither an access token as a ticket, nor a ticket that is older than a minute (R13.28)', async () => {
    const { ann, room } = await makePair(api)
    const path = (ticket: string) => `/v1/chat/rooms/${room.id}/ws?ticket=${ticket}`
    expect((await upgrade(api, path(ann.accessToken))).status).toBe(401)
    const old = createApi({ clock: () => Date.now() - 61_000 })
    const ticket = await old.isolate.socketTickets.issue(ann.id, ann.sessionId, crypto.randomUUID())
    expect((await upgrade(api, path(ticket))).status).toBe(401)
    expect((await api.as({ accessToken: ticket }).get('/v1/auth/me')).status).toBe(401)
  })

  it('is refused to the pages of other origins (R13.6)', async () => {
    const { ann, room } = await makePair(api)
    const headers = (origin: string) => ({ authorization: `Bearer ${ann.accessToken}`, origin })
    const path = `/v1/chat/rooms/${room.id}/ws`
    expect(await upgrade(api, path, headers('https://evil.example'))).toMatchObject({
      status: 403,
      body: { code: 'ORIGIN_NOT_ALLOWED' },
    })
    const allowed = await upgrade(api, path, headers('https://app.example'))
    expect(allowed.status).toBe(101)
    allowed.response.webSocket?.accept()
  })
})

describe('the end of a session', () => {
  it('closes its sockets with 4401, and leaves those of other devices open (R13.24, R13.28)', async () => {
    const { ann, room } = await makePair(api)
    const phone = { ...ann, ...(await makeSession(api.isolate, ann.id)) }
    const [a, onPhone] = [await openRoom(api, ann, room.id), await openRoom(api, phone, room.id)]
    const bell = await openSocket(api, ann, '/v1/notifications/ws')
    await api.as(ann).post('/v1/auth/logout')
    expect((await a.untilClosed()).code).toBe(4401)
    expect((await bell.untilClosed()).code).toBe(4401)
    onPhone.send('message:send', { content: 'still here' }, 1)
    expect((await onPhone.ack(1)).data.success).toBe(true)
  })

  it('is noticed on the next frame where nobody could say so, once the look of a minute ago is stale', async () => {
    const { ann, room, objectName } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    await env.DB.prepare('update sessions set revoked_at = 1 where id = ?').bind(ann.sessionId).run()
    // A new instance has no memory of an earlier look, as if a minute had passed.
    await evictDurableObject(stubOf(objectName))
    a.send('message:send', { content: 'too late' }, 1)
    expect((await a.untilClosed()).code).toBe(4401)
    expect(a.lines.some(({ event }) => event === 'message:new')).toBe(false)
  })

  it('is the end of sockets that another isolate would still open (R13.28)', async () => {
    const there = createApi()
    const { ann, room } = await makePair(api)
    expect((await there.as(ann).get('/v1/auth/me')).status).toBe(200)
    await api.as(ann).post('/v1/auth/logout')
    const bearer = { authorization: `Bearer ${ann.accessToken}` }
    expect((await upgrade(there, `/v1/chat/rooms/${room.id}/ws`, bearer)).status).toBe(401)
    expect((await upgrade(there, '/v1/notifications/ws', bearer)).status).toBe(401)
  })

  it('everywhere spares a session that begins after it, also when the order comes again', async () => {
    const { ann, room } = await makePair(api)
    await openRoom(api, ann, room.id)
    const before = Date.now()
    await api.as(ann).post('/v1/auth/logout-all')
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(before + 5))
    const back = { ...ann, ...(await makeSession(api.isolate, ann.id)) }
    const socket = await openRoom(api, back, room.id)
    const user = env.USER_SOCKET.getByName(ann.id)
    await user.endSessions({ correlationId: 'repeat-0001', traceparent: '' }, { sessionIds: null, before })
    socket.send('message:send', { content: 'still here' }, 1)
    expect((await socket.ack(1)).data.success).toBe(true)
  })

  it('comes with its expiry: the sockets of a session that nobody renewed close by themselves', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    const bell = await openSocket(api, ann, '/v1/notifications/ws')
    await env.DB.prepare('update sessions set expires_at = 1 where id = ?').bind(ann.sessionId).run()
    for (const person of [ann, bob]) {
      const user = env.USER_SOCKET.getByName(person.id)
      await runInDurableObject(user, (_user, state) => void state.storage.sql.exec('update watches set until = 1'))
      await runDurableObjectAlarm(user)
    }
    expect((await a.untilClosed()).code).toBe(4401)
    expect((await bell.untilClosed()).code).toBe(4401)
    b.send('message:send', { content: 'renewed' }, 1)
    expect((await b.ack(1)).data.success).toBe(true)
  })
})
