import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChatRoom } from '../../durable-objects/chat-room/index.ts'
import { MeteredSql } from '../../durable-objects/shared/metered-sql.ts'
import { isReading } from '../../durable-objects/shared/sockets.ts'
import { currentCall } from '../../src/platform/call.ts'
import { newId } from '../../src/platform/ids.ts'
import { upgradeRequest } from '../../src/platform/realtime/upgrade.ts'
import { createApi } from '../support/api.ts'
import { holdQueues } from '../support/held-queues.ts'
import { costOf } from '../support/room-costs.ts'
import { actorOf, makePair, sending } from '../support/rooms.ts'
import { makeLargeRoom } from '../support/sized-rooms.ts'
import { type Line, openRoom } from '../support/sockets.ts'

const api = createApi()
const held = holdQueues()

afterEach(() => void vi.restoreAllMocks())

describe('what stands in the attachment of a socket', () => {
  it('is read once an instance, however much comes over it, and once more after a sleep', async () => {
    const { ann, room, objectName } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    const read = vi.spyOn(WebSocket.prototype, 'deserializeAttachment')
    const say = async (id: number) => {
      socket.send('message:send', { content: `message ${id}` }, id)
      expect((await socket.ack(id)).data.message.sender.id).toBe(ann.id)
    }
    for (const id of [1, 2, 3]) await say(id)
    expect(read).toHaveBeenCalledTimes(0)
    await evictDurableObject(env.CHAT_ROOM.getByName(objectName))
    for (const id of [4, 5, 6]) await say(id)
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('is what its client has said last, also after a sleep', async () => {
    const { ann, room, objectName } = await makePair(api)
    const stub = env.CHAT_ROOM.getByName(objectName)
    const socket = await openRoom(api, ann, room.id)
    const reads = () => runInDurableObject(stub, (_room, state) => state.getWebSockets().map(isReading))
    expect(await reads()).toEqual([true])
    socket.send('reading:stop', {})
    await vi.waitFor(async () => expect(await reads()).toEqual([false]))
    await evictDurableObject(stub)
    expect(await reads()).toEqual([false])
  })
})

describe('the authors of a tick', () => {
  it('are looked for at once, however much they say', async () => {
    const { ann, bob, objectName } = await makePair(api)
    const asked = vi.spyOn(MeteredSql.prototype, 'all')
    const answers = await runInDurableObject(env.CHAT_ROOM.getByName(objectName), (room) =>
      Promise.all(
        [ann, bob, ann, bob, ann].map((person) => room.act(currentCall(), actorOf(person), sending('hello'))),
      ),
    )
    expect(answers.every(({ ok }) => ok)).toBe(true)
    expect(asked.mock.calls.filter(([query]) => query.startsWith('select * from members'))).toHaveLength(1)
  })
})

/** Opens a socket inside of the room's object. Answers the frames that come over it, as they come. */
async function enter(room: ChatRoom, userId: string): Promise<Line[][]> {
  const frames: Line[][] = []
  const caller = { userId, sessionId: newId(), username: `name of ${userId}`, avatar: null, openedAt: Date.now() }
  const { webSocket } = await room.fetch(upgradeRequest({ caller, since: null }))
  webSocket?.addEventListener('message', ({ data }) => {
    frames.push(
      String(data)
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
  })
  webSocket?.accept()
  return frames
}

const comings = (frame: readonly Line[]) =>
  frame.filter(({ event }) => event === 'user:online').map(({ data }) => data.userId)

describe('people who come', () => {
  it('at once are told of in one frame, to whom they were not greeted with (R13.9)', async () => {
    const room = await makeLargeRoom(api, { members: 50, sockets: 0, subscribers: 0 })
    const { memberIds } = room
    let walks = 0
    await runInDurableObject(env.CHAT_ROOM.getByName(room.id), (_room, state) => {
      const find = state.getWebSockets.bind(state)
      vi.spyOn(state, 'getWebSockets').mockImplementation((tag) => {
        if (tag === undefined) walks += 1
        return find(tag)
      })
    })
    const seen: Line[][][] = []
    const costs = await costOf(room, held, async ({ room: object, pass }) => {
      walks = 0
      for (const userId of memberIds) seen.push(await enter(object, userId))
      await pass(100)
    })
    await vi.waitFor(() => expect(seen.at(-2)?.some((frame) => comings(frame).length > 0)).toBe(true))
    for (const [i, frames] of seen.entries()) {
      expect(frames[0]?.[0]?.data.online).toEqual(memberIds.slice(0, i + 1).toSorted())
      const others = memberIds.slice(i + 1)
      expect(frames.map(comings).filter(({ length }) => length > 0)).toEqual(others.length > 0 ? [others] : [])
    }
    // None of it for each of them: who is here is looked at, and sockets are counted, a few times a second.
    expect(walks).toBeLessThanOrEqual(15)
    expect(costs.looks).toBeLessThanOrEqual(5 * memberIds.length)
  })

  it('are told of before what they do (R13.9)', async () => {
    const room = await makeLargeRoom(api, { members: 50, sockets: 0, subscribers: 0 })
    const [annId = '', bobId = ''] = room.memberIds
    const seen: Line[][][] = []
    await costOf(room, held, async ({ room: object, pass }) => {
      seen.push(await enter(object, annId))
      await pass(100)
      await enter(object, bobId)
      await object.type(currentCall(), bobId, true)
      const said = object.act(currentCall(), actorOf({ id: bobId, username: 'bob' }), sending('hello'))
      await pass(100)
      expect(await said).toMatchObject({ ok: true })
    })
    const events = () => seen.flat(2).flatMap(({ event }) => (event === 'room:read' ? [] : [event]))
    await vi.waitFor(() => expect(events()).toContain('message:new'))
    expect(events()).toEqual(['room:ready', 'user:online', 'typing:start', 'message:new'])
  })
})
