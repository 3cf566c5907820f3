import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, Done, envelope, ok } from '../../http/envelope.ts'
import { endUserSessions } from './access/end-user-sessions.ts'
import { OtherUserId, StatedBody } from './access/schemas.ts'
import { readUser, readUsers } from './read-users.ts'
import { UserDetails, UserId, UserSearch, UserSummary } from './schemas.ts'

const looking = {
  tag: 'Users',
  // Addresses and states of everybody are for those who may also change them.
  access: { permissions: ['manage:settings'] },
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
} as const

const UsersQuery = cursorQuery().extend(UserSearch.shape)

/** Who has an account, for those who look after them. */
export const adminUserRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List users, newest first', {
      ...looking,
      description:
        'With `q` those whose e-mail address, username, name or last name begins with it, on one page. With both role ' +
        'and tier a page may hold fewer than asked for and still have a next one: it looks at 500 people and no more.',
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 6, besides: 5_000 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: UsersQuery,
      answers: { 200: cursorPage(UserSummary) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readUsers(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .get(
    '/:id',
    contract('Read a user', {
      ...looking,
      cost: { trips: 2, sequential: 1, rowsRead: 1_200, rowsWritten: 0, hops: 0, sends: 0 },
      param: UserId,
      answers: { 200: envelope(UserDetails) },
    }),
    async (c) => ok(c, await readUser(c.get('ctx'), c.req.valid('param').id)),
  )
  .post(
    '/:id/sessions/revoke',
    contract('Sign a user out everywhere', {
      ...looking,
      access: { permissions: ['manage:settings'], stepUp: true },
      idempotency: { key: 'optional', store: 'core' },
      description:
        'They may sign in anew at once, and are told by mail; their API keys go on. Nobody does so to somebody above ' +
        'them (403), nor to themselves (400).',
      // As many rows and their places in two indexes as one may have.
      cost: { trips: 4, sequential: 2, rowsRead: 700, rowsWritten: 345, hops: 1, sends: 2 },
      param: OtherUserId,
      json: StatedBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await endUserSessions(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').reason)
      return ok(c, { success: true })
    },
  )
