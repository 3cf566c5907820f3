import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { resourcePermissions, userPermissions } from '../../src/features/identity/access/tables.ts'
import type { Example, World } from './examples.ts'
import { makePerson } from './people.ts'

const reason = 'because of a test'

/** Somebody whom nobody else of the world knows. */
const somebody = async ({ api }: World, given: Parameters<typeof makePerson>[1] = {}): Promise<string> =>
  (await makePerson(api.isolate, given)).id

/** The id of the permission of this name. */
export async function permissionId(name: string): Promise<string> {
  return String(await env.DB.prepare('select id from permissions where name = ?').bind(name).first('id'))
}

/** Puts a grant of a permission straight into its table. */
export async function grant(userId: string, name: string, effect: 'allow' | 'deny' = 'allow'): Promise<string> {
  const id = await permissionId(name)
  const row = { userId, permissionId: id, effect, grantedBy: userId, createdAt: Date.now() }
  await drizzle(env.DB).insert(userPermissions).values(row)
  return id
}

/** The same of one thing. */
export async function lend(userId: string, resource: string, resourceId: string, action: string): Promise<void> {
  const row = { userId, resource, resourceId, action, grantedBy: userId, createdAt: Date.now() }
  await drizzle(env.DB).insert(resourcePermissions).values(row)
}

const thing = (userId: string, resourceId: string) => ({ userId, resource: 'user', resourceId, action: 'read-access' })

export const ACCESS_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {
  'GET /v1/users/profile': () => ({ path: '/v1/users/profile' }),
  'GET /v1/users/role': () => ({ path: '/v1/users/role' }),
  'PATCH /v1/users/:id/role': async (world) => ({
    path: `/v1/users/${await somebody(world)}/role`,
    body: { role: 'moderator', reason },
  }),
  'PATCH /v1/users/:id/change-role': async (world) => ({
    path: `/v1/users/${await somebody(world, { role: 'admin' })}/change-role`,
    body: { role: 'user', reason },
  }),
  'PUT /v1/users/:id/roles/:role': async (world) => ({
    path: `/v1/users/${await somebody(world)}/roles/moderator`,
    body: { reason },
  }),
  'POST /v1/users/:id/roles/:role/revoke': async (world) => {
    const id = await somebody(world)
    await env.DB.prepare("insert into user_roles select ?, id from roles where name = 'moderator'").bind(id).run()
    return { path: `/v1/users/${id}/roles/moderator/revoke`, body: { reason } }
  },
  'POST /v1/users/:id/deactivate': async (world) => ({
    path: `/v1/users/${await somebody(world)}/deactivate`,
    body: { reason },
  }),
  'POST /v1/admin/users/:id/sessions/revoke': async (world) => ({
    path: `/v1/admin/users/${await somebody(world)}/sessions/revoke`,
    body: { reason },
  }),
  'POST /v1/users/:id/reactivate': async (world) => ({
    path: `/v1/users/${await somebody(world, { isActive: false })}/reactivate`,
    body: { reason },
  }),
  'GET /v1/admin/roles': () => ({ path: '/v1/admin/roles' }),
  'GET /v1/admin/permissions': () => ({ path: '/v1/admin/permissions' }),
  'POST /v1/admin/permissions/grant': async (world) => ({
    path: '/v1/admin/permissions/grant',
    body: { userId: await somebody(world), permissionId: await permissionId('view:logs'), reason },
  }),
  'POST /v1/admin/permissions/revoke': async (world) => {
    const userId = await somebody(world)
    return {
      path: '/v1/admin/permissions/revoke',
      body: { userId, permissionId: await grant(userId, 'view:logs'), reason },
    }
  },
  'GET /v1/admin/permissions/user/:userId': ({ owner }) => ({ path: `/v1/admin/permissions/user/${owner.id}` }),
  'GET /v1/admin/resources': () => ({ path: '/v1/admin/resources' }),
  'GET /v1/admin/resource-permissions/user/:userId': ({ owner }) => ({
    path: `/v1/admin/resource-permissions/user/${owner.id}?limit=10`,
  }),
  'POST /v1/admin/resource-permissions/grant': async (world) => ({
    path: '/v1/admin/resource-permissions/grant',
    body: { ...thing(await somebody(world), world.owner.id), reason },
  }),
  'POST /v1/admin/resource-permissions/revoke': async (world) => {
    const userId = await somebody(world)
    await lend(userId, 'user', world.owner.id, 'read-access')
    return { path: '/v1/admin/resource-permissions/revoke', body: { ...thing(userId, world.owner.id), reason } }
  },
}
