import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { Tier } from '../../../src/context.ts'
import { MINUTE_MS } from '../../../src/platform/clock.ts'
import { grant } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { makeApiKey } from '../../support/api-key-examples.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()

async function changesOf(userId: string): Promise<unknown[]> {
  const { results } = await env.DB.prepare(
    "select details from audit where action = 'TIER_CHANGED' and target_id = ? order by rowid",
  )
    .bind(userId)
    .all<{ details: string }>()
  return results.map(({ details }) => JSON.parse(details))
}

async function setUp() {
  const [admin, person] = [await makePerson(api.isolate, { role: 'admin' }), await makePerson(api.isolate)]
  const set = (tier: Tier, by = api) =>
    by.as(admin).patch<{ tier: Tier }>(`/v1/users/${person.id}/tier`, { tier, reason: 'because of a test' })
  const read = () => env.DB.prepare('select tier, version from users where id = ?').bind(person.id).first()
  return { person, set, read }
}

describe('a user’s tier', () => {
  it('that four set at once to the same changes once, and the audit trail tells of one change (R46.5)', async () => {
    const { person, set, read } = await setUp()
    const before = await read()
    const answers = await Promise.all([1, 2, 3, 4].map(() => set('premium', createApi())))
    expect(answers.map(({ status, body }) => [status, body.data.tier])).toEqual(Array(4).fill([200, 'premium']))
    expect(await changesOf(person.id)).toEqual([{ from: 'free', to: 'premium' }])
    expect(await read()).toEqual({ tier: 'premium', version: Number(before?.version) + 1 })
  })

  it('that changes there and back has changed twice, each time from what it was', async () => {
    const { person, set, read } = await setUp()
    expect((await set('basic')).status).toBe(200)
    expect((await set('free')).status).toBe(200)
    expect(await changesOf(person.id)).toEqual([
      { from: 'free', to: 'basic' },
      { from: 'basic', to: 'free' },
    ])
    expect(await read()).toMatchObject({ tier: 'free' })
  })

  it('that is set to what it is does not change, and nothing is told of it', async () => {
    const { person, set } = await setUp()
    expect(await set('free')).toMatchObject({ status: 200, body: { data: { tier: 'free' } } })
    expect(await changesOf(person.id)).toEqual([])
  })

  it('that two set at once to different ones ends as one of them, by changes of which each begins where another ended', async () => {
    const { person, set, read } = await setUp()
    await Promise.all((['basic', 'premium'] as const).map((tier) => set(tier, createApi())))
    const changes = (await changesOf(person.id)) as { from: Tier; to: Tier }[]
    const ends: Tier[] = changes.map(({ to }) => to)
    expect(changes.map(({ from }) => from)).toEqual(['free', ...ends.slice(0, -1)])
    expect(await read()).toMatchObject({ tier: ends.at(-1) })
  })

  it('is not one’s own to change, nor of somebody above or gone, and needs a fresh proof and no key', async () => {
    let now = Date.now()
    const own = createApi({ clock: () => now })
    const [admin, manager] = [
      await makePerson(own.isolate, { role: 'admin' }),
      await makePerson(own.isolate, { role: 'moderator' }),
    ]
    const [person, gone] = [await makePerson(own.isolate), await makePerson(own.isolate)]
    await grant(manager.id, 'manage:settings')
    await env.DB.prepare('update users set deleted_at = 1 where id = ?').bind(gone.id).run()
    const set = async (by: { accessToken: string }, id: string) => {
      const { status, body } = await own
        .as(by)
        .patch(`/v1/users/${id}/tier`, { tier: 'premium', reason: 'because of a test' })
      return [status, body.code]
    }
    expect(await set(admin, admin.id)).toEqual([400, 'VALIDATION_FAILED'])
    expect(await set(manager, admin.id)).toEqual([403, 'FORBIDDEN'])
    expect(await set(admin, gone.id)).toEqual([404, 'NOT_FOUND'])
    const key = await makeApiKey(admin.id, { scopes: ['write', 'manage:settings'] })
    expect(await set(key, person.id)).toEqual([403, 'SESSION_REQUIRED'])
    // Whoever lost the permission a moment ago, in an isolate that has not heard of it.
    expect((await own.as(manager).get('/v1/admin/roles')).status).toBe(200)
    await env.DB.prepare('delete from user_permissions where user_id = ?').bind(manager.id).run()
    expect(await set(manager, person.id)).toEqual([403, 'FORBIDDEN'])
    now += 6 * MINUTE_MS
    expect(await set(admin, person.id)).toEqual([403, 'STEP_UP_REQUIRED'])
    for (const { id } of [admin, person, gone]) expect(await changesOf(id)).toEqual([])
  })
})
