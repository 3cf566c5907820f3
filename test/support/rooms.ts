import type { RoomActor, Work } from '../../src/features/chat/commands.ts'
import type { Message } from '../../src/features/chat/message-schemas.ts'
import type { Room } from '../../src/features/chat/schemas.ts'
import type { Api } from './api.ts'
import { makePerson, type TestPerson } from './people.ts'

/** Two people with a private room. */
export async function makePair(
  api: Api,
): Promise<{ ann: TestPerson; bob: TestPerson; room: Room; objectName: string }> {
  const [ann, bob] = await Promise.all([
    makePerson(api.isolate, { firstName: 'Ann' }),
    makePerson(api.isolate, { firstName: 'Bob' }),
  ])
  const { body } = await api.as(ann).post<Room>('/v1/chat/rooms/private', { userId: bob.id })
  return { ann, bob, room: body.data, objectName: pairName(ann, bob) }
}

function pairName(a: TestPerson, b: TestPerson): string {
  return `pair:${[a.id, b.id].toSorted().join(':')}`
}

export function send(api: Api, person: TestPerson, roomId: string, content: string, clientMessageId?: string) {
  return api.as(person).post<Message>(`/v1/chat/rooms/${roomId}/messages`, {
    content,
    ...(clientMessageId === undefined ? {} : { clientMessageId }),
  })
}

/** Somebody as a room's object is told of them. */
export function actorOf({ id, username }: Pick<TestPerson, 'id' | 'username'>): RoomActor {
  return { userId: id, username, avatar: null, mayDeleteAny: false }
}

export function sending(content: string): Work {
  return { event: 'message:send', data: { type: 'text', content } }
}
