import { Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract, SMALL_BODY } from '../../http/contract.ts'
import { cursorMeta, cursorQuery } from '../../http/conventions/pagination.ts'
import { cursorPage, envelope, ok } from '../../http/envelope.ts'
import { decideReport } from './decide-report.ts'
import { readReport, readReports } from './read-reports.ts'
import { reportMessage } from './report-message.ts'
import {
  DecideReportBody,
  OwnReport,
  Report,
  ReportedMessage,
  ReportFilter,
  ReportId,
  ReportMessageBody,
} from './schemas.ts'

const tag = 'Moderation'

/** Below `/chat`: what members of a room may do. */
export const messageReportRoutes = new Hono<AppEnv>().post(
  '/rooms/:id/messages/:messageId/reports',
  contract('Report a message to the moderators', {
    tag,
    access: 'user',
    limits: [{ policy: 'reports' }],
    idempotency: { key: 'optional', store: 'core' },
    cache: 'no-store',
    cost: { trips: 4, sequential: 2, rowsRead: 140, rowsWritten: 12, hops: 1, sends: 0 },
    description:
      'What it says now is kept as evidence. A person reports a message once: 201, and 200 with the same report after that. ' +
      'Where a hundred people have, and nobody has decided yet, it is enough: 409.',
    param: ReportedMessage,
    json: ReportMessageBody,
    bodyLimit: SMALL_BODY,
    answers: { 200: envelope(OwnReport), 201: envelope(OwnReport) },
  }),
  async (c) => {
    const { id: roomId, messageId } = c.req.valid('param')
    const { report, isNew } = await reportMessage(c.get('ctx'), { roomId, messageId }, c.req.valid('json'))
    return ok(c, report, { status: isNew ? 201 : 200 })
  },
)

const moderating = {
  tag,
  access: { permissions: ['moderate:content'] },
  limits: [],
  cache: 'no-store',
} as const
const reading = { ...moderating, idempotency: 'off' } as const

const ReportsQuery = cursorQuery().extend(ReportFilter.shape)

/** The moderators' queue. */
export const moderationRoutes = new Hono<AppEnv>()
  .get(
    '/',
    contract('List reports, newest first', {
      ...reading,
      cost: { trips: 2, sequential: 1, rowsRead: { perItem: 2, besides: 50 }, rowsWritten: 0, hops: 0, sends: 0 },
      query: ReportsQuery,
      answers: { 200: cursorPage(Report) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = await readReports(c.get('ctx'), query)
      return ok(c, page.items, { meta: cursorMeta(page, query.limit) })
    },
  )
  .get(
    '/:id',
    contract('Read a report', {
      ...reading,
      cost: { trips: 2, sequential: 1, rowsRead: 55, rowsWritten: 0, hops: 0, sends: 0 },
      param: ReportId,
      answers: { 200: envelope(Report) },
    }),
    async (c) => ok(c, await readReport(c.get('ctx'), c.req.valid('param').id)),
  )
  .post(
    '/:id/decide',
    contract('Decide on a report', {
      ...moderating,
      idempotency: { key: 'optional', store: 'core' },
      cost: { trips: 4, sequential: 3, rowsRead: 380, rowsWritten: 330, hops: 1, sends: 0 },
      description: 'All reports of the same message that are open are decided with it, a hundred at most.',
      param: ReportId,
      json: DecideReportBody,
      bodyLimit: SMALL_BODY,
      answers: { 200: envelope(Report) },
    }),
    async (c) => ok(c, await decideReport(c.get('ctx'), c.req.valid('param').id, c.req.valid('json'))),
  )
