import { requireUser, type ServiceContext } from '../../context.ts'
import { decodeCursor, TimePlace, toPage } from '../../platform/cursor.ts'
import { COUNT_UP_TO, type CountedPage, offsetOf, type Paging, totalOf } from '../../platform/paging.ts'
import { countNotifications, listNotifications, type Row, toNotification } from './queries.ts'
import type { Notification } from './schemas.ts'

const MOST_COUNTED = 1_000

/** One page, newest first, in one trip. By number it also tells how many there are. */
export async function listOwnNotifications(
  ctx: ServiceContext,
  query: Paging & { unreadOnly: boolean },
): Promise<CountedPage<Notification>> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.activity
  const { unreadOnly } = query
  const listed = listNotifications(db, userId, {
    unreadOnly,
    after: decodeCursor(query.cursor, TimePlace),
    offset: offsetOf(query),
    limit: query.limit + 1,
  })
  if (query.cursor !== undefined) return { ...pageOf(await listed, query.limit), total: null }
  const [rows, counts] = await db.batch([listed, countNotifications(db, userId, { unreadOnly, most: COUNT_UP_TO })])
  return { ...pageOf(rows, query.limit), total: totalOf(counts[0]?.count ?? 0) }
}

function pageOf(rows: Row[], limit: number) {
  const page = toPage(rows, limit, (row): TimePlace => [row.updatedAt, row.id])
  return { ...page, items: page.items.map(toNotification) }
}

export async function countOwnUnread(ctx: ServiceContext): Promise<{ count: number }> {
  const { userId } = requireUser(ctx)
  const counts = await countNotifications(ctx.activity.db, userId, { unreadOnly: true, most: MOST_COUNTED })
  return { count: counts[0]?.count ?? 0 }
}
