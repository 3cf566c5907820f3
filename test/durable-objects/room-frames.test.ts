import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isolateOf } from '../../src/isolate.ts'
import { newId } from '../../src/platform/ids.ts'
import { createApi } from '../support/api.ts'
import { inRoom, makeGroup } from '../support/groups.ts'
import { makePair } from '../support/rooms.ts'
import { openRoom } from '../support/sockets.ts'

const api = createApi()

describe('an acknowledgement', () => {
  it('answers every command of a member with what it has done (R13.12, R13.25)', async () => {
    const { member, moderator, room } = await makeGroup(api)
    const { id: messageId } = await inRoom(api, member, room.id).say('hello')
    const socket = await openRoom(api, moderator, room.id)
    const acknowledged = async (event: string, data: object) => {
      socket.send(event, { roomId: room.id, ...data }, event)
      return (await socket.ack(event)).data
    }
    expect(await acknowledged('message:send', { content: 'hi' })).toMatchObject({ success: true, message: { seq: 3 } })
    expect(await acknowledged('reaction:add', { messageId, emoji: '👍' })).toMatchObject({ message: { id: messageId } })
    expect(await acknowledged('reaction:remove', { messageId, emoji: '👍' })).toMatchObject({
      message: { reactions: [] },
    })
    expect(await acknowledged('message:pin', { messageId })).toMatchObject({ message: { isPinned: true } })
    expect(await acknowledged('message:unpin', { messageId })).toMatchObject({ message: { isPinned: false } })
    expect(await acknowledged('message:read', {})).toMatchObject({ success: true, position: { unreadCount: 0 } })
    expect(await acknowledged('room:notify', { notify: 'mentions' })).toEqual({ success: true })
    expect(await acknowledged('room:join', {})).toEqual({ success: true })
    expect(await acknowledged('message:delete', { messageId })).toEqual({ success: true })
    expect(socket.lines.filter(({ event }) => event === 'error')).toEqual([])
  })

  it('answers every refused command, too, and an error says the same (R13.12)', async () => {
    const { ann, room } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    const messageId = newId()
    const refused: [event: string, data: unknown, code: string][] = [
      ['message:send', { content: 'x', type: 'image' }, 'VALIDATION_FAILED'],
      ['message:send', { content: 'x', fileUrl: 'https://example.test/x.png' }, 'VALIDATION_FAILED'],
      ['message:send', null, 'VALIDATION_FAILED'],
      ['message:send', 'text', 'VALIDATION_FAILED'],
      ['message:edit', { messageId, content: 'x' }, 'NOT_FOUND'],
      ['message:edit', { messageId }, 'VALIDATION_FAILED'],
      ['message:delete', { messageId }, 'NOT_FOUND'],
      ['message:delete', { messageId: 'x' }, 'VALIDATION_FAILED'],
      ['reaction:add', { messageId, emoji: '👍' }, 'NOT_FOUND'],
      ['message:pin', { messageId }, 'NOT_FOUND'],
      ['message:read', { seq: -1 }, 'VALIDATION_FAILED'],
      ['room:leave', {}, 'FORBIDDEN'],
      ['room:update', { name: 'mine' }, 'NOT_FOUND'],
      ['toString', {}, 'NOT_FOUND'],
      ['__proto__', {}, 'NOT_FOUND'],
    ]
    for (const [n, [event, data]] of refused.entries()) socket.send(event, data, n)
    for (const [n, [, , code]] of refused.entries()) {
      const { error, ...rest } = (await socket.ack(n)).data
      expect([n, rest, error.code]).toEqual([n, { success: false }, code])
      expect(socket.lines).toContainEqual({ event: 'error', data: error })
    }
    expect(socket.lines.filter(({ event }) => event === 'error')).toHaveLength(refused.length)
  })

  it('answers what is no frame where its id can be read (R13.12, R13.14)', async () => {
    const { ann, room } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    const malformed = { code: 'MALFORMED_REQUEST' }
    socket.sendRaw('{"id":1,"data":{}}')
    socket.sendRaw('{"id":"two","event":{"not":"closed"')
    socket.sendRaw(JSON.stringify({ id: 3, event: 'message:send', data: { content: 'x'.repeat(80_000) } }))
    for (const id of [1, 'two', 3])
      expect((await socket.ack(id)).data).toMatchObject({ success: false, error: malformed })
    for (const text of ['[]', 'null', '"text"', '{"event":"message:send","data":{}}', '{"id":{},"event":"x"}', '']) {
      socket.sendRaw(text)
    }
    socket.send('message:send', { content: 'still here' }, 4)
    expect((await socket.ack(4)).data.success).toBe(true)
    expect(socket.lines.filter(({ event, data }) => event === 'error' && data.code === malformed.code)).toHaveLength(9)
  })
})

describe('a message over the socket', () => {
  it('has up to 4,000 characters as people count them, however its client escapes them (R13.14)', async () => {
    const { ann, room } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    const emoji = '😀'.repeat(4_000)
    const escaped = emoji.replaceAll('😀', '\\ud83d\\ude00')
    socket.sendRaw(`{"id":1,"event":"message:send","data":{"content":"${escaped}"}}`)
    expect((await socket.ack(1)).data).toMatchObject({ success: true, message: { content: emoji } })
    socket.send('message:send', { content: `${emoji}!` }, 2)
    expect((await socket.ack(2)).data).toMatchObject({ success: false, error: { code: 'VALIDATION_FAILED' } })
    socket.send('message:send', { content: `  ${'x'.repeat(3_990)}  ` }, 3)
    expect((await socket.ack(3)).data.message.content).toHaveLength(3_990)
    expect((await inRoom(api, ann, room.id).post('x'.repeat(4_000))).status).toBe(201)
    expect((await inRoom(api, ann, room.id).post('x'.repeat(4_001))).status).toBe(400)
  })
})

describe('a frame', () => {
  it('of up to a million bytes is answered with an error, a larger one closes the socket (R20.10, R13.14)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.sendRaw('x'.repeat(1_000_000))
    await a.until(({ event, data }) => event === 'error' && data.code === 'MALFORMED_REQUEST')
    a.send('message:send', { content: 'still here' }, 1)
    expect((await a.ack(1)).data.success).toBe(true)
    a.sendRaw('x'.repeat(1_000_001))
    expect((await a.untilClosed()).code).toBe(1009)
    // Bytes are counted, not characters.
    b.sendRaw('ö'.repeat(500_001))
    expect((await b.untilClosed()).code).toBe(1009)
  })
})

describe('how fast one person may speak', () => {
  const isolate = isolateOf(env)
  const { settings } = isolate
  afterEach(() => {
    isolate.settings = settings
    vi.restoreAllMocks()
  })

  /** A room whose limit is not multiplied, two people in it, and time that stands still. */
  async function makeStrictRoom() {
    isolate.settings = { ...settings, RATE_LIMIT_SCALE: 1 }
    const { ann, bob, room } = await makePair(api)
    const sockets = { a: await openRoom(api, ann, room.id), b: await openRoom(api, bob, room.id) }
    const again = await openRoom(api, ann, room.id)
    const clock = vi.spyOn(Date, 'now')
    const now = Date.now()
    const pass = (ms: number) => void clock.mockReturnValue(now + ms)
    pass(0)
    return { ...sockets, again, pass }
  }

  it('is bounded over all of their sockets: too much is refused with a code, and the socket stays (R13.14)', async () => {
    const { a, again, b, pass } = await makeStrictRoom()
    for (let n = 1; n <= 32; n += 1) a.send('message:send', { content: `message ${n}` }, n)
    expect((await a.ack(30)).data.success).toBe(true)
    const error = { code: 'RATE_LIMITED', message: 'Too fast: try again in 1 seconds', retryAfterSeconds: 1 }
    for (const n of [31, 32]) expect((await a.ack(n)).data).toEqual({ success: false, error })
    again.send('message:send', { content: 'elsewhere' }, 1)
    expect((await again.ack(1)).data).toEqual({ success: false, error })
    b.send('message:send', { content: 'another person' }, 1)
    expect((await b.ack(1)).data.success).toBe(true)
    pass(100)
    a.send('message:send', { content: 'slower' }, 33)
    expect((await a.ack(33)).data.success).toBe(true)
    await b.until(({ data }) => data.content === 'slower')
    expect(b.messages()).toHaveLength(32)
  })

  it('is the end of the socket of who does not heed it (R13.14)', async () => {
    const { a, b } = await makeStrictRoom()
    for (let n = 1; n <= 130; n += 1) a.send('message:send', { content: `message ${n}` }, n)
    expect((await a.ack(130)).data.error.code).toBe('RATE_LIMITED')
    expect(a.closed).toBeUndefined()
    a.send('message:send', { content: 'once more' }, 131)
    expect((await a.untilClosed()).code).toBe(4429)
    b.send('message:send', { content: 'at last' }, 1)
    expect((await b.ack(1)).data.message.seq).toBe(31)
  })
})

describe('the end of a socket', () => {
  it('that its client begins is answered, with the client’s code', async () => {
    const { ann, room } = await makePair(api)
    const sockets = [await openRoom(api, ann, room.id), await openRoom(api, ann, room.id)]
    sockets[0]?.close()
    sockets[1]?.close(4000)
    expect((await sockets[0]?.untilClosed())?.code).toBe(1000)
    expect((await sockets[1]?.untilClosed())?.code).toBe(4000)
  })
})

describe('the number of sockets', () => {
  it('of one person in a room is bounded, and others come in (R20.10)', async () => {
    const { ann, bob, room } = await makePair(api)
    const open = await Promise.all(Array.from({ length: 20 }, () => openRoom(api, ann, room.id)))
    const bearer = { upgrade: 'websocket', authorization: `Bearer ${ann.accessToken}` }
    const refused = await api.get(`/v1/chat/rooms/${room.id}/ws`, { headers: bearer })
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED'])
    expect(refused.body.message).toBe('You have 20 sockets of this room open')
    await openRoom(api, bob, room.id)
    open[0]?.close()
    await open[0]?.untilClosed()
    await openRoom(api, ann, room.id)
  })

  it('of a room is bounded at 10,000: who comes then is told so, and may use the routes (R20.10)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    const stub = env.CHAT_ROOM.getByName(objectName)
    // A new instance counts anew.
    await evictDurableObject(stub)
    const setCount = (count: number | undefined) =>
      runInDurableObject(stub, (_room, state) => {
        const { getWebSockets } = Object.getPrototypeOf(state) as DurableObjectState
        const value = (tag?: string) => {
          const real = tag === undefined ? getWebSockets.call(state) : getWebSockets.call(state, tag)
          return tag === undefined && count !== undefined ? Array.from({ length: count }, () => real[0]) : real
        }
        Object.defineProperty(state, 'getWebSockets', { value, configurable: true })
      })
    const open = () =>
      api.get(`/v1/chat/rooms/${room.id}/ws`, {
        headers: { upgrade: 'websocket', authorization: `Bearer ${bob.accessToken}` },
      })
    await setCount(10_000)
    const refused = await open()
    expect([refused.status, refused.body.code]).toEqual([503, 'UNAVAILABLE'])
    expect(refused.body.message).toContain('The room has 10000 sockets open')
    expect(refused.headers.get('retry-after')).toBe('30')
    await setCount(undefined)
    expect((await inRoom(api, bob, room.id).post('by a route')).status).toBe(201)
    await socket.until(({ event }) => event === 'message:new')
    await setCount(9_999)
    const accepted = await open()
    await setCount(undefined)
    expect(accepted.status).toBe(101)
    accepted.response.webSocket?.accept()
  })
})
