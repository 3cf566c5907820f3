import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../src/features/chat/message-schemas.ts'
import type { Room } from '../../src/features/chat/schemas.ts'
import { newId } from '../../src/platform/ids.ts'
import { createApi } from '../support/api.ts'
import { makePerson, type TestPerson } from '../support/people.ts'
import { makePair } from '../support/rooms.ts'
import { openRoom, openSocket } from '../support/sockets.ts'

const api = createApi()

/** A person's own socket, relayed to by the rooms that they have. */
async function openOwn(person: TestPerson) {
  const socket = await openSocket(api, person, '/v1/notifications/ws')
  await socket.until(({ event }) => event === 'user:ready')
  await runDurableObjectAlarm(env.USER_SOCKET.getByName(person.id))
  return socket
}

async function makeOpenRoom(owner: TestPerson): Promise<Room> {
  const body = { name: 'Weavers', type: 'group', memberIds: [], joinPolicy: 'open' }
  return (await api.as(owner).post<Room>('/v1/chat/rooms', body)).body.data
}

describe('a person’s own socket', () => {
  it('is all that a client needs: it sends to any room of theirs, and hears what comes of it (R13.7, R13.11)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openOwn(ann), await openOwn(bob)]
    a.send('message:send', { roomId: room.id, content: 'over my own socket', clientMessageId: 'own-socket-1' }, 1)
    expect((await a.ack(1)).data).toMatchObject({ success: true, message: { content: 'over my own socket', seq: 1 } })
    const heard = await b.until(({ event }) => event === 'message:new')
    expect(heard).toMatchObject({ seq: 1, data: { roomId: room.id, sender: { id: ann.id } } })
    await a.until(({ event }) => event === 'message:new')
  })

  it('passes frames on in the order in which they came', async () => {
    const { ann, room } = await makePair(api)
    const socket = await openOwn(ann)
    for (let n = 1; n <= 20; n += 1) socket.send('message:send', { roomId: room.id, content: `number ${n}` }, n)
    await socket.ack(20)
    const history = await api.as(ann).get<Message[]>(`/v1/chat/rooms/${room.id}/messages`)
    expect(history.body.data.map(({ content }) => content)).toEqual(
      Array.from({ length: 20 }, (_, n) => `number ${n + 1}`),
    )
  })

  it('joins an open room, which is in the list when that is acknowledged, and leaves it (R13.20, R13.22)', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const room = await makeOpenRoom(ann)
    const owner = await openRoom(api, ann, room.id)
    const socket = await openOwn(bob)
    socket.send('room:join', { roomId: room.id }, 1)
    expect((await socket.ack(1)).data).toEqual({ success: true })
    expect((await socket.until(({ event }) => event === 'room:joined')).data).toEqual({ roomId: room.id })
    expect((await api.as(bob).get<Room[]>('/v1/chat/rooms')).body.data.map(({ id }) => id)).toEqual([room.id])
    expect((await owner.until(({ event }) => event === 'room:user-joined')).data).toEqual({
      userId: bob.id,
      username: bob.username,
      roomId: room.id,
    })
    socket.send('room:join', { roomId: room.id }, 2)
    expect((await socket.ack(2)).data).toEqual({ success: true })
    expect(owner.lines.filter(({ event }) => event === 'room:user-joined')).toHaveLength(1)
    socket.send('room:leave', { roomId: room.id }, 3)
    expect((await socket.ack(3)).data).toEqual({ success: true })
    await owner.until(({ event }) => event === 'room:user-left')
    socket.send('room:leave', { roomId: room.id }, 4)
    expect((await socket.ack(4)).data).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
  })

  it('is refused what is not theirs, in the words of a room that is not there (R13.13, R13.21)', async () => {
    const { room } = await makePair(api)
    const stranger = await makePerson(api.isolate)
    const socket = await openOwn(stranger)
    const commands: [string, object][] = [
      ['message:send', { content: 'let me in' }],
      ['room:join', {}],
      ['message:delete', { messageId: newId() }],
    ]
    for (const [n, [event, data]] of commands.entries()) {
      socket.send(event, { roomId: room.id, ...data }, n)
      expect((await socket.ack(n)).data).toEqual({
        success: false,
        error: { code: 'NOT_FOUND', message: 'Room not found' },
      })
    }
    socket.send('message:send', { roomId: newId(), content: 'nowhere' }, 'nowhere')
    expect((await socket.ack('nowhere')).data.error.code).toBe('NOT_FOUND')
  })

  it('says what is wrong with a frame, and stays open (R13.14)', async () => {
    const { ann, room } = await makePair(api)
    const socket = await openOwn(ann)
    socket.send('message:send', { content: 'into which room?' }, 1)
    expect((await socket.ack(1)).data.error).toEqual({ code: 'VALIDATION_FAILED', message: 'roomId: Name the room' })
    socket.send('message:send', { roomId: room.id, content: ' ' }, 2)
    expect((await socket.ack(2)).data.error.code).toBe('VALIDATION_FAILED')
    socket.send('message:shout', { roomId: room.id }, 3)
    expect((await socket.ack(3)).data.error.code).toBe('NOT_FOUND')
    socket.sendRaw('{')
    await socket.until(({ event, data }) => event === 'error' && data.code === 'MALFORMED_REQUEST')
    socket.send('message:send', { roomId: room.id, content: 'fine' }, 4)
    expect((await socket.ack(4)).data.success).toBe(true)
  })

  it('says that its person writes, to whoever has the room open (R13.18)', async () => {
    const { ann, bob, room } = await makePair(api)
    const b = await openRoom(api, bob, room.id)
    const a = await openOwn(ann)
    a.send('typing:start', { roomId: room.id })
    expect((await b.until(({ event }) => event === 'typing:start')).data).toMatchObject({ userId: ann.id })
    expect(a.lines.some(({ event }) => event === 'typing:start')).toBe(false)
  })

  it('hears of a room into which its person is put by somebody else, and of their removal, and nothing after it', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const room = await makeOpenRoom(ann)
    const socket = await openOwn(bob)
    const added = await api.as(ann).post(`/v1/chat/rooms/${room.id}/members`, { userIds: [bob.id] })
    expect(added.status).toBe(200)
    await socket.until(({ event, data }) => event === 'room:joined' && data.roomId === room.id)
    await runDurableObjectAlarm(env.USER_SOCKET.getByName(bob.id))
    await api.as(ann).post(`/v1/chat/rooms/${room.id}/messages`, { content: 'welcome' })
    await socket.until(({ event, data }) => event === 'message:new' && data.content === 'welcome')
    await api.as(ann).delete(`/v1/chat/rooms/${room.id}/members/${bob.id}`)
    await api.as(ann).post(`/v1/chat/rooms/${room.id}/messages`, { content: 'he is gone' })
    const removed = await socket.until(({ event }) => event === 'room:removed')
    expect(removed.data).toEqual({ roomId: room.id, reason: 'removed' })
    expect(socket.lines.some(({ data }) => data?.content === 'he is gone')).toBe(false)
    // The page also tells of both, as notifications.
    await socket.until(({ event, data }) => event === 'notification:new' && data.title === 'You are in Weavers')
  })
})
