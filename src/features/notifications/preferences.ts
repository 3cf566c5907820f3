import { sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTimeOrNull } from '../../platform/clock.ts'
import type { Db } from '../../platform/db/store.ts'
import { changePreferences, DEFAULT_PREFERENCES, type Preferences } from './domain/preferences.ts'
import type { NotificationPreferences, PreferencesBody } from './schemas.ts'
import { notificationPreferences } from './tables.ts'

/** The rows of these people: who has none has the defaults. */
export function findPreferences(db: Db, userIds: readonly string[]) {
  return db
    .select()
    .from(notificationPreferences)
    .where(sql`${notificationPreferences.userId} in (select value from json_each(${JSON.stringify(userIds)}))`)
}

/** Reading makes no row: without one the defaults hold, so twenty first reads at once have nothing to race for. */
export async function readOwnPreferences(ctx: ServiceContext): Promise<NotificationPreferences> {
  const { userId } = requireUser(ctx)
  const [row] = await findPreferences(ctx.activity.db, [userId])
  return row ? toPreferences(userId, row, row.updatedAt) : toPreferences(userId, DEFAULT_PREFERENCES, null)
}

/**
 * Changes what is named and nothing else. Statements merge, not what was read, so that of two changes at once neither
 * is lost; each is answered what it has made of what it read.
 */
export async function changeOwnPreferences(
  ctx: ServiceContext,
  change: PreferencesBody,
): Promise<NotificationPreferences> {
  const { userId } = requireUser(ctx)
  const { db } = ctx.activity
  const before = await readOwnPreferences(ctx)
  if (Object.keys(change).length === 0) return before
  const updatedAt = ctx.clock()
  const { categoryPreferences, ...switches } = change
  await ctx.activity.commit(
    [
      db
        .insert(notificationPreferences)
        .values({ userId, ...changePreferences(DEFAULT_PREFERENCES, change), updatedAt })
        .onConflictDoUpdate({
          target: notificationPreferences.userId,
          set: {
            ...switches,
            ...(categoryPreferences && {
              categoryPreferences: sql`json_patch(category_preferences, ${JSON.stringify(categoryPreferences)})`,
            }),
            updatedAt,
          },
        }),
    ],
    { repeatable: true },
  )
  return toPreferences(userId, changePreferences(before, change), updatedAt)
}

function toPreferences(userId: string, preferences: Preferences, updatedAt: number | null): NotificationPreferences {
  const { inAppEnabled, emailEnabled, pushEnabled, categoryPreferences, emailDigest, digestFrequency } = preferences
  return {
    id: userId,
    userId,
    inAppEnabled,
    emailEnabled,
    pushEnabled,
    categoryPreferences,
    emailDigest,
    digestFrequency,
    updatedAt: isoTimeOrNull(updatedAt),
  }
}
