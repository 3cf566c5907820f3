import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../../http/contract.ts'
import { fieldsParameter, pickFields } from '../../../http/conventions/fields.ts'
import { filterText } from '../../../http/conventions/filtering.ts'
import { answerList, FORMATS, listAnswers, pagingOf } from '../../../http/conventions/list-answer.ts'
import { modalQuery } from '../../../http/conventions/pagination.ts'
import { patchBodies, sentPatch } from '../../../http/conventions/patch.ts'
import { refuseInherited } from '../../../http/conventions/refuse-inherited.ts'
import { sortOf, sortParameters } from '../../../http/conventions/sorting.ts'
import { envelope, ok } from '../../../http/envelope.ts'
import { setRole } from '../access/change-roles.ts'
import { OtherUserId, RoleBody } from '../access/schemas.ts'
import { UserId } from '../schemas.ts'
import { changeProfile, readProfile } from './change-profile.ts'
import { listUsers, readUser } from './read-users.ts'
import { userChangeRoutes } from './resource-routes.ts'
import { changedBy, checkOf, common, seenBy, tagOf } from './route-policies.ts'
import { PatchedProfile, PutProfileBody } from './schemas.ts'
import { SparseUserV2, UserProfile, UserV2 } from './v2-schemas.ts'
import { toProfile, toUserV2 } from './v2-views.ts'
import type { StoredUser } from './views.ts'

const searchText = filterText(100).trim()
const shown = {
  fields: fieldsParameter.optional(),
  format: z.enum(FORMATS).optional(),
  ...sortParameters(['createdAt', 'name']),
}
const UsersQuery = modalQuery({ search: searchText.optional(), ...shown }, 10)
const SearchQuery = modalQuery({ q: searchText.min(1).regex(/\S/u, 'Say what to search for'), ...shown }, 10)

const listing = {
  ...common,
  cache: 'revalidate',
  access: { minimumRole: ['moderator'] },
  // As many names as are sorted at most, or the pages before; and the total.
  cost: { trips: 2, sequential: 1, rowsRead: { perItem: 8, besides: 25_000 }, rowsWritten: 0, hops: 0, sends: 0 },
  answers: { 200: listAnswers(UserV2, SparseUserV2) },
} as const
// Another picture is told to those who keep one.
const PROFILE_COST = { trips: 4, sequential: 4, rowsRead: 710, rowsWritten: 40, hops: 0, sends: 1 } as const

const WHOLE = { seesReach: true }
const answerProfile = (c: Context<AppEnv>, user: StoredUser) =>
  ok(c, toProfile(user), { etag: tagOf(user, 'profile', WHOLE) })

export const usersV2Routes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List users', {
      ...listing,
      description:
        'For moderators and admins. Newest first, unless `sortBy` and `order` or `sort` say otherwise; `search` is a part ' +
        'of the name. Addresses and phone numbers are null for those who do not look after accounts.',
      query: UsersQuery,
    }),
    (c) => answerUsers(c, c.req.valid('query'), c.req.valid('query').search),
  )
  // Before what takes an id in this place.
  .get('/search', contract('Search users by a part of their name', { ...listing, query: SearchQuery }), (c) =>
    answerUsers(c, c.req.valid('query'), c.req.valid('query').q),
  )
  .get(
    '/:id',
    contract('Read a user', {
      ...common,
      cache: 'revalidate',
      access: seenBy,
      description: 'Oneself, or for moderators and admins anybody.',
      cost: { trips: 2, sequential: 2, rowsRead: 40, rowsWritten: 0, hops: 0, sends: 0 },
      param: UserId,
      answers: { 200: envelope(UserV2) },
    }),
    async (c) => {
      const { user, sight } = await readUser(c.get('ctx'), c.req.valid('param').id)
      return ok(c, toUserV2(user, sight), { etag: tagOf(user, 'v2', sight) })
    },
  )
  .get(
    '/:id/profile',
    contract('Read a user’s profile', {
      ...common,
      cache: 'revalidate',
      access: { permissions: ['read:user'], ...changedBy },
      description: 'One’s own, or for admins anybody’s.',
      cost: { trips: 2, sequential: 2, rowsRead: 40, rowsWritten: 0, hops: 0, sends: 0 },
      param: UserId,
      answers: { 200: envelope(UserProfile) },
    }),
    async (c) => answerProfile(c, await readProfile(c.get('ctx'), c.req.valid('param').id)),
  )
  .put(
    '/:id/profile',
    contract('Replace a user’s profile', {
      ...common,
      access: changedBy,
      description: 'One’s own, or for admins anybody’s. All fields are sent; null where there is none.',
      precondition: 'optional',
      cost: PROFILE_COST,
      param: UserId,
      json: PutProfileBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(UserProfile) },
    }),
    async (c) => {
      const wished = c.req.valid('json')
      const change = { check: checkOf(c), wish: () => wished }
      return answerProfile(c, await changeProfile(c.get('ctx'), c.req.valid('param').id, change))
    },
  )
  .patch(
    '/:id/profile',
    contract('Change some of a user’s profile', {
      ...common,
      access: changedBy,
      description: 'One’s own, or for admins anybody’s.',
      precondition: 'optional',
      cost: PROFILE_COST,
      param: UserId,
      ...patchBodies(PatchedProfile),
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(UserProfile) },
    }),
    async (c) => {
      const wish = sentPatch(c, PatchedProfile)
      const change = { check: checkOf(c), wish }
      return answerProfile(c, await changeProfile(c.get('ctx'), c.req.valid('param').id, change))
    },
  )
  .patch(
    '/:id/change-role',
    contract('Set a user’s role', {
      ...common,
      access: { roles: ['admin'], stepUp: true },
      description:
        'Makes this the only role of the user. The last admin keeps theirs: 409. Nobody changes their own: 400.',
      precondition: 'optional',
      cost: { trips: 5, sequential: 3, rowsRead: 300, rowsWritten: 20, hops: 0, sends: 1 },
      param: OtherUserId,
      json: RoleBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(UserV2) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await setRole(c.get('ctx'), id, { ...c.req.valid('json'), check: checkOf(c) })
      const { user, sight } = await readUser(c.get('ctx'), id)
      return ok(c, toUserV2(user, sight), { etag: tagOf(user, 'v2', sight) })
    },
  )
  .route('/', userChangeRoutes({ version: 'v2', schema: UserV2, view: toUserV2 }))

async function answerUsers(c: Context<AppEnv>, query: z.output<typeof UsersQuery>, search: string | undefined) {
  refuseInherited(c)
  const paging = pagingOf(query)
  const { sight, ...found } = await listUsers(c.get('ctx'), {
    search: search === '' ? undefined : search,
    sort: sortOf(query, { field: 'createdAt', direction: 'desc' }),
    paging,
  })
  const keyOf = ({ createdAt, id }: UserV2) => ({ at: createdAt, id })
  const show = (item: UserV2) => pickFields(item, query.fields)
  const rows = found.rows.map((user) => toUserV2(user, sight))
  return answerList(c, { found: { ...found, rows }, paging, format: query.format, keyOf, show })
}
