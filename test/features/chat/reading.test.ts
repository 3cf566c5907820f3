import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Room, RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import type { Notification } from '../../../src/features/notifications/schemas.ts'
import { createApi } from '../../support/api.ts'
import { inRoom, makeGroup } from '../../support/groups.ts'
import type { TestPerson } from '../../support/people.ts'
import { makePair } from '../../support/rooms.ts'
import { openRoom, openSocket, type TestSocket } from '../../support/sockets.ts'

const api = createApi()
/** Rooms tell the list and the bell at most every two seconds: tests wait for that together, and for each other. */
const SIDE_BY_SIDE = { timeout: 60_000 }

/** Rooms tell the list at most every two seconds. */
function untilListed(person: TestPerson, roomId: string, expected: Partial<Room>) {
  return vi.waitFor(async () => expect(await inRoom(api, person, roomId).listed()).toMatchObject(expected), {
    timeout: 10_000,
    interval: 50,
  })
}

/** Says as much over a socket, and answers the ids. */
async function sayMany(person: TestPerson, roomId: string, count: number): Promise<string[]> {
  const socket = await openRoom(api, person, roomId)
  for (let n = 1; n <= count; n += 1) socket.send('message:send', { content: `message ${n}` }, n)
  await socket.ack(count)
  socket.close()
  return socket.messages().map(({ id }) => id)
}

describe.concurrent('what a person has read', SIDE_BY_SIDE, () => {
  it('goes forward and never back, by REST and over the socket (R13.33)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [author, reader] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    for (let n = 1; n <= 5; n += 1) await author.say(`message ${n}`)
    const position = async (seq?: number) => (await reader.markRead(seq)).body.data
    expect(await position(0)).toEqual({ seq: 0, unreadCount: 5, mentionCount: 0 })
    expect(await position(2)).toEqual({ seq: 2, unreadCount: 3, mentionCount: 0 })
    expect(await position(1)).toEqual({ seq: 2, unreadCount: 3, mentionCount: 0 })
    expect(await position(4_000)).toEqual({ seq: 5, unreadCount: 0, mentionCount: 0 })
    await author.say('message 6')
    const socket = await openRoom(api, ann, room.id)
    socket.send('message:read', { seq: 3 }, 1)
    expect((await socket.ack(1)).data).toEqual({
      success: true,
      position: { seq: 6, unreadCount: 0, mentionCount: 0 },
    })
    for (let n = 0; n < 2; n += 1) {
      expect(await position(0)).toEqual({ seq: 5, unreadCount: 1, mentionCount: 0 })
    }
  })

  it('is one watermark over the socket, too, which the list of rooms hears of (R13.37)', async () => {
    const { owner, member, room } = await makeGroup(api)
    const { seq: first } = await inRoom(api, owner, room.id).say('one')
    await inRoom(api, owner, room.id).say('two')
    await untilListed(member, room.id, { unreadCount: 2 })
    const socket = await openRoom(api, member, room.id)
    // To open a room is to read it.
    await untilListed(member, room.id, { unreadCount: 0 })
    socket.send('message:read', { roomId: room.id, seq: first }, 1)
    expect((await socket.ack(1)).data.position).toEqual({ seq: first + 1, unreadCount: 0, mentionCount: 0 })
  })

  it('includes what they have written themselves, at once', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    await a.say('one')
    await b.say('two')
    await b.say('three')
    await a.say('four')
    expect((await b.markRead(0)).body.data).toEqual({ seq: 3, unreadCount: 1, mentionCount: 0 })
    expect((await a.markRead(0)).body.data).toEqual({ seq: 4, unreadCount: 0, mentionCount: 0 })
    await untilListed(bob, room.id, { unreadCount: 1, lastSeq: 4 })
    await untilListed(ann, room.id, { unreadCount: 0, lastSeq: 4 })
  })

  it('is told to those in the room, and stands with the members', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const { seq } = await inRoom(api, owner, room.id).say('read me')
    const a = await openRoom(api, owner, room.id)
    await inRoom(api, member, room.id).markRead(seq)
    const reads = { userId: member.id, seq }
    await a.until(({ event, data }) => event === 'room:read' && JSON.stringify(data.reads).includes(member.id))
    expect(a.lines.find(({ event, data }) => event === 'room:read' && data.reads.length > 0)?.data.roomId).toBe(room.id)
    expect(a.lines.flatMap(({ event, data }) => (event === 'room:read' ? data.reads : []))).toContainEqual(reads)
    const { body } = await api.as(owner).get<RoomWithMembers>(`/v1/chat/rooms/${room.id}`)
    const readSeqs = new Map(body.data.members.map(({ id, readSeq }) => [id, readSeq]))
    expect([readSeqs.get(owner.id), readSeqs.get(member.id)]).toEqual([seq, seq])
    expect(readSeqs.get(moderator.id)).toBeLessThan(seq)
    expect((await api.as(member).get<RoomWithMembers>(`/v1/chat/rooms/${room.id}`)).body.data.own.readSeq).toBe(seq)
  })

  it('is a matter of members', async () => {
    const { room } = await makePair(api)
    const { ann: stranger } = await makePair(api)
    expect((await inRoom(api, stranger, room.id).markRead()).status).toBe(404)
  })
})

describe.concurrent('unread messages in the list of rooms', SIDE_BY_SIDE, () => {
  it('are exact: deleted ones do not count, before and after the watermark (R13.33, R13.37)', async () => {
    const { ann, bob, room } = await makePair(api)
    const ids = await sayMany(ann, room.id, 10)
    await inRoom(api, bob, room.id).markRead(4)
    await untilListed(bob, room.id, { lastSeq: 10, unreadCount: 6 })
    for (const place of [1, 5, 7, 8]) await inRoom(api, ann, room.id).remove(String(ids[place]))
    await untilListed(bob, room.id, { lastSeq: 14, unreadCount: 3 })
    expect((await inRoom(api, bob, room.id).markRead(6)).body.data.unreadCount).toBe(2)
    expect(await inRoom(api, bob, room.id).listed()).toMatchObject({ unreadCount: 2 })
    expect((await inRoom(api, bob, room.id).markRead(14)).body.data.unreadCount).toBe(0)
    expect(await inRoom(api, bob, room.id).listed()).toMatchObject({ unreadCount: 0 })
    await untilListed(ann, room.id, { unreadCount: 0 })
  })

  it('stay exact when more are deleted at once than one summary tells', async () => {
    const { ann, bob, room } = await makePair(api)
    const ids = await sayMany(ann, room.id, 260)
    await untilListed(bob, room.id, { lastSeq: 260, unreadCount: 100 })
    const socket = await openRoom(api, ann, room.id)
    for (const [i, messageId] of ids.slice(5).entries()) socket.send('message:delete', { messageId }, i)
    await socket.ack(254)
    await untilListed(bob, room.id, { lastSeq: 515, unreadCount: 5 })
  })

  it('are counted to a hundred, which stands for 99 and more', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    await sayMany(ann, room.id, 130)
    await untilListed(bob, room.id, { lastSeq: 130, unreadCount: 100 })
    expect((await inRoom(api, bob, room.id).markRead(10)).body.data.unreadCount).toBe(100)
    expect((await inRoom(api, bob, room.id).markRead(31)).body.data.unreadCount).toBe(99)
    expect(await inRoom(api, bob, room.id).listed()).toMatchObject({ unreadCount: 99 })
    const rows = await runInDurableObject(env.CHAT_ROOM.getByName(objectName), (_room, { storage }) =>
      storage.sql.exec('select count(*) as n from members').one(),
    )
    expect(rows).toEqual({ n: 2 })
  })

  it('do not come back for who has read them while the room’s own word is on its way', async () => {
    const { ann, bob, room } = await makePair(api)
    const [author, reader] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const counts: number[] = []
    for (let n = 1; n <= 6; n += 1) {
      await author.say(`@${bob.username} ${n}`)
      await reader.markRead()
      const listed = await reader.listed()
      counts.push(Number(listed?.unreadCount), Number(listed?.mentionCount))
    }
    await untilListed(bob, room.id, { lastSeq: 6, unreadCount: 0, mentionCount: 0 })
    expect(counts).toEqual(Array(12).fill(0))
  })
})

describe.concurrent('somebody who has a room open and looks elsewhere', SIDE_BY_SIDE, () => {
  const heard = (socket: TestSocket, content: string) =>
    socket.until(({ event, data }) => event === 'message:new' && data.content === content)

  it('has read what came until then, and what came since once they look again (R13.37)', async () => {
    const { ann, bob, room } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    const b = await openRoom(api, bob, room.id)
    await author.say('seen')
    await heard(b, 'seen')
    b.send('reading:stop', {})
    b.send('message:read', {}, 'then')
    await b.ack('then')
    await author.say('not seen')
    await heard(b, 'not seen')
    await untilListed(bob, room.id, { lastSeq: 2, unreadCount: 1 })
    await vi.waitFor(async () => expect(await toldOf(bob, room.id)).toMatchObject([{ count: 1 }]), { timeout: 10_000 })
    b.send('reading:start', {})
    await untilListed(bob, room.id, { unreadCount: 0 })
    await vi.waitFor(async () => expect(await toldOf(bob, room.id)).toEqual([]), { timeout: 10_000 })
    await author.say('seen again')
    await untilListed(bob, room.id, { lastSeq: 3, unreadCount: 0 })
    expect(await toldOf(bob, room.id)).toEqual([])
  })

  it('has read nothing by opening it so, nor by leaving it', async () => {
    const { ann, bob, room } = await makePair(api)
    await inRoom(api, ann, room.id).say('unseen')
    const b = await openSocket(api, bob, `/v1/chat/rooms/${room.id}/ws?since=0&reading=false`)
    await heard(b, 'unseen')
    await untilListed(bob, room.id, { lastSeq: 1, unreadCount: 1 })
    b.close()
    await inRoom(api, ann, room.id).say('unseen, too')
    await untilListed(bob, room.id, { lastSeq: 2, unreadCount: 2 })
  })

  it('is a reader as long as one of their devices shows it', async () => {
    const { ann, bob, room } = await makePair(api)
    const [away, here] = [await openRoom(api, bob, room.id), await openRoom(api, bob, room.id)]
    away.send('reading:stop', {})
    await inRoom(api, ann, room.id).say('seen here')
    await heard(here, 'seen here')
    await untilListed(bob, room.id, { lastSeq: 1, unreadCount: 0 })
    expect(await toldOf(bob, room.id)).toEqual([])
  })
})

async function toldOf(person: TestPerson, roomId: string): Promise<Notification[]> {
  const { body } = await api.as(person).get<Notification[]>('/v1/notifications')
  return body.data.filter(({ data, read }) => data?.roomId === roomId && !read)
}
