import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { inTurns } from '../../platform/in-turns.ts'
import { newestOfEach } from '../../platform/queues/newest.ts'
import type { Unseen } from '../chat/events.ts'
import { channelsFor, DEFAULT_PREFERENCES } from './domain/preferences.ts'
import { newMessageNotification, roomGroupKey } from './new-message.ts'
import { findPreferences } from './preferences.ts'
import { findStored, readAllAt, toNotification } from './queries.ts'
import type { Notification } from './schemas.ts'
import { notifications, notificationWatermarks } from './tables.ts'

/** People whose objects are called at the same time. */
const TOLD_AT_ONCE = 50

/**
 * Raises the one notification of each room and person, and shows it on their sockets where they want it in the app.
 * Compared by version, so events may come late, twice and in any order: an older one changes and shows nothing, nor
 * does one that the person has seen or deleted meanwhile.
 *
 * Three trips however many they are: preferences, one commit, and what stands after it, which may have been stored by
 * another call that failed before it could show it.
 * @throws where somebody could not be shown theirs, after all others were: by then all of it is stored
 */
export async function raiseNewMessages(ctx: ServiceContext, told: readonly Unseen[]): Promise<void> {
  const { db } = ctx.activity
  const unseen = newestOfEach(
    told.map((one) => ({ ...one, version: one.seq })),
    ({ userId, roomId }) => `${userId} ${roomId}`,
  )
  const preferences = await findPreferences(
    db,
    unseen.map(({ userId }) => userId),
  )
  const wanted = unseen.map((one) => {
    const own = preferences.find(({ userId }) => userId === one.userId) ?? DEFAULT_PREFERENCES
    return { unseen: one, shown: newMessageNotification(one, channelsFor(own, 'new_message')) }
  })
  await storeNewMessages(ctx, wanted)
  const stored = await findStored(
    db,
    wanted.map(({ shown }) => shown.id),
  )
  const due = wanted.flatMap(({ unseen: { seq }, shown }) => {
    const row = stored.find(({ id }) => id === shown.id)
    return row?.version === seq && row.readAt === null && row.channels.includes('in-app') ? [row] : []
  })
  await inTurns(due, TOLD_AT_ONCE, (row) => ctx.userSocket(row.userId).notify(toNotification(row)))
}

/** What comes after the person has read all stands after that, however late its event is. */
async function storeNewMessages(
  ctx: ServiceContext,
  wanted: readonly { unseen: Unseen; shown: Notification }[],
): Promise<void> {
  const rows = wanted.map(({ unseen: { userId, roomId, at }, shown }) => ({
    ...shown,
    userId,
    at,
    groupKey: roomGroupKey(roomId),
  }))
  await ctx.activity.commit(
    [
      sql`
          insert into ${notifications}
            (id, user_id, title, message, type, category, data, action_url, group_key, count, version,
             channels, created_at, updated_at)
          select value ->> 'id', value ->> 'userId', value ->> 'title', value ->> 'message', value ->> 'type',
            value ->> 'category', value -> 'data', value ->> 'actionUrl', value ->> 'groupKey', value ->> 'count',
            value ->> 'version', value -> 'channels', value ->> 'at',
            max(value ->> 'at', 1 + ${readAllAt(sql`value ->> 'userId'`)})
          from json_each(${JSON.stringify(rows)})
          where not exists (
            select 1 from ${notificationWatermarks}
            where user_id = value ->> 'userId' and group_key = value ->> 'groupKey'
              and seen_version >= value ->> 'version')
          on conflict (user_id, group_key) do update set
            title = excluded.title, message = excluded.message, data = excluded.data, count = excluded.count,
            version = excluded.version, channels = excluded.channels, updated_at = excluded.updated_at, read_at = null
          where excluded.version > notifications.version
        `,
    ],
    { repeatable: true },
  )
}

/** How far a person has seen a group. */
export interface GroupSeen {
  userId: string
  groupKey: string
  version: number
  /** Milliseconds. */
  at: number
}

/**
 * People have seen groups up to `version`: those notifications are read, and none up to there comes again. One commit
 * however many they are, compared by version, so they may come late, twice and in any order.
 */
export async function markGroupsSeen(ctx: ServiceContext, seen: readonly GroupSeen[]): Promise<void> {
  const newest = JSON.stringify(newestOfEach(seen, ({ userId, groupKey }) => `${userId} ${groupKey}`))
  await ctx.activity.commit(
    [
      sql`
        insert into ${notificationWatermarks} (user_id, group_key, seen_version)
        select value ->> 'userId', value ->> 'groupKey', value ->> 'version' from json_each(${newest}) where true
        on conflict (user_id, group_key) do update set seen_version = excluded.seen_version
        where excluded.seen_version > notification_watermarks.seen_version
      `,
      sql`
        update ${notifications} set read_at = seen.value ->> 'at' from json_each(${newest}) as seen
        where notifications.user_id = seen.value ->> 'userId' and notifications.group_key = seen.value ->> 'groupKey'
          and notifications.version <= seen.value ->> 'version' and notifications.read_at is null
      `,
    ],
    { repeatable: true },
  )
}
