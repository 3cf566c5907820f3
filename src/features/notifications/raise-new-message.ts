import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { AlreadyHandled, expectChanged, GuardFailed } from '../../platform/db/commit.ts'
import type { MessagesUnseenPayload } from '../chat/events.ts'
import { channelsFor } from './domain/preferences.ts'
import { newMessageNotification, roomGroupKey } from './new-message.ts'
import { readPreferences } from './preferences.ts'
import { findNotification, readAllAt, toNotification } from './queries.ts'
import type { Notification } from './schemas.ts'
import { notifications, notificationWatermarks } from './tables.ts'

/**
 * Raises the room's one notification for this person, and shows it on their sockets where they want it in the app.
 * Compared by version, so events may come late, twice and in any order: an older one changes and shows nothing, nor
 * does one that the person has seen or deleted meanwhile.
 */
export async function raiseNewMessage(ctx: ServiceContext, unseen: MessagesUnseenPayload): Promise<void> {
  const channels = channelsFor(await readPreferences(ctx.activity.db, unseen.userId), 'new_message')
  const notification = newMessageNotification(unseen, channels)
  try {
    await storeNewMessage(ctx, unseen, notification)
  } catch (error) {
    if (!(error instanceof GuardFailed) && !(error instanceof AlreadyHandled)) throw error
    // Stored before, but perhaps not shown: whoever stored it may have failed right after.
    const stored = await findNotification(ctx.activity.db, unseen.userId, unseen.notificationId)
    if (stored?.version !== unseen.seq || stored.readAt !== null) return
    return show(ctx, unseen.userId, toNotification(stored))
  }
  await show(ctx, unseen.userId, notification)
}

async function show(ctx: ServiceContext, userId: string, notification: Notification): Promise<void> {
  if (notification.channels.includes('in-app')) await ctx.userSocket(userId).notify(notification)
}

/**
 * What comes after the person has read all stands after that, however late its event is.
 * @throws GuardFailed where it changes nothing
 */
async function storeNewMessage(ctx: ServiceContext, unseen: MessagesUnseenPayload, shown: Notification): Promise<void> {
  const groupKey = roomGroupKey(unseen.roomId)
  await ctx.activity.commit(
    [
      sql`
        insert into ${notifications}
          (id, user_id, title, message, type, category, data, action_url, group_key, count, version,
           channels, created_at, updated_at)
        select ${shown.id}, ${unseen.userId}, ${shown.title}, ${shown.message}, ${shown.type}, ${shown.category},
          ${JSON.stringify(shown.data)}, ${shown.actionUrl}, ${groupKey}, ${shown.count}, ${shown.version},
          ${JSON.stringify(shown.channels)}, ${unseen.at}, max(${unseen.at}, 1 + ${readAllAt(unseen.userId)})
        where not exists (
          select 1 from ${notificationWatermarks}
          where user_id = ${unseen.userId} and group_key = ${groupKey} and seen_version >= ${shown.version})
        on conflict (user_id, group_key) do update set
          title = excluded.title, message = excluded.message, data = excluded.data, count = excluded.count,
          version = excluded.version, channels = excluded.channels, updated_at = excluded.updated_at, read_at = null
        where excluded.version > notifications.version
      `,
      expectChanged('notification:newer'),
    ],
    { repeatable: true },
  )
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
