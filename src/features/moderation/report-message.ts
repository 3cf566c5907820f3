import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { ConstraintFailed, expectChanged } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { findMessage } from '../chat/index.ts'
import { MOST_OPEN_REPORTS } from './domain/report.ts'
import { MessageReported } from './events.ts'
import { findOwnReport } from './queries.ts'
import type { OwnReport, ReportMessageBody } from './schemas.ts'
import { reports } from './tables.ts'
import { type OwnReportRow, toOwnReport } from './views.ts'

interface Reported {
  report: OwnReport
  isNew: boolean
}

/**
 * Puts a message before the moderators, with what it says now. A person reports a message once: again, it is the first
 * report. @throws Refusal where the caller cannot see the message, or wrote it, or enough others have reported it
 */
export async function reportMessage(
  ctx: ServiceContext,
  { roomId, messageId }: { roomId: string; messageId: string },
  { category, note }: ReportMessageBody,
): Promise<Reported> {
  const { userId } = requireUser(ctx)
  const seen = findMessage(ctx, roomId, messageId)
  // Awaited below, unless it does not matter: what was reported before may be gone by now.
  seen.catch(() => undefined)
  const known = await findOwnReport(ctx.core.db, userId, messageId)
  if (known?.roomId === roomId) return answerKnown(ctx, known)
  const { content, sender, createdAt: sentAt } = await seen
  if (sender.id === userId) {
    throw new Refusal('UNPROCESSABLE', 'You cannot report yourself', {
      fields: [{ field: 'messageId', message: 'You wrote this message' }],
    })
  }
  const row = { id: ctx.newId(), roomId, messageId, category, note: note ?? null, createdAt: ctx.clock() }
  const report = toOwnReport(row)
  const about = { reportId: row.id, roomId, messageId, authorId: sender.id, reporterId: userId, category }
  try {
    await ctx.core.commit(
      [
        ...ctx.idempotency.answered(201, report),
        sql`
          insert into ${reports} (id, reporter_id, room_id, message_id, category, note, content, author_id, author_name,
            sent_at, created_at)
          select ${row.id}, ${userId}, ${roomId}, ${messageId}, ${category}, ${row.note}, ${content}, ${sender.id},
            ${sender.username}, ${Date.parse(sentAt)}, ${row.createdAt}
          where (select count(*) from reports where message_id = ${messageId} and status = 'open') < ${MOST_OPEN_REPORTS}
        `,
        expectChanged('reports:most'),
        ctx.event(MessageReported, { aggregateId: row.id, sequence: 1, payload: about }),
      ],
      { refusals: { 'reports:most': () => new Refusal('CONFLICT', 'Enough people have reported this message') } },
    )
  } catch (error) {
    // The same person was quicker elsewhere.
    const first = error instanceof ConstraintFailed && (await findOwnReport(ctx.core.db, userId, messageId))
    if (!first) throw error
    return answerKnown(ctx, first)
  }
  return { report, isNew: true }
}

async function answerKnown(ctx: ServiceContext, row: OwnReportRow): Promise<Reported> {
  const report = toOwnReport(row)
  await ctx.core.commit(ctx.idempotency.answered(200, report))
  return { report, isNew: false }
}
