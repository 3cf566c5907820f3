import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { Room, RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import { newId } from '../../../src/platform/ids.ts'
import type { Answer } from '../../support/api.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere, type Outcome } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { changesOf, type Group, makeGroup, say, sqlOf } from '../../support/membership.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const queues = holdQueues()
const api = createApi()
const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })

interface World extends Group {
  dora: TestPerson
  key: string
}

const arrange = async (): Promise<World> => {
  const [group, dora] = await Promise.all([makeGroup(api, { joinPolicy: 'open' }), makePerson(api.isolate)])
  return { ...group, dora, key: newId() }
}

/** D1 says of the room what its object says: who is in, how many, as what, under which name. */
async function expectAgreement({ room, stub }: World): Promise<{ userId: string; role: string }[]> {
  return vi.waitFor(
    async () => {
      // What a request did not tell D1 the object's alarm does, in its own time.
      await runDurableObjectAlarm(stub)
      await queues.deliver({ twice: true })
      const members = 'user_id as userId, role from %s where left_at is null'
      const truth = await sqlOf<{ userId: string; role: string }>(
        stub,
        `select ${members.replace('%s', 'members')} order by user_id`,
      )
      const { results } = await env.DB.prepare(
        `select ${members.replace('%s', 'room_members')} and room_id = ? order by user_id`,
      )
        .bind(room.id)
        .all()
      expect(results).toEqual(truth)
      const [own] = await sqlOf(stub, 'select name, join_policy, member_count from room')
      const row = 'select name, join_policy, member_count from rooms where id = ?'
      expect(await env.DB.prepare(row).bind(room.id).first()).toEqual(own)
      expect(own).toMatchObject({ member_count: truth.length })
      return truth
    },
    { timeout: 5_000, interval: 20 },
  )
}

const idsOf = (members: { userId: string }[]) => members.map(({ userId }) => userId)
const isReplay = ({ headers }: Answer) => headers.get('idempotency-replayed') === 'true'

async function expectOnce(world: World, event: string, { answer, again }: Outcome<Answer, Answer>): Promise<void> {
  expect(again.status).toBe(200)
  if (answer?.status === 200) expect([answer.body.data, isReplay(again)]).toEqual([again.body.data, true])
  expect(await changesOf(world.stub, event)).toHaveLength(1)
  expect(queues.countEvents('room.members_changed', world.room.id)).toBe(1)
}

describe('cut off at any call', () => {
  it('who joins with a key is in once, here and there, and the repeat says so (S1, R13.20, R35.2)', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange,
      act: (process, { dora, path, key }) => process.api.as(dora).post(`${path}/join`, {}, keyed(key)),
      repeat: (process, { dora, path, key }) => process.api.as(dora).post(`${path}/join`, {}, keyed(key)),
      check: async (world, outcome) => {
        expect(idsOf(await expectAgreement(world))).toContain(world.dora.id)
        await expectOnce(world, 'room:user-joined', outcome)
        const list = await createApi().as(world.dora).get<Room[]>('/v1/chat/rooms')
        expect(list.body.data.map(({ id }) => id)).toEqual([world.room.id])
      },
    })
    expect(calls.join()).toMatch(/CHAT_ROOM\.act.*room_members/)
  })

  it('who joins without a key is in or not, and all agree on which (S1, R13.20)', async () => {
    await crashEverywhere({
      queues,
      arrange,
      act: (process, { dora, path }) => process.api.as(dora).post(`${path}/join`, {}),
      check: async (world, { answer }) => {
        const isIn = idsOf(await expectAgreement(world)).includes(world.dora.id)
        if (answer?.status === 200) expect(isIn).toBe(true)
        const seen = await createApi().as(world.dora).get<RoomWithMembers>(world.path)
        expect(seen.status).toBe(isIn ? 200 : 404)
      },
    })
  })

  it('who leaves with a key is out once, and the repeat is answered though they are gone (S1, R13.22, R35.2)', async () => {
    await crashEverywhere({
      queues,
      arrange,
      act: (process, { members, path, key }) => process.api.as(members[0]).post(`${path}/leave`, undefined, keyed(key)),
      repeat: (process, { members, path, key }) =>
        process.api.as(members[0]).post(`${path}/leave`, undefined, keyed(key)),
      check: async (world, outcome) => {
        expect(idsOf(await expectAgreement(world))).not.toContain(world.members[0].id)
        await expectOnce(world, 'room:user-left', outcome)
      },
    })
  })

  it('who is added with a key is in once, however often it is asked (S1, R13.34, R35.2)', async () => {
    const add = ({ api: by }: { api: typeof api }, { owner, path, dora, key }: World) =>
      by.as(owner).post(`${path}/members`, { userIds: [dora.id] }, keyed(key))
    await crashEverywhere({
      queues,
      arrange,
      act: add,
      repeat: add,
      check: async (world, outcome) => {
        expect(idsOf(await expectAgreement(world))).toContain(world.dora.id)
        await expectOnce(world, 'room:user-joined', outcome)
      },
    })
  })

  it.each(['members', 'bans'])('who is taken out by %s is out for all, or for nobody (S1, R13.24)', async (how) => {
    await crashEverywhere({
      queues,
      arrange,
      act: (process, { owner, path, members: [{ id }] }) =>
        how === 'bans'
          ? process.api.as(owner).request('PUT', `${path}/bans/${id}`, { body: {} })
          : process.api.as(owner).delete(`${path}/members/${id}`),
      check: async (world, { answer }) => {
        const [bob] = world.members
        const isOut = !idsOf(await expectAgreement(world)).includes(bob.id)
        if (answer?.status === 200) expect(isOut).toBe(true)
        expect((await createApi().as(bob).get(world.path)).status).toBe(isOut ? 404 : 200)
        expect(await changesOf(world.stub, 'room:user-left')).toHaveLength(isOut ? 1 : 0)
        // A ban and its removal are one: nobody is banned and a member.
        const banned = await sqlOf(world.stub, 'select 1 from members where banned_at is not null')
        expect(banned).toHaveLength(how === 'bans' && isOut ? 1 : 0)
      },
    })
  })

  it('a role is given here and there, and asking again gives it (S1)', async () => {
    const give = ({ api: by }: { api: typeof api }, { owner, path, members: [{ id }] }: World) =>
      by.as(owner).patch(`${path}/members/${id}`, { role: 'moderator' })
    await crashEverywhere({
      queues,
      arrange,
      act: give,
      repeat: give,
      check: async (world, { again }) => {
        expect(again).toMatchObject({ status: 200, body: { data: { role: 'moderator' } } })
        expect(await expectAgreement(world)).toContainEqual({ userId: world.members[0].id, role: 'moderator' })
        expect(await changesOf(world.stub, 'room:member-updated')).toHaveLength(1)
      },
    })
  })

  it('settings are the same here and there, and asking again is answered with them (S1, R13.33)', async () => {
    const rename = ({ api: by }: { api: typeof api }, { owner, path, key }: World) =>
      by.as(owner).patch<Room>(path, { name: `Named ${key}`, joinPolicy: 'invite' })
    await crashEverywhere({
      queues,
      arrange,
      act: rename,
      repeat: rename,
      check: async (world, { again }) => {
        expect(again).toMatchObject({
          status: 200,
          body: { data: { name: `Named ${world.key}`, joinPolicy: 'invite' } },
        })
        await expectAgreement(world)
        expect(await changesOf(world.stub, 'room:updated')).toHaveLength(1)
      },
    })
  })
})

describe('a command that fails in the room’s object', () => {
  it('is as if nobody had said it, also in the object’s memory, and so is its whole tick', async () => {
    const { owner, members, path, stub } = await arrange()
    await sqlOf(stub, 'alter table outbox rename to gone')
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    expect((await api.as(owner).delete(`${path}/members/${members[0].id}`)).status).toBe(500)
    expect((await api.as(owner).patch(path, { name: 'Lost' })).status).toBe(500)
    log.mockRestore()
    await sqlOf(stub, 'alter table gone rename to outbox')
    const room = await api.as(members[0]).get<RoomWithMembers>(path)
    expect(room.body.data).toMatchObject({ memberCount: 3, lastSeq: 0 })
    await say(stub, owner, 'member:remove', { userId: members[0].id })
    expect((await changesOf(stub, 'room:user-left')).map(({ seq }) => seq)).toEqual([1])
  })
})
