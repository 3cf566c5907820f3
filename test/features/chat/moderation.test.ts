import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Ban, Invite, RoomMember } from '../../../src/features/chat/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { type Group, makeGroup, makePeople, readRoom, say, sqlOf } from '../../support/membership.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'
import { makePair, send } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()

const put = <T>(by: TestPerson, path: string, body: unknown) => api.as(by).request<T>('PUT', path, { body })
const mute = (by: TestPerson, { path }: Group, { id }: TestPerson, minutes = 10) =>
  put<RoomMember>(by, `${path}/members/${id}/mute`, { minutes })
const ban = (by: TestPerson, { path }: Group, { id }: { id: string }, reason?: string) =>
  put(by, `${path}/bans/${id}`, reason === undefined ? {} : { reason })

/** A group with a moderator and two plain members beside its owner. */
async function makeRanks() {
  const group = await makeGroup(api)
  const [dora] = (await makePeople(api, 1)) as [TestPerson]
  const [moderator, member] = group.members
  await api.as(group.owner).post(`${group.path}/members`, { userIds: [dora.id] })
  await say(group.stub, group.owner, 'member:role', { userId: moderator.id, role: 'moderator' })
  return { ...group, moderator, member, other: dora }
}

describe('roles', () => {
  it('are given by owners, and everybody is told (R13.38)', async () => {
    const { owner, moderator, member, other, path, room } = await makeRanks()
    const b = await openRoom(api, member, room.id)
    const give = (by: TestPerson, to: TestPerson, role: string) =>
      api.as(by).patch<RoomMember>(`${path}/members/${to.id}`, { role })
    for (const by of [moderator, member]) expect((await give(by, other, 'moderator')).status).toBe(403)
    expect(await give(owner, other, 'moderator')).toMatchObject({ status: 200, body: { data: { role: 'moderator' } } })
    const line = await b.until(({ event }) => event === 'room:member-updated')
    expect(line).toMatchObject({ seq: 3, data: { roomId: room.id, member: { id: other.id, role: 'moderator' } } })
    // The same again is no change, and no second line.
    expect((await give(owner, other, 'moderator')).status).toBe(200)
    expect((await give(owner, { ...other, id: newId() }, 'moderator')).status).toBe(404)
    expect((await give(owner, other, 'king')).status).toBe(400)
    expect((await give(owner, other, 'owner')).status).toBe(200)
    // Of two owners neither is above the other.
    expect((await give(owner, other, 'member')).status).toBe(403)
    expect((await give(owner, owner, 'member')).status).toBe(200)
    expect((await readRoom(api, owner, { path })).own.role).toBe('member')
    expect(b.lines.filter(({ event }) => event === 'room:member-updated')).toHaveLength(3)
  })

  it('let nobody act on their equals or betters, in any way', async () => {
    const ranks = await makeRanks()
    const { owner, moderator, member, other, path } = ranks
    const acts = [
      (by: TestPerson, to: TestPerson) => api.as(by).delete(`${path}/members/${to.id}`),
      (by: TestPerson, to: TestPerson) => mute(by, ranks, to),
      (by: TestPerson, to: TestPerson) => api.as(by).delete(`${path}/members/${to.id}/mute`),
      (by: TestPerson, to: TestPerson) => ban(by, ranks, to),
    ]
    for (const act of acts) {
      for (const to of [owner, moderator, other]) expect((await act(member, to)).status).toBe(403)
      expect((await act(moderator, owner)).status).toBe(403)
    }
    const strange = await makePerson(api.isolate)
    for (const act of acts) expect((await act(strange, member)).status).toBe(404)
    // Nobody mutes or bans themselves.
    for (const act of acts.slice(1)) expect((await act(owner, owner)).status).toBe(403)
    // Who may not moderate does not learn who belongs to the room either.
    for (const act of acts) expect((await act(member, { ...other, id: newId() })).status).toBe(403)
    for (const act of acts) expect((await act(owner, { ...other, id: newId() })).status).toBe(404)
    expect((await readRoom(api, owner, { path })).memberCount).toBe(4)
  })
})

describe('over the room’s socket', () => {
  it('what is done to members is acknowledged, and what is refused is refused in the same words', async () => {
    const { owner, moderator, member, other, room, path } = await makeRanks()
    const [a, m] = [await openRoom(api, owner, room.id), await openRoom(api, member, room.id)]
    const userId = other.id
    const steps: [string, object][] = [
      ['member:mute', { userId, minutes: 5 }],
      ['member:unmute', { userId }],
      ['member:role', { userId, role: 'moderator' }],
      ['member:role', { userId, role: 'member' }],
      ['member:remove', { userId }],
      ['member:ban', { userId, reason: 'spam' }],
      ['member:unban', { userId }],
      ['room:notify', { notify: 'mentions' }],
    ]
    for (const [id, [event, data]] of steps.entries()) {
      a.send(event, data, id)
      expect((await a.ack(id)).data).toEqual({ success: true })
    }
    m.send('member:remove', { userId: moderator.id }, 1)
    expect((await m.ack(1)).data).toEqual({
      success: false,
      error: { code: 'FORBIDDEN', message: 'Your role in this room does not allow that' },
    })
    for (const data of [{}, { userId: 'nobody' }, { userId, minutes: 5, extra: 1 }, null]) {
      a.send('member:mute', data, 99)
      expect((await a.ack(99)).data).toMatchObject({ success: false, error: { code: 'VALIDATION_FAILED' } })
    }
    // What needs the databases is no event of a socket.
    for (const event of ['member:add', 'room:update', 'invite:create', 'invite:revoke']) {
      a.send(event, {}, event)
      expect((await a.ack(event)).data).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } })
    }
    expect((await readRoom(api, owner, { path })).memberCount).toBe(3)
  })
})

describe('a banned person', () => {
  it('stays out by every way there is, until the ban is lifted', async () => {
    const group = await makeRanks()
    const { owner, moderator, member, path } = group
    await api.as(owner).patch(path, { joinPolicy: 'open' })
    const { code } = (await api.as(owner).post<{ code: string }>(`${path}/invites`, {})).body.data
    expect((await ban(moderator, group, member, 'spam')).status).toBe(200)
    expect(await api.as(member).post(`${path}/join`, {})).toMatchObject({ status: 403 })
    expect((await api.as(member).post(`${path}/join`, { invite: code })).status).toBe(403)
    expect((await api.as(owner).post(`${path}/members`, { userIds: [member.id] })).status).toBe(403)
    expect((await api.as(owner).post(`${path}/invites`, { userId: member.id })).status).toBe(403)
    // Neither used up the invitation.
    const [invite] = (await api.as(owner).get<Invite[]>(`${path}/invites`)).body.data
    expect(invite).toMatchObject({ uses: 0 })
    expect((await api.as(moderator).delete(`${path}/bans/${member.id}`)).status).toBe(200)
    expect((await api.as(moderator).delete(`${path}/bans/${member.id}`)).status).toBe(404)
    expect((await api.as(member).post(`${path}/join`, {})).status).toBe(200)
  })

  it('is listed with who did it and why, for moderators, page by page; a second ban changes nothing', async () => {
    const group = await makeRanks()
    const { owner, moderator, member, other, path } = group
    expect((await ban(moderator, group, member, 'spam')).status).toBe(200)
    await say(group.stub, other, 'room:leave', {})
    expect((await ban(owner, group, other)).status).toBe(200)
    expect((await ban(owner, group, member, 'something else')).status).toBe(200)
    const page = (cursor = '') => api.as(moderator).get<Ban[]>(`${path}/bans?limit=1${cursor}`)
    const first = await page()
    expect(first.body.data).toMatchObject([
      { userId: member.id, username: member.username, bannedBy: moderator.id, reason: 'spam' },
    ])
    const second = await page(`&cursor=${first.body.meta.nextCursor}`)
    expect(second.body).toMatchObject({ data: [{ userId: other.id, reason: null }], meta: { nextCursor: null } })
    const plain = await makePerson(api.isolate)
    await api.as(owner).post(`${path}/members`, { userIds: [plain.id] })
    expect((await api.as(plain).get(`${path}/bans`)).status).toBe(403)
  })
})

describe('a muted member', () => {
  it('reads, and neither writes, edits, reacts, pins nor is shown writing (R13.13, R13.18)', async () => {
    const group = await makeRanks()
    const { owner, moderator, member, path, room } = group
    const own = (await send(api, moderator, room.id, 'before')).body.data
    const [o, m] = [await openRoom(api, owner, room.id), await openRoom(api, moderator, room.id)]
    const { body } = await mute(owner, group, moderator)
    expect(Date.parse(body.data.mutedUntil ?? '') - Date.now()).toBeGreaterThan(9 * 60_000)
    expect((await readRoom(api, moderator, group)).own.mutedUntil).toBe(body.data.mutedUntil)
    const as = api.as(moderator)
    const message = `${path}/messages/${own.id}`
    const answers = [
      await send(api, moderator, room.id, 'after'),
      await as.patch(message, { content: 'after' }),
      await as.request('PUT', `${message}/reactions/${encodeURIComponent('👍')}`),
      await as.request('PUT', `${message}/pin`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    m.send('message:send', { content: 'after' }, 1)
    expect((await m.ack(1)).data).toMatchObject({ success: false, error: { code: 'FORBIDDEN' } })
    m.send('typing:start', { roomId: room.id })
    expect((await as.post(`${path}/typing`, { isTyping: true })).status).toBe(403)
    await send(api, member, room.id, 'meanwhile')
    await o.until(({ data }) => data.content === 'meanwhile')
    expect(o.lines.filter(({ event }) => event === 'typing:start')).toEqual([])
    const { body: read } = await as.get<Message[]>(`${path}/messages`)
    expect(read.data.map(({ content }) => content)).toEqual(['before', 'meanwhile'])
    // To take back one's own words is not to write.
    expect((await as.delete(message)).status).toBe(200)
  })

  it('may write again when the time is over, or when somebody says so, and not by leaving and coming back', async () => {
    const group = await makeRanks()
    const { owner, member, other, path, room, stub } = group
    await api.as(owner).patch(path, { joinPolicy: 'open' })
    await mute(owner, group, member)
    await api.as(member).post(`${path}/leave`)
    await api.as(member).post(`${path}/join`, {})
    expect((await send(api, member, room.id, 'am I back?')).status).toBe(403)
    await sqlOf(stub, 'update members set muted_until = ? where user_id = ?', Date.now() - 1, member.id)
    expect((await send(api, member, room.id, 'now I am')).status).toBe(201)
    expect((await readRoom(api, member, group)).own.mutedUntil).toBeNull()
    await mute(owner, group, other)
    expect((await api.as(owner).delete(`${path}/members/${other.id}/mute`)).status).toBe(200)
    expect((await send(api, other, room.id, 'me too')).status).toBe(201)
    expect((await mute(owner, group, other, 0)).status).toBe(400)
    expect((await mute(owner, group, other, 60 * 24 * 30 + 1)).status).toBe(400)
  })
})

describe('a private room', () => {
  it('has no roles, mutes or bans: people block one another there', async () => {
    const { ann, bob, room } = await makePair(api)
    const path = `/v1/chat/rooms/${room.id}`
    const answers = [
      await put(ann, `${path}/bans/${bob.id}`, {}),
      await put(ann, `${path}/members/${bob.id}/mute`, { minutes: 5 }),
      await api.as(ann).get(`${path}/bans`),
      await api.as(ann).patch(path, { name: 'Ours' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  })

  it('shows nobody who has blocked them that they write (R13.18)', async () => {
    const { ann, bob, room } = await makePair(api)
    const a = await openRoom(api, ann, room.id)
    await api.as(ann).request('PUT', `/v1/people/${bob.id}/block`)
    await api.as(bob).post(`/v1/chat/rooms/${room.id}/typing`, { isTyping: true })
    a.send('message:read', {}, 1)
    await a.ack(1)
    expect(a.lines.filter(({ event }) => event === 'typing:start')).toEqual([])
  })
})
