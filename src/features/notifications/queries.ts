import { and, desc, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import { isoTime, isoTimeOrNull } from '../../platform/clock.ts'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import type { Notification } from './schemas.ts'
import { IS_IN_APP, notifications } from './tables.ts'

export type Row = typeof notifications.$inferSelect

/** The group of the watermark that reading all sets; its version is a time in milliseconds. */
export const ALL_GROUPS = ''

/** The user of the row that is looked at. */
const OWNER = sql`notifications.user_id`

/** Up to when the user has read all, whatever stands in each row: so that doing so costs one row, not thousands. */
export function readAllAt(userId: string | SQL): SQL<number> {
  return sql<number>`coalesce((
    select seen_version from notification_watermarks where user_id = ${userId} and group_key = ${ALL_GROUPS}), 0)`
}

/** The columns of a notification, its reading as it stands with that watermark. */
function shown(userId: string | SQL) {
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

/** What the user sees in the app: all of it, or the unread. Each is served by an index of its own. */
function isListed(userId: string, unreadOnly: boolean): SQL | undefined {
  return and(eq(notifications.userId, userId), IS_IN_APP, unreadOnly ? isUnread(userId) : undefined)
}

/** The caller's notifications, newest first. */
export function listNotifications(
  db: Db,
  userId: string,
  query: { unreadOnly: boolean; after: TimePlace | undefined; offset: number; limit: number },
) {
  const { after } = query
  return db
    .select(shown(userId))
    .from(notifications)
    .where(
      and(
        isListed(userId, query.unreadOnly),
        after && sql`(${notifications.updatedAt}, ${notifications.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(notifications.updatedAt), desc(notifications.id))
    .limit(query.limit)
    .offset(query.offset)
}

/** How many of them there are, counted to `most` and no further. */
export function countNotifications(db: Db, userId: string, query: { unreadOnly: boolean; most: number }) {
  const listed = sql`(
    select 1 from ${notifications} where ${isListed(userId, query.unreadOnly)} limit ${query.most})`
  return db.select({ count: sql<number>`count(*)`.as('count') }).from(listed)
}

/** One that the user sees in the app. */
export async function findNotification(db: Db, userId: string, id: string): Promise<Row | undefined> {
  const [row] = await db
    .select(shown(userId))
    .from(notifications)
    .where(and(eq(notifications.id, id), eq(notifications.userId, userId), IS_IN_APP))
  return row
}

/** Those of these ids that are stored, whoever they are for. */
export function findStored(db: Db, ids: readonly string[]) {
  return db
    .select(shown(OWNER))
    .from(notifications)
    .where(sql`${notifications.id} in (select value from json_each(${JSON.stringify(ids)}))`)
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
    readAt: isoTimeOrNull(row.readAt),
    channels: row.channels,
    sent: row.sent,
    actionUrl: row.actionUrl,
    version: row.version,
    createdAt: isoTime(row.createdAt),
    updatedAt: isoTime(row.updatedAt),
  }
}
