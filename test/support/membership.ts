import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import type { ChatRoom } from '../../durable-objects/chat-room/index.ts'
import type { Profile, Work, WorkData, WorkName } from '../../src/features/chat/commands.ts'
import type { CreateRoomBody, Room, RoomWithMembers } from '../../src/features/chat/schemas.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Api } from './api.ts'
import type { HeldQueues } from './held-queues.ts'
import { makePerson, type TestPerson } from './people.ts'
import { actorOf } from './rooms.ts'
import { LONGER_THAN_BETWEEN_SUMMARIES_MS, type ShiftedTime } from './shifted-time.ts'

export type RoomStub = DurableObjectStub<ChatRoom>

/** A group of three: `owner` has made it, `members` are the others. */
export interface Group {
  owner: TestPerson
  members: [TestPerson, TestPerson]
  room: Room
  /** Of its routes. */
  path: string
  stub: RoomStub
}

export const DIRECTLY = { correlationId: 'direct-call', traceparent: '' }

export async function makeGroup(api: Api, settings: Partial<CreateRoomBody> = {}): Promise<Group> {
  const [owner, ...members] = await Promise.all([
    makePerson(api.isolate),
    makePerson(api.isolate),
    makePerson(api.isolate),
  ])
  const room = await makeRoom(api, owner, { memberIds: members.map(({ id }) => id), ...settings })
  return { owner, members, room, path: `/v1/chat/rooms/${room.id}`, stub: env.CHAT_ROOM.getByName(room.id) }
}

export async function makeRoom(api: Api, owner: TestPerson, settings: Partial<CreateRoomBody> = {}): Promise<Room> {
  const body = { type: 'group', name: `Group ${newId()}`, memberIds: [], ...settings }
  const { status, body: answer } = await api.as(owner).post<Room>('/v1/chat/rooms', body)
  expect(status, JSON.stringify(answer)).toBe(201)
  return answer.data
}

export function makePeople(api: Api, count: number): Promise<TestPerson[]> {
  return Promise.all(Array.from({ length: count }, () => makePerson(api.isolate)))
}

/** Says a command to the object itself, as one of its members. */
export function say<N extends WorkName>(
  stub: RoomStub,
  person: Pick<TestPerson, 'id' | 'username'>,
  event: N,
  data: WorkData<N>,
) {
  return stub.act(DIRECTLY, actorOf(person), { event, data } as Work)
}

/** People of whom only the room knows: so many cost nothing. */
export function strangers(count: number): Profile[] {
  return Array.from({ length: count }, (_, i) => ({ userId: newId(), username: `extra_${i}`, avatar: null }))
}

export async function sqlOf<T>(stub: RoomStub, query: string, ...values: (string | number)[]): Promise<T[]> {
  return runInDurableObject(stub, (_room, { storage }) => storage.sql.exec(query, ...values).toArray() as T[])
}

/**
 * Until the room has told the databases everything, and they have heard it. The clock goes ahead, so that nobody waits
 * for the next summary to be due.
 */
export function settle(queues: HeldQueues, stub: RoomStub, time: ShiftedTime): Promise<void> {
  return vi.waitFor(
    async () => {
      time.forward(LONGER_THAN_BETWEEN_SUMMARIES_MS)
      await runDurableObjectAlarm(stub)
      await queues.deliver()
      const waiting = `select (select count(*) from outbox) + (select count(*) from untold) as n, summarised_seq,
        max((select coalesce(max(seq), 0) from messages), (select coalesce(max(seq), 0) from changes)) as last from room`
      const [row] = await sqlOf<{ n: number; summarised_seq: number; last: number }>(stub, waiting)
      expect(row).toMatchObject({ n: 0, summarised_seq: row?.last })
    },
    { timeout: 10_000, interval: 5 },
  )
}

export async function listOf(api: Api, person: TestPerson): Promise<Room[]> {
  return (await api.as(person).get<Room[]>('/v1/chat/rooms')).body.data
}

export async function readRoom(api: Api, person: TestPerson, { path }: Pick<Group, 'path'>): Promise<RoomWithMembers> {
  return (await api.as(person).get<RoomWithMembers>(path)).body.data
}

/** What the room's log has of people coming and going, oldest first. */
export async function changesOf(
  stub: RoomStub,
  event: string,
): Promise<{ seq: number; data: Record<string, unknown> }[]> {
  const rows = await sqlOf<{ seq: number; data: string }>(
    stub,
    'select seq, data from changes where event = ? order by seq',
    event,
  )
  return rows.map(({ seq, data }) => ({ seq, data: JSON.parse(data) as Record<string, unknown> }))
}
