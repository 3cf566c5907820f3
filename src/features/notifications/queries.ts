import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { isoTime } from '../../platform/clock.ts'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import type { Notification } from './schemas.ts'
import { notifications } from './tables.ts'

type Row = typeof notifications.$inferSelect

/** The caller's notifications, newest first. Both shapes are served by an index of their own. */
export function listNotifications(
  db: Db,
  userId: string,
  query: { unreadOnly: boolean; after: TimePlace | undefined; limit: number },
): Promise<Row[]> {
  const { after } = query
  return db
    .select()
    .from(notifications)
    .where(
      and(
        eq(notifications.userId, userId),
        query.unreadOnly ? isNull(notifications.readAt) : undefined,
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
      select 1 from ${notifications} where user_id = ${userId} and read_at is null limit ${most})
  `)
  return row?.count ?? 0
}

export async function findNotification(db: Db, userId: string, id: string): Promise<Row | undefined> {
  const [row] = await db
    .select()
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
