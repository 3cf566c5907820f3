import type { ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { decodeCursor, encodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { type AuditRow, findUsernames, listActs } from './audit-queries.ts'
import { mergeScans } from './domain/merge-scans.ts'
import type { AuditEntry, AuditFilter } from './schemas.ts'

/**
 * Acts of all services, newest first: each writes its own into the trail of the database in which it has acted. A page
 * ends at one time and id, which no two acts share, so one place tells every trail where to go on.
 */
export async function readAudit(
  ctx: ServiceContext,
  { cursor, limit, ...filter }: AuditFilter & { cursor?: string | undefined; limit: number },
): Promise<Page<AuditEntry>> {
  const after = decodeCursor(cursor, TimePlace)
  const scans = await Promise.all(ctx.trails.map((db) => listActs(db, { filter, after, limit: limit + 1 })))
  const { rows, stoppedAt } = mergeScans(scans, limit)
  const page = toPage(rows, limit, (row): TimePlace => [row.at, row.id])
  const nextCursor = page.nextCursor ?? (stoppedAt ? encodeCursor(stoppedAt) : null)
  const names = await namesIn(ctx, page.items)
  return { items: page.items.map((row) => toEntry(row, names)), nextCursor }
}

/** People are in the core database, wherever the act is. */
async function namesIn(ctx: ServiceContext, rows: readonly AuditRow[]): Promise<ReadonlyMap<string, string>> {
  const ids = rows.flatMap(({ actorId, targetType, targetId }) => [actorId, targetType === 'user' ? targetId : null])
  const people = [...new Set(ids.filter((id) => id !== null))]
  return people.length === 0 ? new Map() : findUsernames(ctx.core.db, people)
}

function toEntry({ at, ...row }: AuditRow, names: ReadonlyMap<string, string>): AuditEntry {
  return {
    ...row,
    actorUsername: (row.actorId !== null && names.get(row.actorId)) || null,
    targetUsername: (row.targetType === 'user' && names.get(row.targetId)) || null,
    at: isoTime(at),
  }
}
