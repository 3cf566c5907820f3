import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { inRoom, makeGroup } from '../../support/groups.ts'
import { makePerson } from '../../support/people.ts'
import { makePair } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()

/** The row behind a message, whatever became of it. */
function rowOf(objectName: string, messageId: string) {
  return runInDurableObject(env.CHAT_ROOM.getByName(objectName), (_room, { storage }) =>
    storage.sql
      .exec('select content, mentions, reactions, pinned_seq, deleted_at from messages where id = ?', messageId)
      .one(),
  )
}

describe('editing a message', () => {
  it('changes the text, says so and when, and tells everybody the whole message (R13.15, R13.2)', async () => {
    const { owner, member, room } = await makeGroup(api)
    const author = inRoom(api, member, room.id)
    const sent = await author.say('tpyo')
    expect(sent).toMatchObject({ type: 'text', isEdited: false, editedAt: null, roomId: room.id })
    const [a, b] = [await openRoom(api, member, room.id), await openRoom(api, owner, room.id)]
    const { status, body } = await author.edit(sent.id, '  typo ')
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ id: sent.id, seq: sent.seq, content: 'typo', isEdited: true })
    expect(Date.parse(String(body.data.editedAt))).toBeGreaterThanOrEqual(Date.parse(sent.createdAt))
    for (const socket of [a, b]) {
      const pushed = await socket.until(({ event }) => event === 'message:edited')
      expect(pushed).toMatchObject({ seq: sent.seq + 1, data: { ...body.data, sender: sent.sender } })
    }
    expect((await inRoom(api, owner, room.id).look(sent.id)).body.data).toMatchObject({ content: 'typo' })
  })

  it('is for its author alone: not for owners, moderators or admins (R13.15)', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const sent = await inRoom(api, member, room.id).say('mine')
    const admin = await makePerson(api.isolate, { role: 'admin' })
    await api.as(owner).post(`/v1/chat/rooms/${room.id}/members`, { userIds: [admin.id] })
    for (const other of [owner, moderator, admin]) {
      const { status, body } = await inRoom(api, other, room.id).edit(sent.id, 'theirs')
      expect([status, body.code]).toEqual([403, 'FORBIDDEN'])
    }
    const socket = await openRoom(api, owner, room.id)
    socket.send('message:edit', { messageId: sent.id, content: 'theirs' }, 1)
    expect((await socket.ack(1)).data).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
    expect((await inRoom(api, member, room.id).look(sent.id)).body.data).toMatchObject({ content: 'mine' })
  })

  it('finds no unknown message, no deleted one, and none of another room (R13.16)', async () => {
    const { ann, bob, room } = await makePair(api)
    const { room: elsewhere } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    const deleted = await author.say('soon gone')
    await author.remove(deleted.id)
    const group = await api.as(ann).post<{ id: string }>('/v1/chat/rooms', {
      name: 'Elsewhere',
      type: 'group',
      memberIds: [bob.id],
    })
    const foreign = await inRoom(api, ann, group.body.data.id).say('there')
    const socket = await openRoom(api, ann, room.id)
    for (const id of [newId(), deleted.id, foreign.id]) {
      const { status, body } = await author.edit(id, 'changed')
      expect([status, body.message]).toEqual([404, 'Message not found'])
      socket.send('message:edit', { messageId: id, content: 'changed' }, id)
      expect((await socket.ack(id)).data.error).toEqual({ code: 'NOT_FOUND', message: 'Message not found' })
    }
    expect((await inRoom(api, ann, elsewhere.id).edit(foreign.id, 'changed')).body.message).toBe('Room not found')
  })

  it('is over for who has left the room (R13.16)', async () => {
    const { member, room } = await makeGroup(api)
    const author = inRoom(api, member, room.id)
    const sent = await author.say('before I go')
    expect((await author.leave()).status).toBe(200)
    expect(await author.edit(sent.id, 'after')).toMatchObject({ status: 404, body: { message: 'Room not found' } })
    const direct = await env.CHAT_ROOM.getByName(room.id).act(
      { correlationId: 'direct-call', traceparent: '' },
      { userId: member.id, username: member.username, avatar: null, mayDeleteAny: false },
      { event: 'message:edit', data: { messageId: sent.id, content: 'after' } },
    )
    expect(direct).toMatchObject({ ok: false, code: 'NOT_FOUND', message: 'Room not found' })
    expect(await rowOf(room.id, sent.id)).toMatchObject({ content: 'before I go' })
  })

  it('to the same text changes nothing and tells nobody', async () => {
    const { ann, room } = await makePair(api)
    const sent = await inRoom(api, ann, room.id).say('as it is')
    const { body } = await inRoom(api, ann, room.id).edit(sent.id, 'as it is')
    expect(body.data).toEqual({ ...sent, isEdited: false })
    expect(await inRoom(api, ann, room.id).say('next')).toMatchObject({ seq: sent.seq + 1 })
  })
})

describe('deleting a message', () => {
  it('keeps its row without its text, and tells everybody which one is gone (R13.17, R13.2)', async () => {
    const { ann, bob, room, objectName } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    const sent = await author.say(`secret for @${bob.username}`)
    await inRoom(api, bob, room.id).react(sent.id, '👍')
    await author.pin(sent.id)
    const [a, b] = [await openRoom(api, ann, room.id), await openRoom(api, bob, room.id)]
    expect((await author.remove(sent.id)).status).toBe(200)
    for (const socket of [a, b]) {
      const pushed = await socket.until(({ event }) => event === 'message:deleted')
      expect(pushed).toEqual({ event: 'message:deleted', seq: 4, data: { messageId: sent.id, roomId: room.id } })
    }
    const row = await rowOf(objectName, sent.id)
    expect(row).toMatchObject({ content: '', mentions: '[]', reactions: '{}', pinned_seq: null })
    expect(row.deleted_at).toBeGreaterThan(0)
  })

  it('takes it out of history, search, pins and whatever asks for it by its id (R13.29, R13.31)', async () => {
    const { ann, bob, room } = await makePair(api)
    const [author, other] = [inRoom(api, ann, room.id), inRoom(api, bob, room.id)]
    const [gone, kept] = [await author.say('a needle'), await author.say('another needle')]
    await other.pin(gone.id)
    expect((await other.search('needle')).body.data).toHaveLength(2)
    await author.remove(gone.id)
    expect((await other.history()).body.data.map(({ id }) => id)).toEqual([kept.id])
    expect((await other.history('?page=1')).body.meta.total).toBe(1)
    expect((await other.search('needle')).body.data.map(({ id }) => id)).toEqual([kept.id])
    expect((await other.pins()).body.data).toEqual([])
    const answers = [
      await other.look(gone.id),
      await other.react(gone.id, '👍'),
      await other.pin(gone.id),
      await other.reactors(gone.id),
      await other.post('an answer', { replyTo: gone.id }),
    ]
    expect(answers.map(({ status, body }) => [status, body.message])).toEqual(Array(5).fill([404, 'Message not found']))
  })

  it('takes its text out of what a keyed request was answered, whoever deletes it (R13.17)', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const sendAs = (person: typeof member, key: string, content: string) =>
      api
        .as(person)
        .post<Message>(
          `/v1/chat/rooms/${room.id}/messages`,
          { content },
          { headers: { 'idempotency-key': `${key}-0123456789abcdef` } },
        )
    const gone = await sendAs(member, 'gone', 'a secret')
    await sendAs(owner, 'kept', 'something else')
    await inRoom(api, moderator, room.id).remove(gone.body.data.id)
    const again = await sendAs(member, 'gone', 'a secret')
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body.data).toMatchObject({ id: gone.body.data.id, content: '' })
    expect((await sendAs(owner, 'kept', 'something else')).body.data.content).toBe('something else')
  })

  it('is for its author and for moderators of the room, not for other members (R13.17)', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const [first, second] = [
      await inRoom(api, member, room.id).say('first'),
      await inRoom(api, member, room.id).say('second'),
    ]
    const owners = await inRoom(api, owner, room.id).say('the owner’s')
    const { status, body } = await inRoom(api, member, room.id).remove(owners.id)
    expect([status, body.code]).toEqual([403, 'FORBIDDEN'])
    expect((await inRoom(api, moderator, room.id).remove(first.id)).status).toBe(200)
    const socket = await openRoom(api, moderator, room.id)
    for (const id of [second.id, owners.id]) {
      socket.send('message:delete', { messageId: id }, id)
      expect((await socket.ack(id)).data).toEqual({ success: true })
    }
    expect((await inRoom(api, owner, room.id).history()).body.data).toEqual([])
  })

  it('is for whoever may delete everywhere: by REST without belonging to the room (R13.17)', async () => {
    const { ann, bob, room } = await makePair(api)
    const sent = await inRoom(api, ann, room.id).say('against the rules')
    const [moderator, stranger] = [await makePerson(api.isolate, { role: 'moderator' }), await makePerson(api.isolate)]
    const b = await openRoom(api, bob, room.id)
    expect((await inRoom(api, stranger, room.id).remove(sent.id)).body.message).toBe('Room not found')
    expect((await inRoom(api, moderator, room.id).look(sent.id)).status).toBe(404)
    expect((await inRoom(api, moderator, room.id).remove(newId())).body.message).toBe('Message not found')
    expect((await inRoom(api, moderator, room.id).remove(sent.id)).status).toBe(200)
    expect((await b.until(({ event }) => event === 'message:deleted')).data.messageId).toBe(sent.id)
  })

  it('is for an admin who is a plain member also over the socket, and no longer once that is taken back (R13.17)', async () => {
    const { owner, room } = await makeGroup(api)
    const author = inRoom(api, owner, room.id)
    const [first, second] = [await author.say('first'), await author.say('second')]
    const admin = await makePerson(api.isolate, { role: 'admin' })
    await api.as(owner).post(`/v1/chat/rooms/${room.id}/members`, { userIds: [admin.id] })
    const socket = await openRoom(api, admin, room.id)
    socket.send('message:delete', { messageId: first.id }, 1)
    expect((await socket.ack(1)).data).toEqual({ success: true })
    await env.DB.prepare("update user_roles set role_id = (select id from roles where name = 'user') where user_id = ?")
      .bind(admin.id)
      .run()
    socket.send('message:delete', { messageId: second.id }, 2)
    expect((await socket.ack(2)).data).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
  })

  it('again is answered the same and told nobody, an unknown one is not found (R13.17)', async () => {
    const { ann, bob, room } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    const sent = await author.say('once')
    const b = await openRoom(api, bob, room.id)
    expect((await author.remove(sent.id)).status).toBe(200)
    expect((await author.remove(sent.id)).status).toBe(200)
    expect(await author.remove(newId())).toMatchObject({ status: 404, body: { message: 'Message not found' } })
    const next = await author.say('next')
    await b.until(({ seq }) => seq === next.seq)
    expect(next.seq).toBe(sent.seq + 2)
    expect(b.lines.filter(({ event }) => event === 'message:deleted')).toHaveLength(1)
  })

  it('does not let the lost acknowledgement of its sending bring back an empty message (R13.12)', async () => {
    const { ann, room } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    const sent = await author.say('once', { clientMessageId: 'client-id-1' })
    await author.remove(sent.id)
    const { status, body } = await author.post('once', { clientMessageId: 'client-id-1' })
    expect([status, body.message]).toEqual([409, 'This message was deleted'])
    expect((await author.history()).body.data).toEqual([])
  })

  it('takes it out of the list of rooms, which shows the one before it (R13.33)', async () => {
    const { ann, bob, room } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    await author.say('stays')
    const gone = await author.say('goes')
    await author.remove(gone.id)
    await vi.waitFor(
      async () =>
        expect(await inRoom(api, bob, room.id).listed()).toMatchObject({
          lastSeq: 3,
          lastMessage: { content: 'stays' },
          unreadCount: 1,
        }),
      { timeout: 10_000, interval: 50 },
    )
  })
})
