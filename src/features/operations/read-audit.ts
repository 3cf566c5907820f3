import type { ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { decodeCursor, encodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { type AuditRow, listActs } from './audit-queries.ts'
import type { AuditEntry, AuditFilter } from './schemas.ts'

/**
 * Acts on accounts, dead letters and reports, newest first. All of them are in the core database: nothing that is
 * stored in the other one is audited today, so its trail is not read.
 */
export async function readAudit(
  ctx: ServiceContext,
  { cursor, limit, ...filter }: AuditFilter & { cursor?: string | undefined; limit: number },
): Promise<Page<AuditEntry>> {
  const after = decodeCursor(cursor, TimePlace)
  const { rows, stoppedAt } = await listActs(ctx.core.db, { filter, after, limit: limit + 1 })
  const page = toPage(rows, limit, (row): TimePlace => [row.at, row.id])
  const nextCursor = page.nextCursor ?? (stoppedAt ? encodeCursor(stoppedAt) : null)
  return { items: page.items.map(toEntry), nextCursor }
}

function toEntry({ at, ...row }: AuditRow): AuditEntry {
  return { ...row, at: isoTime(at) }
}
