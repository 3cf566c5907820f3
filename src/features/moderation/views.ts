import { isoTime, isoTimeOrNull } from '../../platform/clock.ts'
import type { ReportRow } from './queries.ts'
import type { OwnReport, Report } from './schemas.ts'

/** The columns that the person who has reported sees. */
export type OwnReportRow = Pick<ReportRow, 'id' | 'roomId' | 'messageId' | 'category' | 'note' | 'createdAt'>

/** Nothing of what moderators do with it. */
export function toOwnReport({ id, roomId, messageId, category, note, createdAt }: OwnReportRow): OwnReport {
  return { id, roomId, messageId, category, note, createdAt: isoTime(createdAt) }
}

export function toReport(row: ReportRow): Report {
  return {
    id: row.id,
    status: row.status,
    category: row.category,
    note: row.note,
    reporterId: row.reporterId,
    roomId: row.roomId,
    message: {
      id: row.messageId,
      content: row.content,
      author: { id: row.authorId, username: row.authorName },
      createdAt: isoTime(row.sentAt),
    },
    createdAt: isoTime(row.createdAt),
    decidedAt: isoTimeOrNull(row.decidedAt),
    decidedBy: row.decidedBy,
    reason: row.reason,
  }
}
