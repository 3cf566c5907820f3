import { exports } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room } from '../../../src/features/chat/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()
const call = { correlationId: 'another-service', traceparent: '' }
const service = () => exports.ChatService

describe('a service', () => {
  it('writes to a person as the system, in a room of the two in which only the system writes', async () => {
    const ann = await makePerson(api.isolate)
    const posted = await service().postToUser(call, { userId: ann.id, content: 'Welcome', key: 'welcome-0001' })
    expect(posted).toMatchObject({ ok: true, value: { content: 'Welcome', sender: { username: 'selvage' } } })
    const [room] = (await api.as(ann).get<Room[]>('/v1/chat/rooms')).body.data
    expect(room).toMatchObject({ type: 'private', name: 'Selvage', peer: { username: 'selvage' } })
    const history = await api.as(ann).get<Message[]>(`/v1/chat/rooms/${room?.id}/messages`)
    expect(history.body.data.map(({ content }) => content)).toEqual(['Welcome'])
    const answer = await send(api, ann, room?.id ?? '', 'Hello?')
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN'])
  })

  it('that sends the same key again has written once', async () => {
    const ann = await makePerson(api.isolate)
    const post = () =>
      service().postToUser(call, { userId: ann.id, content: 'Your order is on its way', key: 'order-42-shipped' })
    const answers = await Promise.all([post(), post(), post()])
    expect(new Set(answers.map((answer) => answer.ok && answer.value.id)).size).toBe(1)
    const rooms = (await api.as(ann).get<Room[]>('/v1/chat/rooms')).body.data
    expect(rooms).toHaveLength(1)
    const history = await api.as(ann).get<Message[]>(`/v1/chat/rooms/${rooms[0]?.id}/messages`)
    expect(history.body.data).toHaveLength(1)
  })

  it('writes into a room to which the system does not belong, and nobody joins by that', async () => {
    const { ann, bob, room } = await makePair(api)
    const socket = await openRoom(api, bob, room.id)
    const posted = await service().postToRoom(call, {
      roomId: room.id,
      content: 'Maintenance at noon',
      key: 'noon-0001',
    })
    expect(posted.ok).toBe(true)
    const line = await socket.until(({ event }) => event === 'message:new')
    expect(line.data).toMatchObject({ content: 'Maintenance at noon', sender: { username: 'selvage' } })
    const { body } = await api.as(ann).get<{ members: unknown[]; memberCount: number }>(`/v1/chat/rooms/${room.id}`)
    expect([body.data.members.length, body.data.memberCount]).toEqual([2, 2])
  })

  it('shows that somebody of the room writes, and has stopped (R13.23)', async () => {
    const { ann, bob, room } = await makePair(api)
    const socket = await openRoom(api, bob, room.id)
    const typing = { roomId: room.id, userId: ann.id }
    await service().showTyping(call, { ...typing, isTyping: true })
    expect((await socket.until(({ event }) => event === 'typing:start')).data).toMatchObject({ userId: ann.id })
    await service().showTyping(call, { ...typing, isTyping: false })
    expect((await socket.until(({ event }) => event === 'typing:stop')).data).toEqual({
      userId: ann.id,
      roomId: room.id,
    })
  })

  it('is refused by a value: for people and rooms that are not there, and for what is no message', async () => {
    const ann = await makePerson(api.isolate)
    const key = 'nowhere-0001'
    expect(await service().postToUser(call, { userId: newId(), content: 'x', key })).toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await service().postToRoom(call, { roomId: newId(), content: 'x', key })).toMatchObject({
      code: 'NOT_FOUND',
    })
    const bad = [{ content: ' ' }, { key: 'short' }, { content: 'x'.repeat(4_001) }]
    for (const given of bad) {
      const answer = await service().postToUser(call, { userId: ann.id, content: 'x', key, ...given })
      expect(answer).toMatchObject({ ok: false, code: 'VALIDATION_FAILED' })
    }
  })

  it('lends its name to nobody: the system signs in nowhere, and is found by nobody', async () => {
    const ann = await makePerson(api.isolate)
    const signIn = { email: 'system@selvage.invalid', password: 'Correct-Horse-1' }
    expect((await api.post('/v1/auth/login', signIn)).status).toBe(401)
    expect((await api.as(ann).get<unknown[]>('/v1/people?q=selvage')).body.data).toEqual([])
    const userId = '01930000-0000-7000-8000-000000000100'
    expect((await api.as(ann).post('/v1/chat/rooms/private', { userId })).status).toBe(404)
  })
})
