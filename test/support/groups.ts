import { expect } from 'vitest'
import type { Message, Reactor, ReadPosition } from '../../src/features/chat/message-schemas.ts'
import type { Room } from '../../src/features/chat/schemas.ts'
import type { Api } from './api.ts'
import { makePerson, type TestPerson } from './people.ts'

/** A group of somebody of each role. Its object bears the room's id. */
export async function makeGroup(
  api: Api,
  settings: Partial<Pick<Room, 'name' | 'joinPolicy'>> & { whoPosts?: 'members' | 'moderators' } = {},
): Promise<{ owner: TestPerson; moderator: TestPerson; member: TestPerson; room: Room }> {
  const [owner, moderator, member] = [
    await makePerson(api.isolate, { firstName: 'Olga' }),
    await makePerson(api.isolate, { firstName: 'Mo' }),
    await makePerson(api.isolate, { firstName: 'Mel' }),
  ]
  const { body } = await api.as(owner).post<Room>('/v1/chat/rooms', {
    name: 'Weavers',
    type: 'group',
    memberIds: [moderator.id, member.id],
    ...settings,
  })
  const promoted = await api
    .as(owner)
    .patch(`/v1/chat/rooms/${body.data.id}/members/${moderator.id}`, { role: 'moderator' })
  expect(promoted.status).toBe(200)
  return { owner, moderator, member, room: body.data }
}

/** What a person does in a room, by its routes. */
export function inRoom(api: Api, person: TestPerson, roomId: string) {
  const caller = api.as(person)
  const room = `/v1/chat/rooms/${roomId}`
  const message = (id: string) => `${room}/messages/${id}`
  const reaction = (id: string, emoji: string) => `${message(id)}/reactions/${encodeURIComponent(emoji)}`
  const post = (content: string, more: { replyTo?: string; clientMessageId?: string } = {}) =>
    caller.post<Message>(`${room}/messages`, { content, ...more })
  return {
    post,
    /** Sends, and answers the stored message. */
    say: async (content: string, more: Parameters<typeof post>[1] = {}): Promise<Message> => {
      const { status, body } = await post(content, more)
      expect(status).toBe(201)
      return body.data
    },
    look: (id: string) => caller.get<Message>(message(id)),
    edit: (id: string, content: string) => caller.patch<Message>(message(id), { content }),
    remove: (id: string) => caller.delete(message(id)),
    react: (id: string, emoji: string) => caller.request<Message>('PUT', reaction(id, emoji)),
    unreact: (id: string, emoji: string) => caller.delete<Message>(reaction(id, emoji)),
    reactors: (id: string, query = '') => caller.get<Reactor[]>(`${message(id)}/reactions${query}`),
    pin: (id: string) => caller.request<Message>('PUT', `${message(id)}/pin`),
    unpin: (id: string) => caller.delete<Message>(`${message(id)}/pin`),
    pins: () => caller.get<Message[]>(`${room}/pins`),
    history: (query = '') => caller.get<Message[]>(`${room}/messages${query}`),
    thread: (id: string, query = '') => caller.get<Message[]>(`${message(id)}/thread${query}`),
    search: (text: string) => caller.get<Message[]>(`${room}/search?q=${encodeURIComponent(text)}`),
    markRead: (seq?: number) => caller.post<ReadPosition>(`${room}/read`, seq === undefined ? {} : { seq }),
    /** The room as the person's list shows it. */
    listed: async (): Promise<Room | undefined> => {
      const { body } = await caller.get<Room[]>('/v1/chat/rooms')
      return body.data.find(({ id }) => id === roomId)
    },
    leave: () => caller.post(`${room}/leave`),
    type: (isTyping: boolean) => caller.post(`${room}/typing`, { isTyping }),
  }
}
