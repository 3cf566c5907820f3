import { and, eq, isNull, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { notFound } from '../../platform/errors.ts'
import { ALL_GROUPS, findNotification } from './queries.ts'
import { IS_IN_APP, notifications, notificationWatermarks } from './tables.ts'

/** Reading what is read keeps the time of the first reading. */
export async function markRead(ctx: ServiceContext, id: string): Promise<void> {
  const { userId } = requireUser(ctx)
  const found = await findNotification(ctx.activity.db, userId, id)
  if (!found) throw notFound('Notification')
  if (found.readAt !== null) return
  await ctx.activity.commit(
    [
      ctx.activity.db
        .update(notifications)
        .set({ readAt: ctx.clock() })
        .where(and(eq(notifications.id, id), eq(notifications.userId, userId), isNull(notifications.readAt))),
    ],
    { repeatable: true },
  )
}

/** One row, however many there are: everything that is shown up to now is read. A repeat with the same key marks nothing newer. */
export async function markAllRead(ctx: ServiceContext): Promise<{ success: true }> {
  const { userId } = requireUser(ctx)
  const done = { success: true } as const
  await ctx.activity.commit(
    [
      ...ctx.idempotency.answered(200, done),
      sql`
        insert into ${notificationWatermarks} (user_id, group_key, seen_version)
        values (${userId}, ${ALL_GROUPS}, max(${ctx.clock()}, coalesce((
          select updated_at from ${notifications} where user_id = ${userId} and ${IS_IN_APP} order by updated_at desc limit 1), 0)))
        on conflict (user_id, group_key) do update set seen_version = max(seen_version, excluded.seen_version)
      `,
    ],
    { repeatable: true },
  )
  return done
}

/** What stood for a group up to here has been seen, so a late event does not bring it back. */
export async function deleteNotification(ctx: ServiceContext, id: string): Promise<void> {
  const { userId } = requireUser(ctx)
  await ctx.activity.commit(
    [
      sql`
        insert into ${notificationWatermarks} (user_id, group_key, seen_version)
        select user_id, group_key, version from ${notifications}
        where id = ${id} and user_id = ${userId} and ${IS_IN_APP} and group_key is not null
        on conflict (user_id, group_key) do update set seen_version = max(seen_version, excluded.seen_version)
      `,
      ctx.activity.db
        .delete(notifications)
        .where(and(eq(notifications.id, id), eq(notifications.userId, userId), IS_IN_APP)),
      expectChanged('notification:own'),
    ],
    { refusals: { 'notification:own': () => notFound('Notification') } },
  )
}
