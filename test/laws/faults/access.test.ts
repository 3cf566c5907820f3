import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { permissionId } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { crashEverywhere } from '../../support/faults.ts'
import { holdQueues } from '../../support/held-queues.ts'
import { makePerson } from '../../support/people.ts'

const queues = holdQueues()
const all = async <T>(sql: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results
const actsOn = async (id: string) =>
  (await all<{ action: string }>('select action from audit where target_id = ? order by rowid', id)).map(
    ({ action }) => action,
  )

async function people() {
  const { isolate } = createApi()
  return { admin: await makePerson(isolate, { role: 'admin' }), person: await makePerson(isolate) }
}

describe('cut off at any call', () => {
  it('a change of role and a grant are made and noted once, however often they are asked for (R11.18, R12.16)', async () => {
    const id = await permissionId('view:logs')
    const calls = await crashEverywhere({
      queues,
      arrange: people,
      act: async ({ api }, { admin, person }) => {
        await api.as(admin).patch(`/v1/users/${person.id}/role`, { role: 'moderator' })
        return api.as(admin).post('/v1/admin/permissions/grant', { userId: person.id, permissionId: id })
      },
      repeat: async ({ api }, { admin, person }) => {
        await api.as(admin).patch(`/v1/users/${person.id}/role`, { role: 'moderator' })
        return api.as(admin).post('/v1/admin/permissions/grant', { userId: person.id, permissionId: id })
      },
      check: async ({ person }, { again }) => {
        expect(again.status).toBe(200)
        expect((await actsOn(person.id)).toSorted()).toEqual(['PERMISSION_GRANTED', 'ROLE_CHANGE'])
        expect(await all('select effect from user_permissions where user_id = ?', person.id)).toEqual([
          { effect: 'allow' },
        ])
        const { body } = await createApi().as(person).get<{ role: string; permissions: string[] }>('/v1/auth/me')
        expect([body.data.role, body.data.permissions.includes('view:logs')]).toEqual(['moderator', true])
      },
    })
    expect(calls.join()).toContain('user_roles')
  }, 60_000)

  it('a deactivation has ended every session, or is asked for again and then has, and tells of it once', async () => {
    const calls = await crashEverywhere({
      queues,
      arrange: people,
      act: ({ api }, { admin, person }) => api.as(admin).post(`/v1/users/${person.id}/deactivate`, {}),
      repeat: ({ api }, { admin, person }) => api.as(admin).post(`/v1/users/${person.id}/deactivate`, {}),
      check: async ({ person }, { again }) => {
        expect(again.status).toBe(200)
        expect(await actsOn(person.id)).toEqual(['USER_DEACTIVATED'])
        expect(await all('select 1 from sessions where user_id = ? and revoked_at is null', person.id)).toEqual([])
        const told = await all('select type, sent_at from outbox where aggregate_id = ? order by type', person.id)
        const sent = { sent_at: expect.any(Number) }
        expect(told).toEqual([
          { type: 'account.noticed', ...sent },
          { type: 'sessions.revoked', ...sent },
        ])
        expect((await createApi().as(person).get('/v1/auth/me')).status).toBe(401)
      },
    })
    expect(calls.join()).toContain('update users')
  })
})
