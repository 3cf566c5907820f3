import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, Done, envelope, ok } from '../../http/envelope.ts'
import { blockPerson, unblockPerson } from './block-person.ts'
import { findPeople } from './find-people.ts'
import { listBlockedPeople } from './list-blocked.ts'
import { BlockedPerson, PeopleQuery, Person, PersonId } from './schemas.ts'

const common = { access: 'user', tag: 'People', limits: [], idempotency: 'off', cache: 'no-store' } as const
const blocking = { ...common, cost: { trips: 4, sequential: 2, rowsRead: 35, rowsWritten: 12, hops: 1, sends: 1 } }

const BlockedQuery = cursorQuery()

export const peopleRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('Find people by the start of a username or name', {
      ...common,
      cost: { trips: 2, sequential: 1, rowsRead: 200, rowsWritten: 0, hops: 0, sends: 0 },
      query: PeopleQuery,
      answers: { 200: envelope(z.array(Person)) },
    }),
    async (c) => ok(c, await findPeople(c.get('ctx'), c.req.valid('query').q)),
  )
  .get(
    '/blocked',
    contract('List the people whom one has blocked, newest first', {
      ...common,
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 3, besides: 25 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: BlockedQuery,
      answers: { 200: cursorPage(BlockedPerson) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await listBlockedPeople(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .put(
    '/:id/block',
    contract('Block a person', {
      ...blocking,
      description:
        'Neither of the two writes to the other from then on. In groups both are heard: clients hide whom one has blocked.',
      param: PersonId,
      answers: { 200: envelope(Done) },
    }),
    async (c) => {
      await blockPerson(c.get('ctx'), c.req.valid('param').id)
      return ok(c, { success: true })
    },
  )
  .delete(
    '/:id/block',
    contract('Unblock a person', { ...blocking, param: PersonId, answers: { 200: envelope(Done) } }),
    async (c) => {
      await unblockPerson(c.get('ctx'), c.req.valid('param').id)
      return ok(c, { success: true })
    },
  )
