import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { AlreadyHandled } from '../../platform/db/commit.ts'
import type { MessagesUnseenPayload } from '../chat/events.ts'
import { channelsFor, DEFAULT_PREFERENCES } from './domain/preferences.ts'
import { newMessageNotification, roomGroupKey } from './new-message.ts'
import { findPreferences } from './preferences.ts'
import { findStored, readAllAt, toNotification } from './queries.ts'
import type { Notification } from './schemas.ts'
import { notifications, notificationWatermarks } from './tables.ts'

/**
 * Raises the room's one notification for this person, and shows it on their sockets where they want it in the app.
 * Compared by version, so events may come late, twice and in any order: an older one changes and shows nothing, nor
 * does one that the person has seen or deleted meanwhile.
 */
export async function raiseNewMessage(ctx: ServiceContext, unseen: MessagesUnseenPayload): Promise<void> {
  const failed = await raiseNewMessages(ctx, [unseen])
  for (const error of failed.values()) throw error
}

/**
 * The same for many people at once, in three trips however many they are: preferences, one commit, and what stands
 * after it, which may have been stored by another call that failed before it could show it. Answers who could not be
 * shown theirs, and why; all of it is stored by then.
 */
export async function raiseNewMessages(
  ctx: ServiceContext,
  unseen: readonly MessagesUnseenPayload[],
): Promise<Map<string, unknown>> {
  const { db } = ctx.activity
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
  const due = wanted.flatMap(({ unseen: { userId, seq } }) => {
    const row = stored.find((candidate) => candidate.userId === userId)
    return row?.version === seq && row.readAt === null && row.channels.includes('in-app') ? [row] : []
  })
  const failed = new Map<string, unknown>()
  await Promise.all(
    due.map((row) =>
      ctx
        .userSocket(row.userId)
        .notify(toNotification(row))
        .catch((error: unknown) => failed.set(row.userId, error)),
    ),
  )
  return failed
}

/** What comes after the person has read all stands after that, however late its event is. */
async function storeNewMessages(
  ctx: ServiceContext,
  wanted: readonly { unseen: MessagesUnseenPayload; shown: Notification }[],
): Promise<void> {
  const rows = wanted.map(({ unseen: { userId, roomId, at }, shown }) => ({
    ...shown,
    userId,
    at,
    groupKey: roomGroupKey(roomId),
  }))
  try {
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
  } catch (error) {
    // A delivery of the same event has stored it, but has perhaps not shown it.
    if (!(error instanceof AlreadyHandled)) throw error
  }
}

/** The person has seen the room up to `version`: its notification is read, and none up to there comes again. */
export async function markGroupSeen(
  ctx: ServiceContext,
  seen: { userId: string; groupKey: string; version: number; at: number },
): Promise<void> {
  const { db } = ctx.activity
  await ctx.activity.commit(
    [
      sql`
        insert into ${notificationWatermarks} (user_id, group_key, seen_version)
        values (${seen.userId}, ${seen.groupKey}, ${seen.version})
        on conflict (user_id, group_key) do update set seen_version = max(seen_version, excluded.seen_version)
      `,
      db
        .update(notifications)
        .set({ readAt: seen.at })
        .where(
          sql`${notifications.userId} = ${seen.userId} and ${notifications.groupKey} = ${seen.groupKey}
            and ${notifications.version} <= ${seen.version} and ${notifications.readAt} is null`,
        ),
    ],
    { repeatable: true },
  )
}
