import { and, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { isoTime } from '../../platform/clock.ts'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import type { Notification } from './schemas.ts'
import { notifications } from './tables.ts'

export type Row = typeof notifications.$inferSelect

/** The group of the watermark that reading all sets; its version is a time in milliseconds. */
export const ALL_GROUPS = ''

/** Up to when the user has read all, whatever stands in each row: so that doing so costs one row, not thousands. */
export function readAllAt(userId: string): SQL<number> {
  return sql<number>`coalesce((
    select seen_version from notification_watermarks where user_id = ${userId} and group_key = ${ALL_GROUPS}), 0)`
}

/** The columns of a notification, its reading as it stands with that watermark. */
function shown(userId: string) {
  return {
    ...getTableColumns(notifications),
    readAt: sql<
      number | null
    >`coalesce(read_at, case when updated_at <= ${readAllAt(userId)} then ${readAllAt(userId)} end)`.as(
      'shown_read_at',
    ),
  }
}

function isUnread(userId: string): SQL {
  return sql`read_at is null and updated_at > ${readAllAt(userId)}`
}

/** The caller's notifications, newest first. Both shapes are served by an index of their own. */
export function listNotifications(
  db: Db,
  userId: string,
  query: { unreadOnly: boolean; after: TimePlace | undefined; limit: number },
): Promise<Row[]> {
  const { after } = query
  return db
    .select(shown(userId))
    .from(notifications)
    .where(
      and(
        eq(notifications.userId, userId),
        query.unreadOnly ? isUnread(userId) : undefined,
        after && sql`(${notifications.updatedAt}, ${notifications.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(notifications.updatedAt), desc(notifications.id))
    .limit(query.limit)
}

/** Counted to `most` and no further. */
export async function countUnread(db: Db, userId: string, most: number): Promise<number> {
  const [row] = await db.all<{ count: number }>(sql`
    select count(*) as count from (
      select 1 from ${notifications} where user_id = ${userId} and ${isUnread(userId)} limit ${most})
  `)
  return row?.count ?? 0
}

export async function findNotification(db: Db, userId: string, id: string): Promise<Row | undefined> {
  const [row] = await db
    .select(shown(userId))
    .from(notifications)
    .where(and(eq(notifications.id, id), eq(notifications.userId, userId)))
  return row
}

export function toNotification(row: Row): Notification {
  return {
    id: row.id,
    title: row.title,
    message: row.message,
    type: row.type,
    category: row.category,
    data: row.data,
    count: row.count,
    read: row.readAt !== null,
    readAt: row.readAt === null ? null : isoTime(row.readAt),
    actionUrl: row.actionUrl,
    version: row.version,
    createdAt: isoTime(row.createdAt),
    updatedAt: isoTime(row.updatedAt),
  }
}
