import { describe, expect, it } from 'vitest'
import type { Invite, NewInvite } from '../../../src/features/chat/schemas.ts'
import type { Notification } from '../../../src/features/notifications/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import { createApi } from '../../support/api.ts'
import { changesOf, type Group, listOf, makeGroup, makePeople, say, sqlOf } from '../../support/membership.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()

const invite = async (by: TestPerson, { path }: Pick<Group, 'path'>, body: object = {}) => {
  const answer = await api.as(by).post<NewInvite>(`${path}/invites`, body)
  expect(answer.status).toBe(201)
  return answer.body.data
}
const join = (by: TestPerson, { path }: Pick<Group, 'path'>, code?: string) =>
  api.as(by).post(`${path}/join`, code === undefined ? {} : { invite: code })
const listed = async (by: TestPerson, { path }: Pick<Group, 'path'>) =>
  (await api.as(by).get<Invite[]>(`${path}/invites`)).body.data

describe('an invitation', () => {
  it('lets in whoever has its code, is shown once, and is kept as a hash (R13.21)', async () => {
    const group = await makeGroup(api)
    const [member] = group.members
    const made = await invite(member, group)
    expect(made).toMatchObject({ createdBy: member.id, maxUses: 1_000, uses: 0, userId: null })
    expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000)
    const { code, ...shown } = made
    expect(await listed(member, group)).toEqual([shown])
    expect(JSON.stringify(await sqlOf(group.stub, 'select * from invites'))).not.toContain(code)
    const dora = await makePerson(api.isolate)
    expect((await join(dora, group)).status).toBe(404)
    expect((await join(dora, group, code)).status).toBe(200)
    expect((await listOf(api, dora)).map(({ id }) => id)).toEqual([group.room.id])
    expect(await listed(member, group)).toMatchObject([{ uses: 1 }])
    // A member uses up nothing, however often they ask.
    expect((await join(dora, group, code)).status).toBe(200)
    expect(await listed(member, group)).toMatchObject([{ uses: 1 }])
  })

  it('shows the room to whoever may come in before they do, and uses nothing up', async () => {
    const group = await makeGroup(api)
    const { owner, members, path, room } = group
    const [member] = members
    await api.as(owner).patch(path, { topic: 'Rooms with doors' })
    const preview = (by: TestPerson, code?: string) =>
      api.as(by).post(`${path}/preview`, code === undefined ? {} : { invite: code })
    const { code } = await invite(member, group, { maxUses: 1 })
    const dora = await makePerson(api.isolate)
    const seen = { id: room.id, name: room.name, topic: 'Rooms with doors', memberCount: 3, joinPolicy: 'invite' }
    expect((await preview(dora)).status).toBe(404)
    expect((await preview(dora, 'a-code-that-nobody-made')).status).toBe(403)
    expect((await preview(dora, code)).body.data).toEqual({ ...seen, isMember: false })
    expect((await preview(dora, code)).body.data).toEqual({ ...seen, isMember: false })
    expect((await join(dora, group, code)).status).toBe(200)
    expect((await preview(dora)).body.data).toEqual({ ...seen, memberCount: 4, isMember: true })
    expect((await preview(await makePerson(api.isolate), code)).status).toBe(403)
    await say(group.stub, owner, 'member:ban', { userId: dora.id })
    await api.as(owner).patch(path, { joinPolicy: 'open' })
    expect((await preview(dora)).status).toBe(403)
    expect((await preview(await makePerson(api.isolate))).body.data).toMatchObject({
      joinPolicy: 'open',
      isMember: false,
    })
  })

  it('is seen and revoked by who has made it, and by moderators', async () => {
    const group = await makeGroup(api)
    const { owner, members, path } = group
    const [bob, cara] = members
    const made = await invite(bob, group)
    expect([(await listed(owner, group)).length, (await listed(cara, group)).length]).toEqual([1, 0])
    const revoke = (by: TestPerson, id = made.id) => api.as(by).delete(`${path}/invites/${id}`)
    const stranger = await makePerson(api.isolate)
    for (const by of [cara, stranger]) expect((await revoke(by)).status).toBe(404)
    expect((await api.as(stranger).get(`${path}/invites`)).status).toBe(404)
    expect((await revoke(bob)).status).toBe(200)
    expect((await revoke(bob)).status).toBe(404)
    expect(await join(stranger, group, made.code)).toMatchObject({ status: 403 })
    expect((await revoke(owner, (await invite(bob, group)).id)).status).toBe(200)
  })

  it('is made by members, or by moderators only where the room says so, and fifty of them wait at most', async () => {
    const group = await makeGroup(api)
    const { owner, members, path, stub } = group
    await api.as(owner).patch(path, { whoInvites: 'moderators' })
    expect((await api.as(members[0]).post(`${path}/invites`, {})).status).toBe(403)
    expect((await api.as(await makePerson(api.isolate)).post(`${path}/invites`, {})).status).toBe(404)
    const soon = Date.now() + 60_000
    for (let i = 0; i < 50; i += 1) {
      const data = { id: newId(), codeHash: `hash-${i}`, expiresAt: soon, maxUses: 1, userId: null }
      await say(stub, owner, 'invite:create', data)
    }
    expect((await api.as(owner).post(`${path}/invites`, {})).status).toBe(409)
    await sqlOf(stub, "update invites set uses = 1 where code_hash = 'hash-7'")
    expect((await api.as(owner).post(`${path}/invites`, {})).status).toBe(201)
    for (const body of [{ maxUses: 0 }, { maxUses: 1_001 }, { expiresInHours: 0 }, { expiresInHours: 721 }]) {
      expect((await api.as(owner).post(`${path}/invites`, body)).status).toBe(400)
    }
  })

  it('ends with its time, and with its uses', async () => {
    const group = await makeGroup(api)
    const [dora, emil] = (await makePeople(api, 2)) as [TestPerson, TestPerson]
    const once = await invite(group.owner, group, { maxUses: 1 })
    expect((await join(dora, group, once.code)).status).toBe(200)
    expect((await join(emil, group, once.code)).status).toBe(403)
    const old = await invite(group.owner, group, { expiresInHours: 1 })
    await sqlOf(group.stub, 'update invites set expires_at = ? where id = ?', Date.now() - 1, old.id)
    expect((await join(emil, group, old.code)).status).toBe(403)
    expect(await listed(group.owner, group)).toEqual([])
    expect((await join(emil, group, 'A'.repeat(43))).status).toBe(403)
    expect((await join(emil, group, 'no code')).status).toBe(400)
  })

  it('with one use left lets in one of ten who come at once, who is told of once', async () => {
    const group = await makeGroup(api)
    const crowd = await makePeople(api, 10)
    const { code } = await invite(group.owner, group, { maxUses: 1 })
    const answers = await Promise.all(crowd.map((person) => join(person, group, code)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(9).fill(403)])
    expect(await changesOf(group.stub, 'room:user-joined')).toHaveLength(1)
    const inside = await Promise.all(crowd.map(async (person) => (await listOf(api, person)).length))
    expect(inside.toSorted()).toEqual([...Array(9).fill(0), 1])
  })

  it('is not used up by one person who joins ten times at once', async () => {
    const group = await makeGroup(api)
    const dora = await makePerson(api.isolate)
    const { code } = await invite(group.owner, group, { maxUses: 2 })
    await Promise.all(Array.from({ length: 10 }, () => join(dora, group, code)))
    expect(await listed(group.owner, group)).toMatchObject([{ uses: 1 }])
  })
})

describe('a personal invitation', () => {
  it('is told to its person, who joins without the code, and is of no use to others (R13.21)', async () => {
    const group = await makeGroup(api)
    const [dora, emil] = (await makePeople(api, 2)) as [TestPerson, TestPerson]
    const made = await invite(group.members[0], group, { userId: dora.id, maxUses: 100 })
    expect(made).toMatchObject({ userId: dora.id, maxUses: 1 })
    const told = async () => (await api.as(dora).get<Notification[]>('/v1/notifications')).body.data
    await expect.poll(async () => (await told()).length, { timeout: 10_000 }).toBe(1)
    expect(await told()).toMatchObject([
      {
        title: `${group.members[0].username} invites you to ${group.room.name}`,
        data: { roomId: group.room.id },
        actionUrl: `/app/join?room=${group.room.id}`,
      },
    ])
    expect((await join(emil, group, made.code)).status).toBe(403)
    expect((await join(emil, group)).status).toBe(404)
    expect((await join(dora, group)).status).toBe(200)
    expect(await listed(group.owner, group)).toEqual([])
  })

  it('is over once its person is in, whoever let them in: it brings nobody back who was removed', async () => {
    const group = await makeGroup(api)
    const { owner, path } = group
    const dora = await makePerson(api.isolate)
    const { code } = await invite(owner, group, { userId: dora.id })
    await api.as(owner).post(`${path}/members`, { userIds: [dora.id] })
    expect(await listed(owner, group)).toEqual([])
    await api.as(owner).delete(`${path}/members/${dora.id}`)
    expect((await join(dora, group)).status).toBe(404)
    expect((await join(dora, group, code)).status).toBe(403)
  })

  it('needs somebody who exists, is no member, and has not blocked who invites', async () => {
    const group = await makeGroup(api)
    const { owner, members, path } = group
    const dora = await makePerson(api.isolate)
    await api.as(dora).request('PUT', `/v1/people/${owner.id}/block`)
    const ask = (by: TestPerson, userId: string) => api.as(by).post(`${path}/invites`, { userId })
    expect(await ask(owner, dora.id)).toMatchObject({ status: 404, body: { message: 'User not found' } })
    expect(await ask(owner, newId())).toMatchObject({ status: 404, body: { message: 'User not found' } })
    expect((await ask(owner, members[0].id)).status).toBe(409)
    expect((await ask(members[0], dora.id)).status).toBe(201)
  })
})
