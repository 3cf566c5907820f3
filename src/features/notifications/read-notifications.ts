import { requireUser, type ServiceContext } from '../../context.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { countUnread, listNotifications, toNotification } from './queries.ts'
import type { Notification } from './schemas.ts'

const MOST_COUNTED = 1_000

export async function listOwnNotifications(
  ctx: ServiceContext,
  query: { cursor?: string | undefined; limit: number; unreadOnly: boolean },
): Promise<Page<Notification>> {
  const { userId } = requireUser(ctx)
  const rows = await listNotifications(ctx.activity.db, userId, {
    unreadOnly: query.unreadOnly,
    after: decodeCursor(query.cursor, TimePlace),
    limit: query.limit + 1,
  })
  const page = toPage(rows, query.limit, (row): TimePlace => [row.updatedAt, row.id])
  return { ...page, items: page.items.map(toNotification) }
}

export async function countOwnUnread(ctx: ServiceContext): Promise<{ count: number }> {
  return { count: await countUnread(ctx.activity.db, requireUser(ctx).userId, MOST_COUNTED) }
}
