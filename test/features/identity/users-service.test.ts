import { env, exports } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createContext, createSystemContext } from '../../../src/compose.ts'
import type { Env } from '../../../src/env.ts'
import { demandPermission, hasAllPermissions, hasAnyPermission, hasRole } from '../../../src/features/identity/index.ts'
import { newId } from '../../../src/platform/ids.ts'
import { Meter } from '../../../src/platform/observability/meter.ts'
import { grant } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { makePerson } from '../../support/people.ts'

const api = createApi()
const call = { correlationId: 'another-service', traceparent: '' }
const service = () => exports.UsersService
const value = (answer: { ok: boolean; value?: unknown }) => (answer.ok ? answer.value : answer)

describe('another service', () => {
  it('learns whose token it was given, what they may now, and nothing once the session has ended (R26.2)', async () => {
    const person = await makePerson(api.isolate, { role: 'moderator' })
    const ask = () => service().verifyToken(call, { accessToken: person.accessToken })
    expect(await ask()).toMatchObject({
      ok: true,
      value: { userId: person.id, sessionId: person.sessionId, role: 'moderator', tier: 'free' },
    })
    await grant(person.id, 'view:logs')
    expect(value(await ask())).toMatchObject({ permissions: expect.arrayContaining(['view:logs']) })
    await api.as(person).post('/v1/auth/logout')
    expect(await ask()).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' })
    for (const accessToken of ['garbage', person.refreshToken]) {
      expect(await service().verifyToken(call, { accessToken })).toMatchObject({ ok: false, code: 'UNAUTHENTICATED' })
    }
  })

  it('asks what somebody may: all, any, none of who is unknown, deactivated or denied it (R12.20, R26.2)', async () => {
    const [person, away] = [await makePerson(api.isolate), await makePerson(api.isolate, { isActive: false })]
    await grant(person.id, 'create:order', 'deny')
    const one = async (userId: string, permission: 'read:order' | 'create:order' | 'delete:product') =>
      value(await service().hasPermission(call, { userId, permission }))
    expect(await one(person.id, 'read:order')).toBe(true)
    for (const permission of ['create:order', 'delete:product'] as const) {
      expect(await one(person.id, permission)).toBe(false)
    }
    expect([await one(away.id, 'read:order'), await one(newId(), 'read:order')]).toEqual([false, false])
    const several = { userId: person.id, permissions: ['read:order', 'delete:product'] as const }
    const asked = { ...several, permissions: [...several.permissions] }
    expect(value(await service().hasAllPermissions(call, asked))).toBe(false)
    expect(value(await service().hasAnyPermission(call, asked))).toBe(true)
    for (const ask of ['hasAllPermissions', 'hasAnyPermission'] as const) {
      const empty = await service()[ask](call, { userId: person.id, permissions: [] })
      expect(empty).toMatchObject({ ok: false, code: 'VALIDATION_FAILED' })
    }
  })

  it('asks for a role, exactly, and for those active who hold it, page by page (R11.20)', async () => {
    const [first, away, gone, second] = [
      await makePerson(api.isolate, { role: 'moderator' }),
      await makePerson(api.isolate, { role: 'moderator', isActive: false }),
      await makePerson(api.isolate, { role: 'moderator' }),
      await makePerson(api.isolate, { role: 'moderator' }),
    ]
    await env.DB.prepare('update users set is_active = 0, deleted_at = 1 where id = ?').bind(gone.id).run()
    const has = async (userId: string, role: 'user' | 'moderator') =>
      value(await service().hasRole(call, { userId, role }))
    expect(await Promise.all([has(first.id, 'moderator'), has(first.id, 'user'), has(newId(), 'user')])).toEqual([
      ...[true, false, false],
    ])
    const page = await service().usersByRole(call, { role: 'moderator', limit: 1 })
    expect(page.ok && page.value.items.map(({ id }) => id)).toEqual([second.id])
    const cursor = page.ok ? (page.value.nextCursor ?? '') : ''
    const next = await service().usersByRole(call, { role: 'moderator', limit: 1, cursor })
    expect(next.ok && next.value.items.map(({ id }) => id)).toEqual([first.id])
    expect(value(await service().hasRole(call, { userId: away.id, role: 'moderator' }))).toBe(false)
    expect(JSON.stringify([page, next])).not.toMatch(/@people\.test|scrypt/)
  })

  it('reads what all may see of people, and where to write to one, at the time of writing (R26.2)', async () => {
    const [ann, bob] = [await makePerson(api.isolate), await makePerson(api.isolate)]
    const profiles = await service().profiles(call, { userIds: [ann.id, newId(), bob.id] })
    expect(profiles.ok && profiles.value.map(({ id }) => id)).toEqual([ann.id, bob.id].toSorted())
    expect(JSON.stringify(profiles)).not.toContain('@people.test')
    expect(value(await service().contact(call, { userId: ann.id }))).toMatchObject({ email: ann.email, locale: 'en' })
    await env.DB.prepare('update users set is_active = 0 where id = ?').bind(ann.id).run()
    expect(await service().contact(call, { userId: ann.id })).toMatchObject({ ok: false, code: 'NOT_FOUND' })
  })

  it('is refused by a value for what is no question, and reaches nothing of this over HTTP', async () => {
    const bad = await service().profiles(call, { userIds: ['x'] })
    expect(bad).toMatchObject({ ok: false, code: 'VALIDATION_FAILED' })
    expect((await api.post('/UsersService/profiles', { userIds: [newId()] })).status).toBe(404)
  })
})

describe('a service of ours, in the middle of its work', () => {
  it('asks whether somebody may, or demands it, which is 403 with what is missing (R12.20)', async () => {
    const ctx = createSystemContext(api.isolate, env as Env, 'test', () => undefined)
    const [admin, person] = [await makePerson(api.isolate, { role: 'admin' }), await makePerson(api.isolate)]
    await expect(demandPermission(ctx, admin.id, 'delete:product')).resolves.toBeUndefined()
    await expect(demandPermission(ctx, person.id, 'delete:product')).rejects.toMatchObject({
      ...{ code: 'FORBIDDEN', message: expect.stringContaining('Missing: delete:product') },
    })
    expect(await hasAllPermissions(ctx, admin.id, [])).toBe(false)
    expect(await hasAnyPermission(ctx, admin.id, [])).toBe(false)
  })

  it('is told of the owner of a key that acts what its scopes leave, and of others all (R12.20)', async () => {
    const [admin, other] = [
      await makePerson(api.isolate, { role: 'admin' }),
      await makePerson(api.isolate, { role: 'admin' }),
    ]
    const scopes = ['read', 'view:logs']
    const made = await api
      .as(admin)
      .post<{ id: string }>('/v1/auth/api-keys', { name: 'Key', scopes, expiresInDays: 1 })
    const { id: keyId } = made.body.data
    const byKey = createContext(api.isolate, env as Env, {
      actor: { kind: 'user', userId: admin.id, sessionId: keyId, apiKeyId: keyId },
      origin: { ip: null, userAgent: null, place: null },
      meter: new Meter(),
      defer: () => undefined,
      mayWrite: false,
    })
    const both = ['view:logs', 'delete:product'] as const
    const asked = async (userId: string) => [
      await hasAnyPermission(byKey, userId, both),
      await hasAllPermissions(byKey, userId, both),
      await hasRole(byKey, userId, 'admin'),
    ]
    expect([await asked(admin.id), await asked(other.id)]).toEqual([
      [true, false, false],
      [true, true, true],
    ])
    await expect(demandPermission(byKey, admin.id, 'delete:product')).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})
