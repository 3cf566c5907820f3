import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { createSystemContext } from '../../../src/compose.ts'
import type { Permission, Role } from '../../../src/context.ts'
import { MOST_GRANTS } from '../../../src/features/identity/access/grant-thing.ts'
import type {
  PermissionInfo,
  ResourceInfo,
  RoleInfo,
  ThingGrant,
  ThingGrantState,
  UserAccess,
} from '../../../src/features/identity/access/schemas.ts'
import { eraseAccount } from '../../../src/features/identity/account/erase-account.ts'
import { PERMISSIONS, ROLE_DEFINITIONS, ROLES } from '../../../src/features/identity/domain/access.ts'
import { newId } from '../../../src/platform/ids.ts'
import { grant, lend, permissionId } from '../../support/access-examples.ts'
import { createApi } from '../../support/api.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
const make = (role: Role = 'user') => makePerson(api.isolate, { role })
const reason = 'of a test'

async function change(
  by: TestPerson,
  what: 'grant' | 'revoke',
  userId: string,
  name: Permission,
  more = {},
  over = api,
) {
  const body = { userId, permissionId: await permissionId(name), reason, ...more }
  return over.as(by).post<UserAccess>(`/v1/admin/permissions/${what}`, body)
}

const readAccess = (by: TestPerson, userId: string) =>
  api.as(by).get<UserAccess>(`/v1/admin/permissions/user/${userId}`)

async function actsOn(userId: string) {
  const { results } = await env.DB.prepare(
    `select action as act, actor_id, reason, details from audit where target_id = ? and action like '%PERMISSION%' order by rowid`,
  )
    .bind(userId)
    .all<{ act: string; actor_id: string; reason: string; details: string }>()
  return results.map(({ details, ...row }) => ({ ...row, ...JSON.parse(details) }))
}

/** Somebody who is no admin and yet looks after access. */
async function makeManager(...names: Permission[]): Promise<TestPerson> {
  const manager = await make('moderator')
  for (const name of ['manage:settings', ...names]) await grant(manager.id, name)
  return manager
}

describe('the permissions', () => {
  it('are listed for whoever manages, each with the roles that give it, and so are the roles (R12.15)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const { body } = await api.as(admin).get<PermissionInfo[]>('/v1/admin/permissions')
    expect(body.data.map(({ name }) => name).toSorted()).toEqual(PERMISSIONS.toSorted())
    expect(body.data.find(({ name }) => name === 'read:order')).toMatchObject({
      ...{ action: 'read', resource: 'order', roles: ['user', 'moderator', 'admin'] },
    })
    const roles = (await api.as(admin).get<RoleInfo[]>('/v1/admin/roles')).body.data
    expect(roles.map(({ name }) => name)).toEqual(ROLES)
    for (const { name, permissions } of roles) {
      expect(permissions.toSorted()).toEqual(ROLE_DEFINITIONS[name].permissions.toSorted())
    }
    expect((await api.as(person).get('/v1/admin/permissions')).status).toBe(403)
  })

  it('stand in tables of their own, linked by keys that leave nothing behind (R12.12)', async () => {
    const pragma = async (what: string, table: string) =>
      (await env.DB.prepare(`pragma ${what}(${table})`).all<Record<string, string | number>>()).results
    const keyOf = async (table: string) =>
      (await pragma('table_info', table)).filter(({ pk }) => Number(pk) > 0).map(({ name }) => name)
    const linksOf = async (table: string) =>
      (await pragma('foreign_key_list', table)).map(({ table: to, on_delete }) => `${to} ${on_delete}`).toSorted()
    expect(await keyOf('role_permissions')).toEqual(['role_id', 'permission_id'])
    expect(await linksOf('role_permissions')).toEqual(['permissions CASCADE', 'roles CASCADE'])
    expect(await keyOf('user_permissions')).toEqual(['user_id', 'permission_id'])
    expect(await linksOf('user_permissions')).toEqual(['permissions CASCADE', 'users CASCADE'])
    expect(await linksOf('user_roles')).toEqual(['roles RESTRICT', 'users CASCADE'])
    for (const table of ['roles', 'permissions']) {
      const twice = env.DB.prepare(
        `insert into ${table} select 'x', name, description, ${
          table === 'roles' ? 'level' : 'resource, action'
        } from ${table} limit 1`,
      ).run()
      await expect(twice).rejects.toThrow(`UNIQUE constraint failed: ${table}.name`)
    }
  })
})

describe('a direct grant', () => {
  it('adds to what the roles give, once, and holds at once; taken back, only the roles are left (R12.13, R12.16, R12.17)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    expect((await api.as(person).get('/v1/admin/audit')).status).toBe(403)
    const granted = await change(admin, 'grant', person.id, 'view:logs')
    expect(granted.status).toBe(200)
    expect(granted.body.data.permissions.toSorted()).toEqual(
      [...ROLE_DEFINITIONS.user.permissions, 'view:logs'].toSorted(),
    )
    expect(granted.body.data.direct).toMatchObject([{ name: 'view:logs', effect: 'allow', grantedBy: admin.id }])
    expect((await api.as(person).get('/v1/admin/audit')).status).toBe(200)
    // What a role gives too is there once, and stays when the grant is taken back.
    await change(admin, 'grant', person.id, 'read:order')
    const { body } = await change(admin, 'revoke', person.id, 'read:order')
    expect(body.data.permissions.filter((name) => name === 'read:order')).toHaveLength(1)
    await change(admin, 'revoke', person.id, 'view:logs')
    expect((await api.as(person).get('/v1/admin/audit')).status).toBe(403)
    const left = (await readAccess(person, person.id)).body.data
    expect([left.permissions.toSorted(), left.direct]).toEqual([ROLE_DEFINITIONS.user.permissions.toSorted(), []])
  })

  it('that is a denial wins over roles, for every guard and service alike (R12.13, R12.14)', async () => {
    const [admin, moderator] = [await make('admin'), await make('moderator')]
    expect((await api.as(moderator).get('/v1/admin/reports')).status).toBe(200)
    const denied = await change(admin, 'grant', moderator.id, 'moderate:content', { effect: 'deny' })
    expect(denied.body.data.permissions).not.toContain('moderate:content')
    expect((await api.as(moderator).get('/v1/admin/reports')).status).toBe(403)
    const me = await api.as(moderator).get<{ permissions: string[] }>('/v1/auth/me')
    expect(me.body.data.permissions).not.toContain('moderate:content')
    await change(admin, 'revoke', moderator.id, 'moderate:content')
    expect((await api.as(moderator).get('/v1/admin/reports')).status).toBe(200)
  })

  it('is noted with who, to whom, what and why; repeated it changes nothing and is not noted again (R12.16, R12.19)', async () => {
    const [admin, person] = [await make('admin'), await make()]
    for (const what of ['grant', 'grant', 'revoke', 'revoke'] as const) {
      expect((await change(admin, what, person.id, 'view:logs')).status).toBe(200)
    }
    const both = await Promise.all([1, 2, 3].map(() => change(admin, 'grant', person.id, 'view:logs', {}, createApi())))
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200])
    const note = { actor_id: admin.id, reason, permission: 'view:logs' }
    expect(await actsOn(person.id)).toEqual([
      { ...note, act: 'PERMISSION_GRANTED', from: null, to: 'allow' },
      { ...note, act: 'PERMISSION_REVOKED', from: 'allow', to: null },
      { ...note, act: 'PERMISSION_GRANTED', from: null, to: 'allow' },
    ])
  })

  it('is of a permission and to a person that there are, and needs somebody who manages (R12.16, R12.17)', async () => {
    const [admin, moderator, person] = [await make('admin'), await make('moderator'), await make()]
    for (const what of ['grant', 'revoke'] as const) {
      expect((await change(admin, what, newId(), 'view:logs')).status).toBe(404)
      expect((await change(admin, what, person.id, 'view:logs', { permissionId: newId() })).status).toBe(404)
      expect((await change(admin, what, person.id, 'view:logs', { userId: 'x' })).status).toBe(400)
      expect((await change(moderator, what, person.id, 'view:logs')).body.message).toContain('Missing: manage:settings')
    }
  })

  it('is never to oneself, of what one lacks, or to somebody above (R12.19)', async () => {
    const [admin, person, manager] = [await make('admin'), await make(), await makeManager()]
    expect((await change(admin, 'grant', admin.id, 'view:logs')).status).toBe(403)
    const lacked = await change(manager, 'grant', person.id, 'refund:order')
    expect([lacked.status, lacked.body.message]).toEqual([403, expect.stringContaining('Missing: refund:order')])
    expect((await change(manager, 'grant', person.id, 'moderate:content')).status).toBe(200)
    expect((await change(manager, 'grant', admin.id, 'view:logs', { effect: 'deny' })).status).toBe(403)
    // To lift a denial gives as much as a grant.
    await grant(person.id, 'read:product', 'deny')
    await grant(manager.id, 'read:product', 'deny')
    const lifted = await change(await makeManager(), 'revoke', person.id, 'read:product')
    expect(lifted.status).toBe(200)
    await grant(person.id, 'update:user', 'deny')
    expect((await change(manager, 'revoke', person.id, 'update:user')).status).toBe(403)
  })

  it('that denies an admin anything spares the last one who may do everything, of two at once too', async () => {
    const [one, other] = [await make('admin'), await make('admin')]
    await env.DB.prepare(
      `delete from user_roles where role_id = (select id from roles where name = 'admin') and user_id not in (?, ?)`,
    )
      .bind(one.id, other.id)
      .run()
    const answers = await Promise.all([
      change(one, 'grant', other.id, 'refund:order', { effect: 'deny' }, createApi()),
      change(other, 'grant', one.id, 'refund:order', { effect: 'deny' }, createApi()),
    ])
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect([403, 409]).toContain(answers.find(({ status }) => status !== 200)?.status)
  })

  it('is given once for one Idempotency-Key, and repeated as it was', async () => {
    const [admin, person] = [await make('admin'), await make()]
    const body = { userId: person.id, permissionId: await permissionId('view:logs') }
    const headers = { 'idempotency-key': newId() }
    const ask = () => api.as(admin).post<UserAccess>('/v1/admin/permissions/grant', body, { headers })
    const [first, second] = [await ask(), await ask()]
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    expect(second.body.data).toEqual(first.body.data)
    expect(await actsOn(person.id)).toHaveLength(1)
  })
})

describe('what somebody may', () => {
  it('is theirs to read, of whoever manages, and of nobody else, though all hold read:user (R12.5, R12.18)', async () => {
    const [admin, moderator, person, stranger] = [
      await make('admin'),
      await make('moderator'),
      await make(),
      await make(),
    ]
    expect(ROLE_DEFINITIONS.user.permissions).toContain('read:user')
    expect((await readAccess(person, person.id)).body.data).toMatchObject({ userId: person.id, roles: ['user'] })
    expect((await readAccess(admin, person.id)).status).toBe(200)
    for (const other of [stranger, moderator]) expect((await readAccess(other, person.id)).status).toBe(403)
    for (const anybody of [admin, stranger]) expect((await readAccess(anybody, newId())).status).toBe(404)
  })
})

describe('a grant on one thing', () => {
  const act = (by: TestPerson, what: 'grant' | 'revoke', userId: string, resourceId: string, more = {}) =>
    api.as(by).post<ThingGrantState>(`/v1/admin/resource-permissions/${what}`, {
      ...{ userId, resource: 'user', resourceId, action: 'read-access', reason },
      ...more,
    })

  it('opens that thing, for that act, to that person, until it is taken back at once (R12.23)', async () => {
    const [admin, lead, person, other] = [await make('admin'), await make(), await make(), await make()]
    expect((await act(admin, 'grant', lead.id, person.id)).body.data.isGranted).toBe(true)
    expect((await act(admin, 'grant', lead.id, person.id)).status).toBe(200)
    expect((await readAccess(lead, person.id)).status).toBe(200)
    expect((await readAccess(lead, other.id)).status).toBe(403)
    expect((await readAccess(other, person.id)).status).toBe(403)
    const listed = await api.as(admin).get<ThingGrant[]>(`/v1/admin/resource-permissions/user/${lead.id}`)
    expect(listed.body.data).toMatchObject([
      { resourceId: person.id, name: person.username, action: 'read-access', grantedBy: admin.id },
    ])
    const kinds = await api.as(admin).get<ResourceInfo[]>('/v1/admin/resources')
    expect(kinds.body.data).toEqual([{ resource: 'user', title: 'User', actions: ['read-access'] }])
    expect((await act(admin, 'revoke', lead.id, person.id)).body.data.isGranted).toBe(false)
    expect((await act(admin, 'revoke', lead.id, person.id)).status).toBe(200)
    expect((await readAccess(lead, person.id)).status).toBe(403)
    const what = { resource: 'user', resourceId: person.id, action: 'read-access' }
    const acts = (await actsOn(lead.id)).map(({ act, actor_id, reason: why, ...details }) => [
      act,
      actor_id,
      why,
      details,
    ])
    expect(acts).toEqual([
      ['RESOURCE_PERMISSION_GRANTED', admin.id, reason, what],
      ['RESOURCE_PERMISSION_REVOKED', admin.id, reason, what],
    ])
  })

  it('is of a type, an act and a thing that there are, and never to oneself', async () => {
    const [admin, lead, person] = [await make('admin'), await make(), await make()]
    const fieldsOf = async (more: object) => (await act(admin, 'grant', lead.id, person.id, more)).body.errors
    expect(await fieldsOf({ resource: 'spaceship' })).toMatchObject([{ field: 'resource' }])
    expect(await fieldsOf({ action: 'paint' })).toMatchObject([{ field: 'action' }])
    expect((await act(admin, 'grant', lead.id, newId())).status).toBe(404)
    expect((await act(admin, 'grant', newId(), person.id)).status).toBe(404)
    expect((await act(admin, 'grant', admin.id, person.id)).status).toBe(403)
  })

  it('is neither given to somebody above oneself, nor taken from them', async () => {
    const [admin, person, manager] = [await make('admin'), await make(), await makeManager()]
    await lend(admin.id, 'user', person.id, 'read-access')
    for (const what of ['grant', 'revoke'] as const) {
      const refused = await act(manager, what, admin.id, person.id)
      expect([what, refused.status, refused.body.message]).toEqual([what, 403, 'This needs the role admin'])
    }
    const listed = await api.as(admin).get<ThingGrant[]>(`/v1/admin/resource-permissions/user/${admin.id}`)
    expect(listed.body.data).toHaveLength(1)
  })

  it('is listed by page, each once, and there are so many a user and no more', async () => {
    const [admin, lead, person] = [await make('admin'), await make(), await make()]
    await env.DB.prepare(
      `insert into resource_permissions select ?1, 'user', 'thing-' || value, 'read-access', 'test', 1
       from json_each(?2)`,
    )
      .bind(lead.id, JSON.stringify(Array.from({ length: MOST_GRANTS - 1 }, (_, i) => i)))
      .run()
    expect((await act(admin, 'grant', lead.id, person.id)).status).toBe(200)
    expect(await act(admin, 'grant', lead.id, admin.id)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
    const path = `/v1/admin/resource-permissions/user/${lead.id}?limit=100`
    const seen = new Set<string>()
    let cursor: unknown = ''
    while (cursor !== null) {
      const page = await api.as(admin).get<ThingGrant[]>(`${path}${cursor && `&cursor=${cursor}`}`)
      for (const { resourceId } of page.body.data) seen.add(resourceId)
      cursor = page.body.meta.nextCursor
    }
    expect(seen.size).toBe(MOST_GRANTS)
  })

  it('goes with who has it and with whom it is on, and no other is made on somebody who is gone', async () => {
    const [admin, gone, lead] = [await make('admin'), await make(), await make()]
    await lend(gone.id, 'user', lead.id, 'read-access')
    await lend(lead.id, 'user', gone.id, 'read-access')
    await env.DB.prepare('update users set is_active = 0, deleted_at = 1 where id = ?').bind(gone.id).run()
    expect((await act(admin, 'grant', (await make()).id, gone.id)).status).toBe(404)
    expect((await readAccess(admin, gone.id)).status).toBe(404)
    const erasing = createSystemContext(api.isolate, env, 'test', (work) => void work.catch(() => undefined))
    await eraseAccount(erasing, gone.id)
    const left = env.DB.prepare('select 1 from resource_permissions where user_id = ?1 or resource_id = ?1')
    expect(await left.bind(gone.id).first()).toBe(null)
  })
})
