import { describe, expect, it } from 'vitest'
import type { Reactor } from '../../../src/features/chat/message-schemas.ts'
import { createApi } from '../../support/api.ts'
import { inRoom, makeGroup } from '../../support/groups.ts'
import { makePerson } from '../../support/people.ts'
import { makePair } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()

const EMOJI = [
  '😀',
  '😁',
  '😂',
  '🤣',
  '😃',
  '😄',
  '😅',
  '😆',
  '😉',
  '😊',
  '😋',
  '😎',
  '😍',
  '😘',
  '🥰',
  '😗',
  '😙',
  '🙂',
  '🤗',
  '🤩',
]

describe('a reaction', () => {
  it('counts for everybody, and is shown as one’s own only to who has reacted', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const { id } = await a.say('vote')
    expect((await a.react(id, '👍')).body.data.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }])
    expect((await b.react(id, '🎉')).status).toBe(200)
    await b.react(id, '👍')
    expect((await a.look(id)).body.data.reactions).toEqual([
      { emoji: '👍', count: 2, mine: true },
      { emoji: '🎉', count: 1, mine: false },
    ])
    expect((await b.history()).body.data[0]?.reactions).toEqual([
      { emoji: '👍', count: 2, mine: true },
      { emoji: '🎉', count: 1, mine: true },
    ])
    await b.unreact(id, '🎉')
    expect((await b.unreact(id, '👍')).body.data.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }])
  })

  it('added or taken back twice changes nothing the second time, and is told once', async () => {
    const { ann, bob, room } = await makePair(api)
    const { id, seq } = await inRoom(api, ann, room.id).say('vote')
    const b = await openRoom(api, bob, room.id)
    for (const [event, ack] of [
      ['reaction:add', 1],
      ['reaction:add', 2],
      ['reaction:remove', 3],
      ['reaction:remove', 4],
    ] as const) {
      b.send(event, { messageId: id, emoji: '👍' }, ack)
      const { data } = await b.ack(ack)
      expect(data).toMatchObject({
        success: true,
        message: { id, reactions: ack < 3 ? [{ count: 1, mine: true }] : [] },
      })
    }
    const told = { roomId: room.id, messageId: id, emoji: '👍', userId: bob.id }
    expect(b.lines.filter(({ event }) => event === 'message:reaction')).toEqual([
      { event: 'message:reaction', seq: seq + 1, data: { ...told, added: true, count: 1 } },
      { event: 'message:reaction', seq: seq + 2, data: { ...told, added: false, count: 0 } },
    ])
  })

  it('comes in twenty kinds to a message; more of one of them are still taken', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const { id } = await a.say('everything')
    for (const emoji of EMOJI) expect((await a.react(id, emoji)).status).toBe(200)
    expect(await b.react(id, '👍')).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    expect((await b.react(id, '😀')).body.data.reactions[0]).toEqual({ emoji: '😀', count: 2, mine: true })
    await a.unreact(id, '🤩')
    expect((await b.react(id, '👍')).status).toBe(200)
  })

  it.each(['x', ':+1:', '👍👍', '<b>', ''])('is one emoji: %j is none', async (emoji) => {
    const { ann, room } = await makePair(api)
    const { id } = await inRoom(api, ann, room.id).say('vote')
    if (emoji !== '') expect((await inRoom(api, ann, room.id).react(id, emoji)).status).toBe(400)
    const socket = await openRoom(api, ann, room.id)
    socket.send('reaction:add', { messageId: id, emoji }, 1)
    expect((await socket.ack(1)).data).toMatchObject({ success: false, error: { code: 'VALIDATION_FAILED' } })
  })

  it.each(['👍🏽', '👨‍👩‍👧', '🇩🇪', '❤️', '1️⃣'])('may be an emoji of several code points: %s', async (emoji) => {
    const { ann, room } = await makePair(api)
    const { id } = await inRoom(api, ann, room.id).say('vote')
    expect((await inRoom(api, ann, room.id).react(id, emoji)).body.data.reactions).toEqual([
      { emoji, count: 1, mine: true },
    ])
  })

  it('is not for strangers', async () => {
    const { ann, room } = await makePair(api)
    const stranger = await makePerson(api.isolate)
    const { id } = await inRoom(api, ann, room.id).say('vote')
    const there = inRoom(api, stranger, room.id)
    for (const { status } of [await there.react(id, '👍'), await there.reactors(id)]) expect(status).toBe(404)
  })

  it('tells by whom it is, in pages that leave nobody out', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const { id } = await inRoom(api, owner, room.id).say('vote')
    for (const person of [owner, moderator, member]) await inRoom(api, person, room.id).react(id, '👍')
    await inRoom(api, member, room.id).react(id, '🎉')
    const found: Reactor[] = []
    let query = '?limit=3'
    do {
      const { body } = await inRoom(api, owner, room.id).reactors(id, query)
      found.push(...body.data)
      query = body.meta.nextCursor === null ? '' : `?limit=3&cursor=${body.meta.nextCursor}`
    } while (query !== '')
    const expected = [owner, moderator, member].map(({ id: userId, username }) => ({ userId, username, emoji: '👍' }))
    expect(found).toHaveLength(4)
    for (const one of [...expected, { userId: member.id, username: member.username, emoji: '🎉' }]) {
      expect(found).toContainEqual({ ...one, createdAt: expect.any(String) })
    }
  })
})

describe('a pin', () => {
  it('is for moderators in a group, and told to everybody', async () => {
    const { moderator, member, room } = await makeGroup(api)
    const { id, seq } = await inRoom(api, member, room.id).say('read me first')
    expect((await inRoom(api, member, room.id).pin(id)).body.code).toBe('FORBIDDEN')
    const b = await openRoom(api, member, room.id)
    b.send('message:pin', { messageId: id }, 1)
    expect((await b.ack(1)).data).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
    expect((await inRoom(api, moderator, room.id).pin(id)).body.data).toMatchObject({ id, isPinned: true })
    expect(await b.until(({ event }) => event === 'message:pinned')).toEqual({
      event: 'message:pinned',
      seq: seq + 1,
      data: { roomId: room.id, messageId: id, userId: moderator.id, pinned: true },
    })
    expect((await inRoom(api, member, room.id).pins()).body.data).toMatchObject([{ id, isPinned: true }])
    expect((await inRoom(api, member, room.id).unpin(id)).body.code).toBe('FORBIDDEN')
    const m = await openRoom(api, moderator, room.id)
    m.send('message:unpin', { messageId: id }, 2)
    expect((await m.ack(2)).data).toMatchObject({ success: true, message: { isPinned: false } })
    expect((await inRoom(api, member, room.id).pins()).body.data).toEqual([])
  })

  it('is for either of a private room, while neither blocks the other', async () => {
    const { ann, bob, room } = await makePair(api)
    const [a, b] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const [first, second] = [await a.say('first'), await a.say('second')]
    await b.pin(second.id)
    await a.pin(first.id)
    await a.pin(second.id)
    expect((await b.pins()).body.data.map(({ content }) => content)).toEqual(['first', 'second'])
    expect((await api.as(ann).request('PUT', `/v1/people/${bob.id}/block`)).status).toBeLessThan(300)
    expect((await b.unpin(first.id)).status).toBe(403)
    expect((await b.react(first.id, '👍')).status).toBe(403)
    expect((await a.pins()).body.data).toHaveLength(2)
  })

  it('is one of at most fifty in a room', async () => {
    const { ann, room } = await makePair(api)
    const socket = await openRoom(api, ann, room.id)
    for (let n = 1; n <= 51; n += 1) socket.send('message:send', { content: `message ${n}` }, n)
    await socket.ack(51)
    const ids = socket.messages().map(({ id }) => id)
    for (const [i, id] of ids.entries()) socket.send('message:pin', { messageId: id }, 100 + i)
    expect((await socket.ack(149)).data.success).toBe(true)
    expect((await socket.ack(150)).data).toMatchObject({ success: false, error: { code: 'CONFLICT' } })
    const there = inRoom(api, ann, room.id)
    expect((await there.pins()).body.data).toHaveLength(50)
    await there.unpin(String(ids[0]))
    expect((await there.pin(String(ids[50]))).status).toBe(200)
  })
})
