import { Hono } from 'hono'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { envelope, ok } from '../../../http/envelope.ts'
import { getCurrentUser } from '../get-current-user.ts'
import { CurrentUser } from '../schemas.ts'
import { checkOf, USERS_V1 } from '../users/route-policies.ts'
import { addRole, removeRole, setRole } from './change-roles.ts'
import { deactivateUser, reactivateUser } from './change-state.ts'
import { permissionRoutes } from './permission-routes.ts'
import { Member, OtherUserId, OtherUserRole, OwnRole, ReasonBody, RoleBody, UserState } from './schemas.ts'

const tag = 'Users'

const own = {
  tag,
  // What `GET /v1/auth/me` tells, which no key is told either.
  access: { session: true },
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
  cost: { trips: 2, sequential: 1, rowsRead: 90, rowsWritten: 0, hops: 0, sends: 0 },
} as const

const changing = {
  tag,
  access: { roles: ['admin'], stepUp: true },
  limits: [],
  idempotency: 'off',
  precondition: 'optional',
  cache: 'no-store',
  cost: { trips: 4, sequential: 2, rowsRead: 300, rowsWritten: 20, hops: 0, sends: 1 },
} as const

const setting = {
  ...changing,
  description:
    'Makes this the only role of the user, from now on. The last admin keeps theirs: 409. Nobody changes their own: ' +
    '400. What is so already changes nothing.',
  param: OtherUserId,
  json: RoleBody,
  bodyLimit: SMALL_BODY,
  answers: { 200: envelope(Member) },
} as const

const stating = {
  tag,
  access: { permissions: ['manage:settings'], stepUp: true },
  limits: [],
  idempotency: { key: 'optional', store: 'core' },
  precondition: 'optional',
  cache: 'no-store',
  cost: { trips: 4, sequential: 2, rowsRead: 300, rowsWritten: 34, hops: 1, sends: 2 },
  param: OtherUserId,
  json: ReasonBody,
  bodyLimit: SMALL_BODY,
  answers: { 200: envelope(UserState) },
} as const

export const accessRoutes = new Hono<AppEnv>()
  .get(
    '/users/profile',
    contract('Read the own profile', { ...own, answers: { 200: envelope(CurrentUser) } }),
    async (c) => ok(c, await getCurrentUser(c.get('ctx'))),
  )
  .get('/users/role', contract('Read the own role', { ...own, answers: { 200: envelope(OwnRole) } }), async (c) => {
    return ok(c, { role: await getCurrentUser(c.get('ctx'), 'role') })
  })
  .patch('/users/:id/role', contract('Set a user’s role', setting), async (c) => {
    return ok(c, await setRole(c.get('ctx'), c.req.valid('param').id, { ...c.req.valid('json'), check: checkOf(c) }))
  })
  // The name that an earlier version of the API had for it.
  .patch(
    '/users/:id/change-role',
    contract('Set a user’s role (as `/role`)', { ...setting, deprecated: USERS_V1 }),
    async (c) => {
      return ok(c, await setRole(c.get('ctx'), c.req.valid('param').id, { ...c.req.valid('json'), check: checkOf(c) }))
    },
  )
  .put(
    '/users/:id/roles/:role',
    contract('Give a user one role more', {
      ...changing,
      param: OtherUserRole,
      json: ReasonBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Member) },
    }),
    async (c) => {
      const { id, role } = c.req.valid('param')
      return ok(c, await addRole(c.get('ctx'), id, { role, ...c.req.valid('json'), check: checkOf(c) }))
    },
  )
  // No DELETE, as that has no body, and a reason in an address stands in logs and histories.
  .post(
    '/users/:id/roles/:role/revoke',
    contract('Take one of a user’s roles', {
      ...changing,
      description: 'The only role of a user stays with them, and so does the last admin’s: 409.',
      idempotency: { key: 'optional', store: 'core' },
      cost: { ...changing.cost, rowsWritten: 24 },
      param: OtherUserRole,
      json: ReasonBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Member) },
    }),
    async (c) => {
      const { id, role } = c.req.valid('param')
      return ok(c, await removeRole(c.get('ctx'), id, { role, ...c.req.valid('json'), check: checkOf(c) }))
    },
  )
  .post('/users/:id/deactivate', contract('Deactivate a user', stating), async (c) => {
    return ok(
      c,
      await deactivateUser(c.get('ctx'), c.req.valid('param').id, { ...c.req.valid('json'), check: checkOf(c) }),
    )
  })
  .post('/users/:id/reactivate', contract('Reactivate a user', stating), async (c) => {
    return ok(
      c,
      await reactivateUser(c.get('ctx'), c.req.valid('param').id, { ...c.req.valid('json'), check: checkOf(c) }),
    )
  })
  .route('/admin', permissionRoutes)
