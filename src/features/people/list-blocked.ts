import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { listBlocked } from './block-queries.ts'
import type { BlockedPerson } from './schemas.ts'

/** Whom the caller has blocked, newest first. */
export async function listBlockedPeople(
  ctx: ServiceContext,
  query: { cursor?: string | undefined; limit: number },
): Promise<Page<BlockedPerson>> {
  const { userId } = requireUser(ctx)
  const rows = await listBlocked(ctx.core.db, userId, decodeCursor(query.cursor, TimePlace), query.limit + 1)
  const page = toPage(rows, query.limit, (row): TimePlace => [row.blockedAt, row.id])
  return { ...page, items: page.items.map((row) => ({ ...row, blockedAt: isoTime(row.blockedAt) })) }
}
