import { Hono } from 'hono'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract } from '../../../http/contract.ts'
import { filterText } from '../../../http/conventions/filtering.ts'
import { pagedMeta, pagedQuery } from '../../../http/conventions/pagination.ts'
import { sortOf, sortParameters } from '../../../http/conventions/sorting.ts'
import { envelope, numberedPage, ok } from '../../../http/envelope.ts'
import { notFound } from '../../../platform/errors.ts'
import { RoleQuery } from '../access/schemas.ts'
import { UserId } from '../schemas.ts'
import { userChangeRoutes } from './resource-routes.ts'
import { common, seenBy, tagOf, USERS_V1 } from './route-policies.ts'
import { ListedUserV1, UserV1 } from './v1-schemas.ts'
import { listUsersForV1, readUserForV1 } from './v1-users.ts'
import { toUserV1 } from './v1-views.ts'

const { sortBy, order } = sortParameters(['createdAt', 'name'])
const UsersQuery = pagedQuery(10).safeExtend({
  ...RoleQuery.shape,
  search: filterText(100).trim().optional(),
  ...{ sortBy, order },
})

/** Users as version 1 tells of them. What was added to it before version 2 came stays: roles in the list, and pages. */
export const usersV1Routes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List users with their roles, newest first', {
      ...common,
      deprecated: USERS_V1,
      access: { minimumRole: ['moderator'] },
      description:
        'For moderators and admins. `role` names those who hold it, whatever else they hold; it does not go with `search` ' +
        'and `sortBy` (422). `email` is null for those who do not look after accounts.',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 8, besides: 25_000 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: UsersQuery,
      answers: { 200: numberedPage(ListedUserV1) },
    }),
    async (c) => {
      const { search, sortBy, order, ...query } = c.req.valid('query')
      const isOrdered = sortBy !== undefined || order !== undefined
      const page = await listUsersForV1(c.get('ctx'), {
        ...query,
        search: search === '' ? undefined : search,
        sort: isOrdered ? sortOf({ sortBy, order }, { field: 'createdAt', direction: 'desc' }) : undefined,
      })
      return ok(c, page.items, { meta: pagedMeta(page, query) })
    },
  )
  // Version 2 has a search here: in this one it is no path, and no id either.
  .all('/search', () => {
    throw notFound('Path')
  })
  .get(
    '/:id',
    contract('Read a user', {
      ...common,
      cache: 'revalidate',
      deprecated: USERS_V1,
      access: seenBy,
      description: 'Oneself, or for moderators and admins anybody.',
      cost: { trips: 2, sequential: 2, rowsRead: 40, rowsWritten: 0, hops: 0, sends: 0 },
      param: UserId,
      answers: { 200: envelope(UserV1) },
    }),
    async (c) => {
      const { user, version, sight } = await readUserForV1(c.get('ctx'), c.req.valid('param').id)
      return ok(c, user, { etag: tagOf({ version }, 'v1', sight) })
    },
  )
  .route('/', userChangeRoutes({ version: 'v1', schema: UserV1, view: toUserV1, deprecated: USERS_V1 }))
