import { and, desc, eq, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import { notFound } from '../../platform/errors.ts'
import type { Status } from './domain/report.ts'
import { reports } from './tables.ts'

export type ReportRow = typeof reports.$inferSelect

/** What this person has reported of this message, if they have. */
export async function findOwnReport(db: Db, reporterId: string, messageId: string): Promise<ReportRow | undefined> {
  const [row] = await db
    .select()
    .from(reports)
    .where(and(eq(reports.reporterId, reporterId), eq(reports.messageId, messageId)))
  return row
}

/** What this person has reported. */
export function listOwnReports(db: Db, reporterId: string, limit: number) {
  const { roomId, messageId, category, note, createdAt } = reports
  return db
    .select({ roomId, messageId, category, note, createdAt })
    .from(reports)
    .where(eq(reports.reporterId, reporterId))
    .limit(limit)
}

/** Everybody's, newest first: for those who moderate. */
export function listReports(
  db: Db,
  { status, after, limit }: { status: Status | undefined; after: TimePlace | undefined; limit: number },
): Promise<ReportRow[]> {
  return db
    .select()
    .from(reports)
    .where(
      and(
        status && eq(reports.status, status),
        after && sql`(${reports.createdAt}, ${reports.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(reports.createdAt), desc(reports.id))
    .limit(limit)
}

/** @throws Refusal where there is none */
export async function fetchReport(db: Db, id: string): Promise<ReportRow> {
  const [row] = await db.select().from(reports).where(eq(reports.id, id))
  if (!row) throw notFound('Report')
  return row
}
