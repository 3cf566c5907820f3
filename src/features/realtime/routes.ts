import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { issueTicket } from './issue-ticket.ts'
import { SocketTicket } from './schemas.ts'

export const socketTicketRoutes = new Hono<AppEnv>().post(
  '/',
  contract('Get a ticket for a socket', {
    // A socket lives as long as a session.
    access: { session: true },
    tag: 'Realtime',
    limits: [{ policy: 'sockets' }],
    idempotency: 'off',
    cache: 'no-store',
    cost: { trips: 1, sequential: 1, rowsRead: 90, rowsWritten: 4, hops: 1, sends: 0 },
    answers: { 201: envelope(SocketTicket) },
  }),
  async (c) => ok(c, await issueTicket(c.get('ctx')), { status: 201 }),
)
