import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { RoomPresence } from '../../src/features/chat/schemas.ts'
import { createApi } from '../support/api.ts'
import { inRoom, makeGroup } from '../support/groups.ts'
import type { TestPerson } from '../support/people.ts'
import { makePair } from '../support/rooms.ts'
import { type Line, openRoom, type TestSocket } from '../support/sockets.ts'

const api = createApi()

const comings = ({ lines }: TestSocket) =>
  lines.filter(({ event }) => event === 'user:online' || event === 'user:offline')
const isReady = ({ event }: Line) => event === 'room:ready'
const isOnline = (person: TestPerson) => (line: Line) => line.event === 'user:online' && line.data.userId === person.id
const isOffline = (person: TestPerson) => (line: Line) =>
  line.event === 'user:offline' && line.data.userId === person.id

const presenceFor = async (person: TestPerson, roomId: string) =>
  (await api.as(person).get<RoomPresence>(`/v1/chat/rooms/${roomId}/presence`)).body.data

/** Lets so many seconds pass for those who have gone, and the room's alarm ring. */
async function awayFor(objectName: string, seconds: number): Promise<void> {
  const stub = env.CHAT_ROOM.getByName(objectName)
  await runInDurableObject(stub, (_room, { storage }) => {
    storage.sql.exec('update present set gone_at = gone_at - ?', seconds * 1_000)
  })
  await runDurableObjectAlarm(stub)
}

async function close(socket: TestSocket): Promise<void> {
  socket.close()
  await socket.untilClosed()
}

describe('who is here', () => {
  it('is told to the others when a person’s first socket opens, and after their last one’s end (R13.8, R13.9, R13.10)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const b = await openRoom(api, bob, room.id)
    const [tab, otherTab] = [await openRoom(api, ann, room.id), await openRoom(api, ann, room.id)]
    const told = { userId: ann.id, username: ann.username, roomId: room.id }
    expect(await b.until(isOnline(ann))).toEqual({ event: 'user:online', data: told })
    await close(tab)
    await awayFor(objectName, 60)
    expect(await presenceFor(bob, room.id)).toMatchObject({ count: 2 })
    await close(otherTab)
    await awayFor(objectName, 15)
    expect(await b.until(isOffline(ann))).toEqual({ event: 'user:offline', data: told })
    expect(await presenceFor(bob, room.id)).toEqual({ count: 1, userIds: [bob.id] })
    expect(comings(b)).toHaveLength(2)
  })

  it('is not told to whom it is about, nor outside of the room (R13.9)', async () => {
    const { ann, bob, room } = await makePair(api)
    const { ann: stranger, room: elsewhere } = await makePair(api)
    const [a, s] = [await openRoom(api, ann, room.id), await openRoom(api, stranger, elsewhere.id)]
    const b = await openRoom(api, bob, room.id)
    await a.until(isOnline(bob))
    await b.until(isReady)
    await s.until(isReady)
    expect([comings(a).length, comings(b), comings(s)]).toEqual([1, [], []])
  })

  it('greets who comes, and stands at a route of its own, for members', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    await openRoom(api, owner, room.id)
    const socket = await openRoom(api, member, room.id)
    const here = [owner.id, member.id].toSorted()
    expect((await socket.until(isReady)).data).toMatchObject({ online: here, onlineCount: 2 })
    expect(await presenceFor(moderator, room.id)).toEqual({ count: 2, userIds: here })
    const { ann: stranger } = await makePair(api)
    expect((await api.as(stranger).get(`/v1/chat/rooms/${room.id}/presence`)).status).toBe(404)
  })

  it('stays so for fifteen seconds: a reload tells nothing (R13.8)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const b = await openRoom(api, bob, room.id)
    const before = await openRoom(api, ann, room.id)
    await close(before)
    await awayFor(objectName, 13)
    expect(await presenceFor(bob, room.id)).toMatchObject({ count: 2 })
    const after = await openRoom(api, ann, room.id)
    await after.until(isReady)
    await awayFor(objectName, 60)
    expect((await inRoom(api, ann, room.id).say('back')).seq).toBe(1)
    await b.until(({ event }) => event === 'message:new')
    expect(comings(b).map(({ event }) => event)).toEqual(['user:online'])
  })

  it('sets the alarm for the end of the grace, so that it is told though nothing else happens (R13.10)', async () => {
    const { ann, room, objectName } = await makePair(api)
    const stub = env.CHAT_ROOM.getByName(objectName)
    const a = await openRoom(api, ann, room.id)
    await a.until(isReady)
    while (await runDurableObjectAlarm(stub));
    const before = Date.now()
    await close(a)
    const at = await runInDurableObject(stub, (_room, { storage }) => storage.getAlarm())
    expect(Number(at) - before).toBeGreaterThanOrEqual(15_000)
    expect(Number(at) - before).toBeLessThan(20_000)
  })

  it('is looked up anew by an object that was torn down: who did not come back is away after the grace (R13.8)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = env.CHAT_ROOM.getByName(objectName)
    const b = await openRoom(api, bob, room.id)
    await b.until(isReady)
    // What a torn-down object leaves behind: it has told that she is here, and heard of no end.
    await runInDurableObject(stub, (_room, { storage }) => {
      storage.sql.exec('insert into present values (?, null)', ann.id)
    })
    await evictDurableObject(stub)
    expect(await presenceFor(bob, room.id)).toMatchObject({ count: 2 })
    await awayFor(objectName, 15)
    expect((await b.until(isOffline(ann))).data.username).toBe(ann.username)
    expect(await presenceFor(bob, room.id)).toEqual({ count: 1, userIds: [bob.id] })
  })

  it('survives that the object is put to sleep, with its sockets (R13.8)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = env.CHAT_ROOM.getByName(objectName)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    await b.until(isReady)
    await evictDurableObject(stub)
    await awayFor(objectName, 60)
    expect(await presenceFor(bob, room.id)).toMatchObject({ count: 2 })
    await close(a)
    await evictDurableObject(stub)
    await awayFor(objectName, 15)
    await b.until(isOffline(ann))
  })

  it('is told again of somebody whose socket was silent and speaks again', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    await a.until(isOnline(bob))
    // As if a minute of silence had passed and been told.
    await runInDurableObject(env.CHAT_ROOM.getByName(objectName), (_room, { storage }) => {
      storage.sql.exec('delete from present where user_id = ?', bob.id)
    })
    await inRoom(api, ann, room.id).say('anything that sets the alarm')
    await runDurableObjectAlarm(env.CHAT_ROOM.getByName(objectName))
    await expect.poll(() => comings(a).map(({ event }) => event)).toEqual(['user:online', 'user:online'])
    expect(await presenceFor(ann, room.id)).toMatchObject({ count: 2 })
    expect(comings(b)).toEqual([])
  })

  it('goes with the membership, at once (R13.24)', async () => {
    const { owner, member, room } = await makeGroup(api)
    const [a, m] = [await openRoom(api, owner, room.id), await openRoom(api, member, room.id)]
    await inRoom(api, member, room.id).leave()
    expect((await m.untilClosed()).code).toBe(4404)
    await a.until(({ event }) => event === 'room:user-left')
    expect(await presenceFor(owner, room.id)).toEqual({ count: 1, userIds: [owner.id] })
  })
})

describe('a crowd', () => {
  it('is counted, not named: nobody is told who comes and goes', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const stub = env.CHAT_ROOM.getByName(objectName)
    const a = await openRoom(api, ann, room.id)
    await a.until(isReady)
    await runInDurableObject(stub, (_room, { storage }) => {
      storage.sql.exec('update room set member_count = 101')
    })
    await evictDurableObject(stub)
    await runInDurableObject(stub, (_room, { storage }) => {
      storage.sql.exec("insert into present values ('somebody', 1)")
    })
    const b = await openRoom(api, bob, room.id)
    expect((await b.until(isReady)).data).toMatchObject({ online: null, onlineCount: 2 })
    expect(await presenceFor(ann, room.id)).toEqual({ count: 2, userIds: null })
    await close(b)
    await inRoom(api, ann, room.id).say('anything that sets the alarm')
    await runDurableObjectAlarm(stub)
    const left = await runInDurableObject(stub, (_room, { storage }) =>
      storage.sql.exec('select count(*) as n from present').one(),
    )
    expect(left).toEqual({ n: 0 })
    expect(comings(a)).toEqual([])
    expect((await a.until(({ event }) => event === 'room:presence')).data).toEqual({ roomId: room.id, count: 1 })
  })
})
