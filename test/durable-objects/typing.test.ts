import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApi } from '../support/api.ts'
import { inRoom, makeGroup } from '../support/groups.ts'
import { makePerson } from '../support/people.ts'
import { makePair } from '../support/rooms.ts'
import { type Line, openRoom, type TestSocket } from '../support/sockets.ts'

const api = createApi()

const typingOf = ({ lines }: TestSocket) => lines.filter(({ event }) => event.startsWith('typing:'))
const isStart = ({ event }: Line) => event === 'typing:start'
const isStop = ({ event }: Line) => event === 'typing:stop'

/** What was said before this has arrived, and what was not will not. */
async function settle(socket: TestSocket, roomId: string): Promise<void> {
  const id = crypto.randomUUID()
  socket.send('message:read', { roomId }, id)
  await socket.ack(id)
}

describe('who is writing', () => {
  it('is told to the others in the room, with a name, and neither acknowledged nor stored (R13.18)', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const [a, again, b, c] = [
      await openRoom(api, owner, room.id),
      await openRoom(api, owner, room.id),
      await openRoom(api, moderator, room.id),
      await openRoom(api, member, room.id),
    ]
    a.send('typing:start', { roomId: room.id }, 1)
    for (const socket of [b, c]) {
      expect(await socket.until(isStart)).toEqual({
        event: 'typing:start',
        data: { userId: owner.id, username: owner.username, roomId: room.id },
      })
    }
    for (const socket of [a, again]) {
      await settle(socket, room.id)
      expect(typingOf(socket)).toEqual([])
    }
    expect(a.lines.some(({ event, id }) => event === 'ack' && id === 1)).toBe(false)
    expect((await inRoom(api, member, room.id).say('next')).seq).toBe(2)
  })

  it('is told once, however often it is said, until it is over: that is told without the name (R13.19)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    for (let n = 0; n < 5; n += 1) a.send('typing:start', { roomId: room.id })
    a.send('typing:stop', { roomId: room.id }, 2)
    a.send('typing:stop', { roomId: room.id }, 3)
    expect(await b.until(isStop)).toEqual({ event: 'typing:stop', data: { userId: ann.id, roomId: room.id } })
    await settle(a, room.id)
    await settle(b, room.id)
    expect(typingOf(b)).toHaveLength(2)
    expect(a.lines.some(({ event, id }) => event === 'ack' && (id === 2 || id === 3))).toBe(false)
  })

  it('can be said by a server-side helper, for clients without a socket (R13.23)', async () => {
    const { ann, bob, room } = await makePair(api)
    const b = await openRoom(api, bob, room.id)
    expect((await inRoom(api, ann, room.id).type(true)).status).toBe(200)
    expect((await b.until(isStart)).data).toMatchObject({ userId: ann.id, roomId: room.id })
    expect((await inRoom(api, ann, room.id).type(false)).status).toBe(200)
    expect((await b.until(isStop)).data).toEqual({ userId: ann.id, roomId: room.id })
  })

  it('is over with the message, which says so itself', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.send('typing:start', {})
    a.send('message:send', { content: 'here it is' }, 1)
    await b.until(({ event }) => event === 'message:new')
    a.send('typing:start', {})
    await settle(a, room.id)
    await settle(b, room.id)
    expect(typingOf(b).map(({ event }) => event)).toEqual(['typing:start', 'typing:start'])
  })

  it('goes on where a message was refused: nobody would hear that it is over', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.send('typing:start', {})
    a.send('message:send', { content: 'answer', replyTo: crypto.randomUUID() }, 1)
    expect((await a.ack(1)).data.success).toBe(false)
    a.send('typing:stop', {})
    await b.until(isStop)
  })

  it('is over when their last socket closes', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, again, b] = [
      await openRoom(api, ann, room.id),
      await openRoom(api, ann, room.id),
      await openRoom(api, bob, room.id),
    ]
    a.send('typing:start', {})
    await b.until(isStart)
    a.close()
    await a.untilClosed()
    await settle(b, room.id)
    expect(typingOf(b)).toHaveLength(1)
    again.close()
    await b.until(isStop)
  })

  describe('and says nothing more', () => {
    afterEach(() => void vi.useRealTimers())

    it('is over after five seconds, and later where they said so again (R13.43)', async () => {
      const { ann, bob, room, objectName } = await makePair(api)
      const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
      const pass = (ms: number) =>
        runInDurableObject(env.CHAT_ROOM.getByName(objectName), () => void vi.advanceTimersByTime(ms))
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const saySo = (isTyping: boolean) => inRoom(api, ann, room.id).type(isTyping)
      await saySo(true)
      await pass(4_000)
      await saySo(true)
      await pass(4_900)
      vi.useRealTimers()
      await b.until(isStart)
      await settle(b, room.id)
      expect(typingOf(b).map(({ event }) => event)).toEqual(['typing:start'])
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      await saySo(false)
      await saySo(true)
      await pass(5_000)
      vi.useRealTimers()
      await vi.waitFor(() => expect(typingOf(b)).toHaveLength(4))
      expect(typingOf(b).at(-1)).toEqual({ event: 'typing:stop', data: { userId: ann.id, roomId: room.id } })
      expect(typingOf(a)).toEqual([])
    })
  })
})

describe('nobody hears of the writing', () => {
  it('of who is no member any more, or never was (R13.19)', async () => {
    const { owner, member, room } = await makeGroup(api)
    const stranger = await makePerson(api.isolate)
    const a = await openRoom(api, owner, room.id)
    for (const person of [stranger, member]) {
      if (person === member) await inRoom(api, member, room.id).leave()
      expect((await inRoom(api, person, room.id).type(true)).status).toBe(404)
    }
    const call = { correlationId: 'direct-call', traceparent: '' }
    expect(await env.CHAT_ROOM.getByName(room.id).type(call, member.id, true)).toMatchObject({ code: 'NOT_FOUND' })
    await settle(a, room.id)
    expect(typingOf(a)).toEqual([])
  })

  it('of who may not write: blocked, muted, or where moderators alone do', async () => {
    const { ann, bob, room } = await makePair(api)
    const { owner, member, room: news } = await makeGroup(api, { whoPosts: 'moderators' })
    await api.as(ann).request('PUT', `/v1/people/${bob.id}/block`)
    for (const [hearer, writer, { id }] of [
      [ann, bob, room],
      [owner, member, news],
    ] as const) {
      const [a, b] = [await openRoom(api, hearer, id), await openRoom(api, writer, id)]
      b.send('typing:start', {})
      expect((await inRoom(api, writer, id).type(true)).status).toBe(403)
      await settle(b, id)
      await settle(a, id)
      expect(typingOf(a)).toEqual([])
    }
  })

  it('in a room above a hundred members', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    await runInDurableObject(env.CHAT_ROOM.getByName(objectName), (_room, { storage }) => {
      storage.sql.exec('update room set member_count = 101')
    })
    // What a room is, it reads when it wakes up.
    await evictDurableObject(env.CHAT_ROOM.getByName(objectName))
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    b.send('typing:start', {})
    expect((await inRoom(api, bob, room.id).type(true)).status).toBe(200)
    await settle(b, room.id)
    await settle(a, room.id)
    expect(typingOf(a)).toEqual([])
  })
})
