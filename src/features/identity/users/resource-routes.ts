import { type Context, Hono } from 'hono'
import type * as z from 'zod'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { patchBodies, sentPatch } from '../../../http/conventions/patch.ts'
import type { Deprecation } from '../../../http/deprecation.ts'
import { envelope, ok } from '../../../http/envelope.ts'
import { deactivateUser, reactivateUser } from '../access/change-state.ts'
import { OtherUserId } from '../access/schemas.ts'
import { clearRefreshCookie } from '../refresh-cookie.ts'
import { UserId } from '../schemas.ts'
import { changeUser } from './change-user.ts'
import { createUser } from './create-user.ts'
import { deleteUser } from './delete-user.ts'
import { readUser } from './read-users.ts'
import { changedBy, checkOf, common, tagOf, viewOf } from './route-policies.ts'
import { CreateUserBody, PatchedUser, PutUserBody } from './schemas.ts'
import type { Sight, StoredUser } from './views.ts'

/** What a version of the API has of its own. Whatever it tells, the verbs are the same. */
export interface UserVersion<S extends z.ZodType> {
  version: 'v1' | 'v2'
  schema: S
  view: (user: StoredUser, sight: Sight) => z.output<S>
  deprecated?: Deprecation
}

const WHOLE = { seesReach: true }
/** Whose account it is, who they are, the change, and that it was told. Two rows for each character of a new name. */
const cost = { trips: 4, sequential: 3, rowsRead: 700, rowsWritten: 50, hops: 1, sends: 5 } as const
/** The user as they are then is read at the end. */
const switchCost = { trips: 5, sequential: 3, rowsRead: 300, rowsWritten: 40, hops: 1, sends: 2 } as const
const CHANGES =
  '`role` and `isActive` are for admins, of somebody else. An address that an admin changes is to be verified anew; ' +
  'their own people change by `POST /v1/auth/change-email` (422).'

/** The changes of a user, which all versions have alike: each tells of the result in its own way. */
export function userChangeRoutes<S extends z.ZodType>({ version, schema, view, deprecated }: UserVersion<S>) {
  const shared = { ...common, ...(deprecated && { deprecated }) }
  const answers = { 200: envelope(schema) }
  const answer = (c: Context<AppEnv>, { user, sight }: { user: StoredUser; sight: Sight }) =>
    ok(c, view(user, sight), { etag: tagOf(user, version, sight) })
  const switching = {
    ...shared,
    access: { permissions: ['manage:settings'], stepUp: true },
    precondition: 'optional',
    cost: switchCost,
    param: OtherUserId,
    answers,
  } as const

  return new Hono<AppEnv>()
    .post(
      '/',
      contract('Make an account for somebody', {
        ...shared,
        description:
          'It has no password: a link to choose one is mailed. Nobody makes somebody who is above them, or may what they ' +
          'may not (403).',
        access: { permissions: ['create:user'], stepUp: true },
        idempotency: { key: 'optional', store: 'core' },
        cost: { ...cost, sequential: 2, hops: 0, sends: 1 },
        json: CreateUserBody,
        bodyLimit: SMALL_BODY,
        answers: { 201: envelope(schema) },
        made: '/users/{id}',
      }),
      async (c) => {
        const user = await createUser(c.get('ctx'), c.req.valid('json'), (made) => ({
          data: view(made, WHOLE),
          shown: { version: made.version, view: viewOf(version, WHOLE) },
        }))
        return ok(c, view(user, WHOLE), { status: 201, etag: tagOf(user, version, WHOLE) })
      },
    )
    .put(
      '/:id',
      contract('Replace a user', {
        ...shared,
        description: `All fields are sent. ${CHANGES}`,
        access: { ...changedBy, stepUp: true },
        precondition: 'required',
        cost,
        param: UserId,
        json: PutUserBody,
        bodyLimit: SMALL_BODY,
        answers,
      }),
      async (c) => {
        const wished = c.req.valid('json')
        const change = { check: checkOf(c), wish: () => wished }
        return answer(c, await changeUser(c.get('ctx'), c.req.valid('param').id, change))
      },
    )
    .patch(
      '/:id',
      contract('Change some of a user', {
        ...shared,
        description: CHANGES,
        access: { ...changedBy, stepUp: true },
        precondition: 'optional',
        cost,
        param: UserId,
        ...patchBodies(PatchedUser),
        bodyLimit: SMALL_BODY,
        answers,
      }),
      async (c) => {
        const wish = sentPatch(c, PatchedUser)
        return answer(c, await changeUser(c.get('ctx'), c.req.valid('param').id, { check: checkOf(c), wish }))
      },
    )
    .delete(
      '/:id',
      contract('Delete a user', {
        ...shared,
        description:
          'Begins the erasure of the account, for good: one’s own, or with `delete:user` somebody’s who is not above the ' +
          'caller. The last admin stays (409).',
        access: { owner: { ...changedBy.owner, orPermission: 'delete:user' }, stepUp: true },
        precondition: 'optional',
        cost: { ...cost, rowsRead: 300, sends: 2 },
        param: UserId,
        answers: { 204: null },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await deleteUser(c.get('ctx'), id, c.get('expected'))
        const { actor } = c.get('ctx')
        if (actor.kind === 'user' && actor.userId === id) clearRefreshCookie(c)
        return c.body(null, 204)
      },
    )
    .patch('/:id/activate', contract('Open a user’s account again', switching), async (c) => {
      const { id } = c.req.valid('param')
      await reactivateUser(c.get('ctx'), id, { check: checkOf(c) })
      return answer(c, await readUser(c.get('ctx'), id))
    })
    .patch('/:id/deactivate', contract('Close a user’s account', switching), async (c) => {
      const { id } = c.req.valid('param')
      await deactivateUser(c.get('ctx'), id, { check: checkOf(c) })
      return answer(c, await readUser(c.get('ctx'), id))
    })
}
