import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, envelope, ok } from '../../http/envelope.ts'
import { discardDeadLetter, redriveDeadLetter } from './decide-dead-letter.ts'
import { readAudit } from './read-audit.ts'
import { readDeadLetter, readDeadLetters } from './read-dead-letters.ts'
import { readFigures } from './read-figures.ts'
import { readLimits } from './read-limits.ts'
import { readLiveFigures } from './read-live-figures.ts'
import { reportActivity } from './report-activity.ts'
import {
  ActivityReport,
  AuditEntry,
  AuditFilter,
  DeadLetter,
  DeadLetterFilter,
  DeadLetterId,
  DeadLetterWithBody,
  DecisionBody,
  EventFigures,
  Limits,
  LiveFigures,
  LiveFiguresQuery,
  ReportBody,
} from './schemas.ts'

const reading = {
  tag: 'Operations',
  access: { permissions: ['view:logs'] },
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
} as const

const deciding = {
  tag: 'Operations',
  access: { permissions: ['manage:settings'] },
  limits: [],
  idempotency: { key: 'optional', store: 'core' },
  cache: 'no-store',
  bodyLimit: SMALL_BODY,
  cost: { trips: 4, sequential: 2, rowsRead: 65, rowsWritten: 14, hops: 0, sends: 1 },
} as const

const AuditQuery = cursorQuery().extend(AuditFilter.shape)
const DeadLettersQuery = cursorQuery().extend(DeadLetterFilter.shape)

/** What keeps the system going, for those who look after it. */
export const operationsRoutes = new Hono<AppEnv>()
  .get(
    '/events',
    contract('Read how events fare', {
      ...reading,
      description: 'What waits in outboxes and queues, how late effects come, how many messages were given up.',
      cost: { trips: 8, sequential: 1, rowsRead: 4_400, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(EventFigures) },
    }),
    async (c) => ok(c, await readFigures(c.get('ctx'))),
  )
  .get(
    '/dead-letters',
    contract('List messages that were given up, newest first', {
      ...reading,
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 50 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: DeadLettersQuery,
      answers: { 200: cursorPage(DeadLetter) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readDeadLetters(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .get(
    '/dead-letters/:id',
    contract('Read one with the message itself', {
      ...reading,
      cost: { trips: 2, sequential: 1, rowsRead: 55, rowsWritten: 0, hops: 0, sends: 0 },
      param: DeadLetterId,
      answers: { 200: envelope(DeadLetterWithBody) },
    }),
    async (c) => ok(c, await readDeadLetter(c.get('ctx'), c.req.valid('param').id)),
  )
  .post(
    '/dead-letters/:id/redrive',
    contract('Have it tried again', {
      ...deciding,
      param: DeadLetterId,
      json: DecisionBody,
      answers: { 200: envelope(DeadLetter) },
    }),
    async (c) => ok(c, await redriveDeadLetter(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').reason)),
  )
  .post(
    '/dead-letters/:id/discard',
    contract('Give it up for good', {
      ...deciding,
      param: DeadLetterId,
      json: DecisionBody,
      answers: { 200: envelope(DeadLetter) },
    }),
    async (c) => ok(c, await discardDeadLetter(c.get('ctx'), c.req.valid('param').id, c.req.valid('json').reason)),
  )
  .get(
    '/audit',
    contract('Look through the audit trail, newest first', {
      ...reading,
      description:
        'Who did what to whom. With ip or requestId, or more than one of action, actorId and targetId, a page may hold ' +
        'fewer acts than asked for, or none, and still have a next one: it looks at a thousand acts of each database, and ' +
        'no more.',
      cost: { trips: 5, sequential: 2, rowsRead: { perItem: 4, besides: 15_300 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: AuditQuery,
      answers: { 200: cursorPage(AuditEntry) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readAudit(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .get(
    '/limits',
    contract('Read the limits as they hold here', {
      ...reading,
      cost: { trips: 1, sequential: 1, rowsRead: 50, rowsWritten: 0, hops: 0, sends: 0 },
      answers: { 200: envelope(Limits) },
    }),
    (c) => ok(c, readLimits(c.get('ctx'))),
  )
  .get(
    '/figures',
    contract('Read what the system does, as it counts itself', {
      ...reading,
      access: { anyPermission: ['view:analytics', 'view:logs'] },
      description:
        'Requests, errors, latency, what databases, objects and queues do, open sockets and refusals by limits, in ' +
        'stretches of time. Isolates tell some seconds late, and those that die take their last seconds with them.',
      cost: { trips: 1, sequential: 1, rowsRead: 3_750, rowsWritten: 0, hops: 12, sends: 0 },
      query: LiveFiguresQuery,
      answers: { 200: envelope(LiveFigures) },
    }),
    async (c) => ok(c, await readLiveFigures(c.get('ctx'), c.req.valid('query').minutes)),
  )

/** The limits' own example of what costs us much: a report, made anew each time. */
export const reportRoutes = new Hono<AppEnv>().post(
  '/',
  contract('Export a report of activity', {
    tag: 'Operations',
    access: { permissions: ['view:analytics'] },
    limits: [{ policy: 'expensive' }],
    idempotency: 'off',
    cache: 'no-store',
    cost: { trips: 2, sequential: 2, rowsRead: 10_100, rowsWritten: 3, hops: 1, sends: 0 },
    json: ReportBody,
    bodyLimit: SMALL_BODY,
    answers: { 200: envelope(ActivityReport) },
  }),
  async (c) => ok(c, await reportActivity(c.get('ctx'), c.req.valid('json').days)),
)
