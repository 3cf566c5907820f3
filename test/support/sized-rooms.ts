import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { LEASE_MS } from '../../durable-objects/shared/lease.ts'
import { acceptSocket } from '../../durable-objects/shared/sockets.ts'
import { isLargeRoom } from '../../src/features/chat/domain/room-rules.ts'
import type { Room } from '../../src/features/chat/schemas.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Api } from './api.ts'
import { makePerson, type TestPerson } from './people.ts'

export interface RoomSize {
  members: number
  /** Sockets of the room itself, spread over its members from the first on. */
  sockets: number
  /** Members whose own object has a lease: the last ones. */
  subscribers: number
}

export interface LargeRoom extends RoomSize {
  id: string
  owner: TestPerson
  friend: TestPerson
  /** The owner first, then the friend. */
  memberIds: readonly string[]
}

/** An open group whose members were written straight into the object and D1, with one statement each. */
export async function makeLargeRoom(api: Api, size: RoomSize): Promise<LargeRoom> {
  const [owner, friend] = [await makePerson(api.isolate), await makePerson(api.isolate)]
  const { body } = await api.as(owner).post<Room>('/v1/chat/rooms', {
    name: `Room of ${size.members}`,
    type: 'group',
    joinPolicy: 'open',
    memberIds: [friend.id],
  })
  const { id } = body.data
  const others = Array.from({ length: size.members - 2 }, () => newId())
  const memberIds = [owner.id, friend.id, ...others]
  await growObject(id, size, memberIds)
  await growProjection(id, size, others)
  await openSockets(id, size.sockets, memberIds)
  return { ...size, id, owner, friend, memberIds }
}

async function growObject(id: string, { members, subscribers }: RoomSize, memberIds: readonly string[]): Promise<void> {
  const now = Date.now()
  const stub = env.CHAT_ROOM.getByName(id)
  await runInDurableObject(stub, async (room, { storage }) => {
    // What its making has left to tell is no part of what is measured.
    await room.alarm()
    storage.sql.exec(
      `insert into members (user_id, username, role, joined_at, notification_id)
       select value, 'member_' || key, 'member', ? + key, value from json_each(?) where key > 1`,
      ...[now, JSON.stringify(memberIds)],
    )
    storage.sql.exec('update room set member_count = ?', members)
    storage.sql.exec(
      `insert into subscribers select value, 'member_' || key, ? from json_each(?)`,
      ...[now + LEASE_MS, JSON.stringify(memberIds.slice(members - subscribers))],
    )
    storage.sql.exec(
      `insert into present select value, null from json_each(?)`,
      isLargeRoom(members) ? '[]' : JSON.stringify(memberIds.slice(members - subscribers)),
    )
    await storage.deleteAlarm()
  })
  // The object knows its size and its subscribers by heart: a new instance reads them.
  await evictDurableObject(stub)
}

async function growProjection(id: string, { members }: RoomSize, others: readonly string[]): Promise<void> {
  const isLarge = Number(isLargeRoom(members))
  const now = Date.now()
  await env.DB.batch([
    env.DB.prepare('update rooms set member_count = ?, is_large = ? where id = ?').bind(members, isLarge, id),
    env.DB.prepare('update room_members set is_large = ? where room_id = ?').bind(isLarge, id),
    env.DB.prepare(
      `insert into room_members (room_id, user_id, role, joined_at, active_at, is_large)
       select ?1, value, 'member', ?2 + key, ?2, ?3 from json_each(?4)`,
    ).bind(id, now, isLarge, JSON.stringify(others)),
  ])
}

/** As an upgrade leaves them, without asking a thousand times. */
async function openSockets(id: string, count: number, memberIds: readonly string[]): Promise<void> {
  await runInDurableObject(env.CHAT_ROOM.getByName(id), (_room, state) => {
    for (let n = 0; n < count; n += 1) {
      const userId = memberIds[n % memberIds.length] ?? ''
      const caller = { userId, sessionId: newId(), username: `member_${n}`, avatar: null, openedAt: Date.now() }
      acceptSocket(state, caller).client.accept()
      if (!isLargeRoom(memberIds.length)) {
        state.storage.sql.exec('insert or ignore into present values (?, null)', userId)
      }
    }
  })
}
