import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import type { Access } from '../../src/http/access.ts'
import { contract, type Policy } from '../../src/http/contract.ts'
import { COSTS_NOTHING } from '../../src/http/cost.ts'
import { createApi } from '../support/api.ts'
import { makePerson } from '../support/people.ts'

const declared = {
  ...{ tag: 'Probe', limits: [], idempotency: 'off', cache: 'no-store', cost: COSTS_NOTHING, answers: { 200: null } },
} as const satisfies Omit<Policy, 'access'>

/** An app with one more route, which demands this; `ran` tells whether its handler was reached. */
function probe(access: Access, options: Parameters<typeof createApi>[0] = {}) {
  const api = createApi(options)
  const ran = vi.fn()
  api.app.get('/v1/probe/:id', contract('Probe', { ...declared, access }), (c) => {
    ran()
    return c.json({ data: 'the secret' })
  })
  return { api, ran }
}

describe('a demand', () => {
  it('of permissions wants all of them, and names what is missing (R7.19)', async () => {
    const { api } = probe({ permissions: ['view:logs', 'read:user'] })
    const [user, admin] = [await makePerson(api.isolate), await makePerson(api.isolate, { role: 'admin' })]
    const refused = await api.as(user).get('/v1/probe/1')
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    expect(refused.body.message).toContain('Missing: view:logs')
    expect((await api.as(admin).get('/v1/probe/1')).status).toBe(200)
  })

  it('of any permission is content with one', async () => {
    const { api } = probe({ anyPermission: ['view:logs', 'moderate:content'] })
    const [user, moderator] = [await makePerson(api.isolate), await makePerson(api.isolate, { role: 'moderator' })]
    expect((await api.as(user).get('/v1/probe/1')).status).toBe(403)
    expect((await api.as(moderator).get('/v1/probe/1')).status).toBe(200)
  })

  it('of a role lets nobody else in, higher or lower (R7.19)', async () => {
    const { api } = probe({ roles: ['moderator'] })
    for (const [role, status] of [
      ['user', 403],
      ['moderator', 200],
      ['admin', 403],
    ] as const) {
      expect((await api.as(await makePerson(api.isolate, { role })).get('/v1/probe/1')).status).toBe(status)
    }
  })

  it('of a verified address tells the client what to ask for', async () => {
    const { api } = probe({ verifiedEmail: true })
    const person = await makePerson(api.isolate, { isEmailVerified: false })
    expect(await api.as(person).get('/v1/probe/1')).toMatchObject({ status: 403, body: { code: 'EMAIL_NOT_VERIFIED' } })
    await env.DB.prepare('update users set is_email_verified = 1 where id = ?').bind(person.id).run()
    const { api: fresh } = probe({ verifiedEmail: true })
    expect((await fresh.as(person).get('/v1/probe/1')).status).toBe(200)
  })

  it('of a fresh proof holds for five minutes after the sign-in', async () => {
    let now = Date.now()
    const { api } = probe({ stepUp: true }, { clock: () => now })
    const person = await makePerson(api.isolate)
    now += 299_000
    expect((await api.as(person).get('/v1/probe/1')).status).toBe(200)
    now += 2_000
    expect(await api.as(person).get('/v1/probe/1')).toMatchObject({ status: 403, body: { code: 'STEP_UP_REQUIRED' } })
  })

  it('of ownership hides what is missing and what is somebody else’s alike, unless a permission says more', async () => {
    const owners = new Map<string, string>()
    const ownerOf = async (_ctx: ServiceContext, param: (name: string) => string) => owners.get(param('id'))
    const { api, ran } = probe({ owner: { entity: 'Thing', ownerOf, orPermission: 'delete:content' } })
    const [owner, stranger, moderator] = await Promise.all([
      makePerson(api.isolate),
      makePerson(api.isolate),
      makePerson(api.isolate, { role: 'moderator' }),
    ])
    owners.set('mine', owner.id)
    const foreign = await api.as(stranger).get('/v1/probe/mine')
    const missing = await api.as(stranger).get('/v1/probe/none')
    expect([foreign.status, missing.status, foreign.body.message]).toEqual([404, 404, missing.body.message])
    expect((await api.as(moderator).get('/v1/probe/none')).status).toBe(404)
    expect(ran).not.toHaveBeenCalled()
    expect((await api.as(owner).get('/v1/probe/mine')).status).toBe(200)
    expect((await api.as(moderator).get('/v1/probe/mine')).status).toBe(200)
  })
})

describe('a guard', () => {
  it('that cannot find out lets nobody in', async () => {
    const ownerOf = () => Promise.reject(new Error('D1_ERROR: Network connection lost.'))
    const { api, ran } = probe({ owner: { entity: 'Thing', ownerOf } })
    const answer = await api.as(await makePerson(api.isolate)).get('/v1/probe/1')
    expect(answer.status).toBe(503)
    expect(ran).not.toHaveBeenCalled()
  })

  it('throws away what was read meanwhile for a caller who may not have it', async () => {
    const { api, ran } = probe({ permissions: ['view:logs'] })
    const answer = await api.as(await makePerson(api.isolate)).get('/v1/probe/1')
    expect(ran).toHaveBeenCalled()
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([403, expect.not.stringContaining('the secret')])
  })

  it('lets no write leave before the caller is known to be allowed it', async () => {
    const api = createApi()
    const access = { permissions: ['view:logs'] } as const
    api.app.post('/v1/probe', contract('Probe', { ...declared, access }), async (c) => {
      await c.get('ctx').core.commit([c.get('ctx').audit('STEPPED_UP', { targetType: 'probe', targetId: '1' })])
      return c.json({ data: 'done' })
    })
    const count = () => env.DB.prepare("select count(*) as n from audit where action = 'STEPPED_UP'").first('n')
    expect((await api.as(await makePerson(api.isolate)).post('/v1/probe')).status).toBe(403)
    expect(await count()).toBe(0)
    expect((await api.as(await makePerson(api.isolate, { role: 'admin' })).post('/v1/probe')).status).toBe(200)
    expect(await count()).toBe(1)
  })
})

describe('a route', () => {
  const whole = { ...declared, access: 'user' } as const

  it.each(['tag', 'access', 'limits', 'idempotency', 'cache', 'cost', 'answers'])(
    'that does not declare its %s does not start (R7.23)',
    (left) => {
      const { [left as 'tag']: _left, ...rest } = whole
      expect(() => contract('Forgetful', rest as typeof whole)).toThrow(new RegExp(`"Forgetful".*${left}`))
    },
  )

  it.each([
    ['nothing', {}],
    ['no permission by name', { permissions: [] }],
    ['something unknown', { colour: 'blue' }],
    ['something that is off', { stepUp: false }],
    ['nobody', null],
  ])('that demands %s does not start: its guard could not refuse', (_what, access) => {
    expect(() => contract('Open', { ...whole, access: access as unknown as Access })).toThrow('"Open"')
  })

  it('that would keep answers of nobody in particular does not start', () => {
    const idempotency = { key: 'optional', store: 'core' } as const
    expect(() => contract('Shared', { ...whole, access: 'public', idempotency })).toThrow('"Shared"')
  })
})
