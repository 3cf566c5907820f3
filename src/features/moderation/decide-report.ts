import { and, eq } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import type { Act } from '../../platform/audit/acts.ts'
import { isoTime } from '../../platform/clock.ts'
import { expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { demandFreshKey } from '../../platform/idempotency/remembered.ts'
import { removeMessage } from '../chat/index.ts'
import { statusAfter } from './domain/report.ts'
import { ReportDecided } from './events.ts'
import { fetchReport } from './queries.ts'
import type { DecideReportBody, Report } from './schemas.ts'
import { reports } from './tables.ts'
import { toReport } from './views.ts'

const decided = () => new Refusal('CONFLICT', 'Somebody has decided on this report already')

/**
 * Decides on a report, and with it on all that are open for the same message. The message goes first: cut off after
 * that, the report is still open, and deciding again removes what is removed. @throws Refusal where it is decided
 */
export async function decideReport(
  ctx: ServiceContext,
  id: string,
  { decision, reason }: DecideReportBody,
): Promise<Report> {
  const { userId } = requireUser(ctx)
  const [row] = await Promise.all([
    fetchReport(ctx.core.db, id),
    // The room is told before the batch that would find the key taken.
    demandFreshKey(ctx.core.db, ctx.idempotency.attempt(), ctx.clock()),
  ])
  if (row.status !== 'open') throw decided()
  const { roomId, messageId, authorId } = row
  if (decision === 'delete_message') await removeMessage(ctx, roomId, messageId)

  const at = ctx.clock()
  const status = statusAfter(decision)
  const after = { ...toReport(row), status, decidedAt: isoTime(at), decidedBy: userId, reason }
  const change = { status, decidedAt: at, decidedBy: userId, reason }
  const audited = (action: Act) =>
    ctx.audit(action, { targetType: 'report', targetId: id, reason, details: { roomId, messageId, authorId } })
  const { db } = ctx.core
  try {
    await ctx.core.commit([
      ...ctx.idempotency.answered(200, after),
      db
        .update(reports)
        .set(change)
        .where(and(eq(reports.id, id), eq(reports.status, 'open'))),
      expectChanged('report:open'),
      db
        .update(reports)
        .set(change)
        .where(and(eq(reports.messageId, messageId), eq(reports.status, 'open'))),
      ctx.event(ReportDecided, {
        aggregateId: id,
        sequence: 2,
        payload: { reportId: id, roomId, messageId, authorId, decision, decidedBy: userId, at },
      }),
      audited(decision === 'dismiss' ? 'REPORT_DISMISSED' : 'REPORT_UPHELD'),
    ])
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    // Another moderator was quicker. The message is gone all the same, and no act is without its row.
    if (decision === 'delete_message') await ctx.core.commit([audited('REPORTED_MESSAGE_DELETED')])
    throw decided()
  }
  return after
}
