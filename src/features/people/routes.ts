import { Hono } from 'hono'
import { z } from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { findPeople } from './find-people.ts'
import { PeopleQuery, Person } from './schemas.ts'

export const peopleRoutes = new Hono<AppEnv>().get(
  '/',
  contract('Find people by the start of a username or name', {
    access: 'user',
    tag: 'People',
    limits: [],
    idempotency: 'off',
    cache: 'no-store',
    cost: { trips: 2, sequential: 1, rowsRead: 200, rowsWritten: 0, hops: 0, sends: 0 },
    query: PeopleQuery,
    answers: { 200: envelope(z.array(Person)) },
  }),
  async (c) => ok(c, await findPeople(c.var.ctx, c.req.valid('query').q)),
)
