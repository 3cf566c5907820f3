import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import type { RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import { createIsolate } from '../../../src/isolate.ts'
import { createApi } from '../../support/api.ts'
import { eraseBySteps, fillTables, leftOf, NAMELESS, tombstone } from '../../support/erasure.ts'
import { crashEverywhere, type Process } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { changesOf, makeGroup, sqlOf } from '../../support/membership.ts'
import { send } from '../../support/rooms.ts'

const queues = holdQueues()
const api = createApi()

const arrange = async () => {
  const group = await makeGroup(api)
  await send(api, group.owner, group.room.id, 'mine')
  await fillTables(group.owner.id, group.members[0].id)
  await env.DB.prepare('update users set is_active = 0, deleted_at = 1 where id = ?').bind(group.owner.id).run()
  // The second pass does the same again: it is taken for done.
  const again = ['account', 'sockets', 'blocks', 'reports', 'notifications', 'catalogue'].map(
    (store) => `${store}, again`,
  )
  const answers = [...again, 'rooms, again, page 1'].map((name): [string, null] => [name, null])
  return { ...group, answers: new Map<string, string | null>(answers) }
}
type World = Awaited<ReturnType<typeof arrange>>

/** Goes on after the last step whose answer was remembered, as the platform does when a process has died. */
const goOn = (process: Process, { owner, answers }: World) =>
  eraseBySteps(owner.id, answers, () =>
    createSystemContext(createIsolate(process.env), process.env, 'test', (work) => void work.catch(() => undefined)),
  )

it('an erasure that is cut off anywhere, in a step or between two, goes on and leaves nothing (S1)', async () => {
  const calls = await crashEverywhere({
    queues,
    arrange,
    act: goOn,
    repeat: goOn,
    // Whatever strikes ends this try; what was done by then stands, and was not remembered.
    faults: [{ mode: 'crash', side: 'after' }],
    check: async ({ owner, members: [bob, cleo], stub, path }) => {
      const left = await leftOf(owner.id)
      expect(left.rows).toEqual([])
      expect(left.user).toMatchObject(tombstone(owner.id))
      // They have left once, and one person has inherited.
      expect((await changesOf(stub, 'room:user-left')).map(({ data }) => data.username)).toEqual([NAMELESS])
      const roles = await sqlOf<{ role: string }>(
        stub,
        'select user_id, role from members where left_at is null order by role',
      )
      expect(roles.map(({ role }) => role)).toEqual(['member', 'owner'])
      const room = await createApi().as(bob).get<RoomWithMembers>(path)
      expect(room.body.data.members.map(({ id }) => id).toSorted()).toEqual([bob.id, cleo.id].toSorted())
      const audited = `select count(*) as n from audit where action = 'ACCOUNT_ERASED' and target_id = ?`
      expect(await env.DB.prepare(audited).bind(owner.id).first('n')).toBe(1)
    },
  })
  expect(calls.join()).toMatch(/CHAT_ROOM\.act.*USER_SOCKET\.erase|USER_SOCKET\.erase.*CHAT_ROOM\.act/)
}, 120_000)
