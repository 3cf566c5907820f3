import { introspectWorkflowInstance } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import type { ServiceContext } from '../../../src/context.ts'
import type { Env } from '../../../src/env.ts'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Room, RoomWithMembers } from '../../../src/features/chat/schemas.ts'
import { eraseAccount } from '../../../src/features/identity/index.ts'
import type { Step } from '../../../src/platform/db/commit.ts'
import { MailNotTaken } from '../../../src/platform/mail/mailer.ts'
import { resumeErasures } from '../../../src/scheduled.ts'
import { grant } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { fillTables, leftOf, NAMELESS, tombstone } from '../../support/erasure.ts'
import { changesOf, makeGroup, sqlOf } from '../../support/membership.ts'
import { FIXTURE_PASSWORD, makeCrowd, makePerson } from '../../support/people.ts'
import { send } from '../../support/rooms.ts'

const api = createApi()
const HOUR_MS = 3_600_000

describe('deleting one’s own account', () => {
  it('finds all that is to go by an index, however much others have', async () => {
    const ctx = createSystemContext(api.isolate, env as Env, 'test', () => undefined)
    const asked: Step[] = []
    const commit = (steps: Step[]) => Promise.resolve(void asked.push(...steps))
    await eraseAccount({ ...ctx, core: { ...ctx.core, db: ctx.core.db, commit } as ServiceContext['core'] }, 'somebody')
    const plans: string[] = []
    for (const step of asked) {
      if (!('getSQL' in step)) continue
      const { sql, params } = new SQLiteSyncDialect().sqlToQuery(step.getSQL())
      const { results } = await env.DB.prepare(`explain query plan ${sql}`)
        .bind(...params)
        .all<{ detail: string }>()
      plans.push(...results.map(({ detail }) => detail))
    }
    expect(plans.length).toBeGreaterThanOrEqual(12)
    expect(plans.filter((plan) => plan.startsWith('SCAN'))).toEqual(['SCAN outbox USING INDEX outbox_personal'])
  })

  it('ends all sessions at once, and leaves of the person nothing but messages without a name (R7.12)', async () => {
    const group = await makeGroup(api)
    const { owner: ann, room, stub, path } = group
    const [bob, cleo] = group.members
    const erasure = await introspectWorkflowInstance(env.ERASE_ACCOUNT, ann.id)
    onTestFinished(() => erasure.dispose())
    await erasure.modify((m) => m.disableSleeps())

    const pair = (await api.as(bob).post<Room>('/v1/chat/rooms/private', { userId: ann.id })).body.data
    await send(api, ann, pair.id, 'to you alone')
    await send(api, ann, room.id, 'mine')
    await send(api, bob, room.id, `hello @${ann.username}`)
    await api.as(ann).patch(`${path}/members/${bob.id}`, { role: 'moderator' })
    await fillTables(ann.id, bob.id)
    for (const { email } of [ann, bob]) await api.post('/v1/auth/forgot-password', { email })
    await api.as(ann).post('/v1/auth/change-email', { newEmail: 'next@people.test' })
    const personal = () => env.DB.prepare('select payload from outbox where is_personal = 1').all<{ payload: string }>()
    await vi.waitFor(async () =>
      expect((await env.DB.prepare('select 1 from outbox where sent_at is null').all()).results).toEqual([]),
    )
    expect((await personal()).results).toHaveLength(3)
    expect((await leftOf(ann.id)).rows.length).toBeGreaterThanOrEqual(15)

    const { status } = await api.as(ann).delete('/v1/auth/me')
    expect(status).toBe(202)
    expect((await api.as(ann).get('/v1/auth/me')).status).toBe(401)
    const again = { email: ann.email, password: FIXTURE_PASSWORD }
    expect((await api.post('/v1/auth/login', again)).body.code).toBe('INVALID_CREDENTIALS')

    await erasure.waitForStatus('complete')
    const left = await leftOf(ann.id)
    expect(left.rows).toEqual([])
    expect(left.user).toMatchObject(tombstone(ann.id))
    // What was sent is not kept with their address either; what is others' stays.
    expect((await personal()).results.map(({ payload }) => JSON.parse(payload).email)).toEqual([bob.email])

    const seen = (await api.as(cleo).get<RoomWithMembers>(path)).body.data
    expect(seen.members.map(({ id, role }) => ({ id, role }))).toEqual([
      { id: bob.id, role: 'owner' },
      { id: cleo.id, role: 'member' },
    ])
    const messages = (await api.as(cleo).get<Message[]>(`${path}/messages`)).body.data
    expect(messages.map(({ content, sender, mentions }) => ({ content, by: sender.username, mentions }))).toEqual([
      { content: 'mine', by: NAMELESS, mentions: [] },
      { content: `hello @${ann.username}`, by: bob.username, mentions: [{ id: ann.id, username: NAMELESS }] },
    ])
    // Neither the room's tables nor its log nor the reports know the name; what others wrote is theirs.
    const members = await sqlOf(stub, 'select * from members')
    expect(JSON.stringify([members, await changesOf(stub, 'room:user-left')])).not.toContain(ann.username)
    expect(await env.DB.prepare('select author_name from reports where id = ?').bind(ann.id).first()).toEqual({
      author_name: NAMELESS,
    })

    const rooms = (await api.as(bob).get<Room[]>('/v1/chat/rooms')).body.data
    const peer = rooms.find(({ id }) => id === pair.id)?.peer
    expect(peer).toMatchObject({ username: NAMELESS, firstName: 'Deleted', lastName: 'user', avatar: null })
    expect((await send(api, bob, pair.id, 'are you there?')).status).toBe(403)

    const mails = await env.DB.prepare('select subject from dev_mails where to_address = ?').bind(ann.email).all()
    expect(mails.results).toEqual([{ subject: 'Your Selvage account is being deleted' }])
    const admin = api.as(await makePerson(api.isolate, { role: 'admin' }))
    const listed = (await admin.get<{ id: string }[]>('/v1/admin/users?limit=100')).body.data.map(({ id }) => id)
    expect([listed.includes(bob.id), listed.includes(ann.id)]).toEqual([true, false])
    expect((await admin.post(`/v1/users/${ann.id}/reactivate`, { reason: 'asked for it' })).status).toBe(404)
    // Address and name are anybody's again.
    const heir = { ...again, firstName: 'Ann', lastName: 'Other', username: ann.username }
    expect((await api.post('/v1/auth/register', heir)).status).toBe(201)
  })

  it('is for who proved who they are within five minutes, and not for the only admin (R11.16)', async () => {
    const clock = { ahead: 0 }
    const later = createApi({ clock: () => Date.now() + clock.ahead })
    const admin = await makePerson(later.isolate, { role: 'admin' })
    await env.DB.prepare(
      `delete from user_roles where user_id <> ? and role_id = (select id from roles where name = 'admin')`,
    )
      .bind(admin.id)
      .run()
    const other = await makePerson(later.isolate, { role: 'admin', isActive: false })
    expect((await later.as(admin).delete('/v1/auth/me')).body).toMatchObject({ code: 'CONFLICT' })
    expect((await later.as(admin).get('/v1/auth/me')).status).toBe(200)

    await env.DB.prepare('update users set is_active = 1 where id = ?').bind(other.id).run()
    // Who is denied anything could not make an admin after them.
    const denied = await grant(other.id, 'manage:settings', 'deny')
    expect((await later.as(admin).delete('/v1/auth/me')).body).toMatchObject({ code: 'CONFLICT' })
    await env.DB.prepare('delete from user_permissions where permission_id = ?').bind(denied).run()

    clock.ahead = 6 * 60_000
    expect((await later.as(admin).delete('/v1/auth/me')).body).toMatchObject({ code: 'STEP_UP_REQUIRED' })
    clock.ahead = 0
    // Two admins who go at once: one stays.
    const both = await Promise.all([
      later.as(admin).delete('/v1/auth/me'),
      later.as({ accessToken: await later.isolate.accessTokens.sign(other.id, other.sessionId) }).delete('/v1/auth/me'),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409])
  })

  it('erases whom no farewell reaches: a mail that cannot go out is told to the log, and keeps nothing', async () => {
    const ann = await makePerson(api.isolate)
    const erasure = await introspectWorkflowInstance(env.ERASE_ACCOUNT, ann.id)
    onTestFinished(() => erasure.dispose())
    await erasure.modify(async (m) => {
      await m.disableSleeps()
      await m.disableRetryDelays()
      await m.mockStepError({ name: 'say farewell' }, new MailNotTaken('resend', '403 not_verified'))
    })
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => log.mockRestore())
    expect((await api.as(ann).delete('/v1/auth/me')).status).toBe(202)
    await erasure.waitForStatus('complete')
    expect((await leftOf(ann.id)).user).toMatchObject(tombstone(ann.id))
    expect(JSON.stringify(log.mock.calls)).toMatch(/Erasure Goes On.*say farewell/)
  })

  it('begins by itself where its Workflow never began, and begins anew where that gave up', async () => {
    const ann = await makePerson(api.isolate)
    const erasure = await introspectWorkflowInstance(env.ERASE_ACCOUNT, ann.id)
    onTestFinished(() => erasure.dispose())
    await erasure.modify(async (m) => {
      await m.disableSleeps()
      await m.disableRetryDelays()
    })
    await giveUp([ann.id])
    const outOfOrder = `create trigger out_of_order before update on users when old.id = '${ann.id}'
      begin select raise(abort, 'out of order'); end`
    await env.DB.prepare(outOfOrder).run()
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => log.mockRestore())
    await resumeErasures(api.isolate, env)
    await erasure.waitForStatus('errored')
    expect((await leftOf(ann.id)).user).toMatchObject({ email: ann.email })

    await env.DB.prepare('drop trigger out_of_order').run()
    await resumeErasures(api.isolate, env)
    await erasure.waitForStatus('complete')
    expect((await leftOf(ann.id)).user).toMatchObject(tombstone(ann.id))
  })

  it('goes on for everybody else where it cannot for one, or for a hundred who came before them', async () => {
    // At one time: only their ids tell one from the next.
    const late = (await makeCrowd(101)).toSorted()
    await giveUp(late)
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    onTestFinished(() => log.mockRestore())
    const begun: string[] = []
    const createBatch = ([{ id }]: [{ id: string }]) => {
      if (late.indexOf(id) < 100) return Promise.reject(new Error('out of order'))
      begun.push(id)
      return Promise.resolve([])
    }
    const instance = { status: () => Promise.resolve({ status: 'running' }) }
    const workflow = { createBatch, get: () => Promise.resolve(instance) } as unknown as typeof env.ERASE_ACCOUNT
    await resumeErasures(api.isolate, { ...env, ERASE_ACCOUNT: workflow })
    expect(begun).toEqual([late[100]])
  })
})

/** As if they had done so four hours ago, and nothing had come of it. */
async function giveUp(userIds: string[]): Promise<void> {
  await env.DB.prepare('update users set is_active = 0, deleted_at = ? where id in (select value from json_each(?))')
    .bind(Date.now() - 4 * HOUR_MS, JSON.stringify(userIds))
    .run()
}
