import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { inRoom } from '../../support/groups.ts'
import { makePair } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()

describe('an answer to a message', () => {
  it('names what it answers, with the beginning of its text, and counts there (R32.4)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const root = await a.say(`lunch at\nnoon? ${'x'.repeat(200)}`)
    expect(root).toMatchObject({ replyTo: null, threadId: null, replyCount: 0 })
    const socket = await openRoom(api, ann, room.id)
    const answer = await b.say('yes', { replyTo: root.id })
    const preview = `lunch at noon? ${'x'.repeat(124)}…`
    expect(answer).toMatchObject({
      replyTo: { id: root.id, seq: root.seq, senderId: ann.id, content: preview },
      threadId: root.id,
    })
    const pushed = await socket.until(({ event }) => event === 'message:new')
    expect(pushed.data).toMatchObject({ replyTo: answer.replyTo, threadId: root.id })
    expect((await a.look(root.id)).body.data).toMatchObject({ replyCount: 1, threadId: null })
  })

  it('is told to say so over the socket, too, and stands in the answer’s acknowledgement (R13.12, R32.4)', async () => {
    const { ann, room } = await makePair(api)
    const root = await inRoom(api, ann, room.id).say('question')
    const socket = await openRoom(api, ann, room.id)
    socket.send('message:send', { roomId: room.id, content: 'answer', replyTo: root.id }, 1)
    expect((await socket.ack(1)).data.message).toMatchObject({ threadId: root.id, replyTo: { content: 'question' } })
  })

  it('to an answer joins the same thread, and names the answer (R32.4)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const root = await a.say('root')
    const first = await b.say('first', { replyTo: root.id })
    const second = await a.say('second', { replyTo: first.id })
    expect(second).toMatchObject({ threadId: root.id, replyTo: { id: first.id, content: 'first' } })
    expect((await a.look(root.id)).body.data.replyCount).toBe(2)
    expect((await a.look(first.id)).body.data.replyCount).toBe(0)
    expect((await b.thread(root.id)).body.data.map(({ content }) => content)).toEqual(['first', 'second'])
  })

  it('to nothing, to a deleted message or to one of another room is refused, and not stored (R32.4)', async () => {
    const { ann, room } = await makePair(api)
    const { ann: other, room: elsewhere } = await makePair(api)
    const a = inRoom(api, ann, room.id)
    const deleted = await a.say('soon gone')
    await a.remove(deleted.id)
    const foreign = await inRoom(api, other, elsewhere.id).say('there')
    const socket = await openRoom(api, ann, room.id)
    for (const replyTo of [newId(), deleted.id, foreign.id]) {
      const { status, body } = await a.post('answer', { replyTo })
      expect([status, body.message]).toEqual([404, 'Message not found'])
      socket.send('message:send', { content: 'answer', replyTo }, replyTo)
      expect((await socket.ack(replyTo)).data).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
    }
    expect((await a.history()).body.data).toEqual([])
  })

  it('outlives what it answers, which then has no text; and a deleted answer counts no more', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const root = await a.say('root')
    const [first, second] = [await b.say('first', { replyTo: root.id }), await b.say('second', { replyTo: root.id })]
    await b.remove(second.id)
    expect((await a.look(root.id)).body.data.replyCount).toBe(1)
    await a.remove(root.id)
    const expected = { id: first.id, threadId: root.id, replyTo: { id: root.id, seq: root.seq, content: null } }
    expect((await b.history()).body.data).toMatchObject([expected])
    expect((await b.thread(root.id)).body.data).toMatchObject([expected])
    const third = await a.say('third', { replyTo: first.id })
    expect(third).toMatchObject({ threadId: root.id, replyTo: { id: first.id, content: 'first' } })
    expect((await b.thread(root.id)).body.data.map(({ content }) => content)).toEqual(['first', 'third'])
  })

  it('shows the text of what it answers as it is now', async () => {
    const { ann, room } = await makePair(api)
    const a = inRoom(api, ann, room.id)
    const root = await a.say('lunch at noon?')
    const answer = await a.say('yes', { replyTo: root.id })
    await a.edit(root.id, 'lunch at one?')
    expect((await a.look(answer.id)).body.data.replyTo?.content).toBe('lunch at one?')
  })
})

describe('a thread', () => {
  it('is read in pages, oldest first, no answer before what it answers (R32.4)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    a.send('message:send', { content: 'root' }, 0)
    const root = (await a.ack(0)).data.message as Message
    // Both answer the newest that they have seen, as fast as they can.
    for (let n = 1; n <= 12; n += 1) {
      const newest = [a.messages().at(-1)?.id ?? root.id, b.messages().at(-1)?.id ?? root.id]
      a.send('message:send', { content: `a${n}`, replyTo: newest[0] }, n)
      b.send('message:send', { content: `b${n}`, replyTo: newest[1] }, n)
      if (n % 3 === 0) await Promise.all([a.ack(n), b.ack(n)])
    }
    const read: Message[] = []
    let query = '?limit=5'
    do {
      const { body } = await inRoom(api, bob, room.id).thread(root.id, query)
      expect(body.data.length).toBeLessThanOrEqual(5)
      read.push(...body.data)
      query = body.meta.nextCursor === null ? '' : `?limit=5&cursor=${body.meta.nextCursor}`
    } while (query !== '')
    expect(read).toHaveLength(24)
    expect(new Set(read.map(({ id }) => id)).size).toBe(24)
    const known = new Set([root.id])
    for (const { id, replyTo, threadId } of read) {
      expect(threadId).toBe(root.id)
      expect(known).toContain(replyTo?.id)
      known.add(id)
    }
    expect((await inRoom(api, ann, room.id).look(root.id)).body.data.replyCount).toBe(24)
  })

  it('of an unknown message is not found, of one that nobody has answered empty', async () => {
    const { ann, room } = await makePair(api)
    const a = inRoom(api, ann, room.id)
    expect((await a.thread(newId())).status).toBe(404)
    expect((await a.thread((await a.say('alone')).id)).body.data).toEqual([])
  })
})
