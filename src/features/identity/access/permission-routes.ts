import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../../http/conventions/pagination.ts'
import { cursorPage, envelope, ok } from '../../../http/envelope.ts'
import { grantPermission, revokePermission } from './grant-permission.ts'
import { grantOnThing, listResources, readGrantsOfUser, revokeOnThing } from './grant-thing.ts'
import { readPermissions, readRoles, readUserAccess } from './read-access.ts'
import {
  AccessOf,
  GrantBody,
  PermissionInfo,
  ResourceInfo,
  RevokeBody,
  RoleInfo,
  ThingGrant,
  ThingGrantBody,
  ThingGrantState,
  UserAccess,
} from './schemas.ts'

const looking = {
  tag: 'Access',
  access: { permissions: ['manage:settings'] },
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
} as const

const changing = {
  tag: 'Access',
  access: { permissions: ['manage:settings'], stepUp: true },
  limits: [],
  idempotency: { key: 'optional', store: 'core' },
  cache: 'no-store',
  bodyLimit: SMALL_BODY,
} as const

const granting = {
  ...changing,
  cost: { trips: 5, sequential: 2, rowsRead: 300, rowsWritten: 20, hops: 0, sends: 1 },
  answers: { 200: envelope(UserAccess) },
} as const

const lending = {
  ...changing,
  // As many are counted as one user may have.
  cost: { trips: 4, sequential: 2, rowsRead: 1_400, rowsWritten: 16, hops: 0, sends: 0 },
  json: ThingGrantBody,
  answers: { 200: envelope(ThingGrantState) },
} as const

const GrantsQuery = cursorQuery()

/** Who may do what, for those who decide on it. */
export const permissionRoutes = new Hono<AppEnv>()
  .get(
    '/roles',
    contract('List the roles with what each gives', {
      ...looking,
      cost: { trips: 2, sequential: 1, rowsRead: 300, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(RoleInfo)) },
    }),
    async (c) => ok(c, await readRoles(c.get('ctx'))),
  )
  .get(
    '/permissions',
    contract('List all permissions', {
      ...looking,
      cost: { trips: 2, sequential: 1, rowsRead: 900, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(PermissionInfo)) },
    }),
    async (c) => ok(c, await readPermissions(c.get('ctx'))),
  )
  .post(
    '/permissions/grant',
    contract('Grant or deny a user one permission', {
      ...granting,
      description:
        'Besides what their roles give. A denial wins. Nobody gives what they lack, nor anything to themselves.',
      json: GrantBody,
    }),
    async (c) => ok(c, await grantPermission(c.get('ctx'), c.req.valid('json'))),
  )
  .post(
    '/permissions/revoke',
    contract('Take back what was granted or denied to a user', {
      ...granting,
      description: 'What their roles give stays.',
      json: RevokeBody,
    }),
    async (c) => ok(c, await revokePermission(c.get('ctx'), c.req.valid('json'))),
  )
  .get(
    '/permissions/user/:userId',
    contract('Read what a user may', {
      ...looking,
      description: 'For themselves, for whoever was granted `read-access` on them, and with `manage:settings`.',
      access: { resource: { type: 'user', action: 'read-access', param: 'userId' } },
      cost: { trips: 4, sequential: 3, rowsRead: 300, rowsWritten: 0, hops: 0, sends: 0 },
      param: AccessOf,
      answers: { 200: envelope(UserAccess) },
    }),
    async (c) => ok(c, await readUserAccess(c.get('ctx'), c.req.valid('param').userId)),
  )
  .get(
    '/resources',
    contract('List what can be granted on single things', {
      ...looking,
      description: 'The types of things, each with what can be done with one.',
      cost: { trips: 1, sequential: 1, rowsRead: 90, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(z.array(ResourceInfo)) },
    }),
    (c) => ok(c, listResources(c.get('ctx'))),
  )
  .get(
    '/resource-permissions/user/:userId',
    contract('List what a user was granted on single things', {
      ...looking,
      cost: { trips: 3, sequential: 2, rowsRead: { perItem: 4, besides: 100 }, rowsWritten: 0, hops: 0, sends: 0 },
      param: AccessOf,
      query: GrantsQuery,
      answers: { 200: cursorPage(ThingGrant) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readGrantsOfUser(c.get('ctx'), c.req.valid('param').userId, query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .post(
    '/resource-permissions/grant',
    contract('Let a user do something with one thing that is not theirs', lending),
    async (c) => ok(c, await grantOnThing(c.get('ctx'), c.req.valid('json'))),
  )
  .post('/resource-permissions/revoke', contract('Take back what a user may do with one thing', lending), async (c) =>
    ok(c, await revokeOnThing(c.get('ctx'), c.req.valid('json'))),
  )
