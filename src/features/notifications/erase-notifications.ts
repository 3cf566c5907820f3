import { eq, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { inChunks } from '../../platform/db/prune.ts'
import { notificationPreferences, notifications, notificationWatermarks } from './tables.ts'

const CHUNK = 1_000

/** Deletes all that a person was told, what they have seen of it, and how they wanted to be told. */
export async function eraseNotifications({ activity: { db } }: ServiceContext, userId: string): Promise<void> {
  await db.delete(notificationPreferences).where(eq(notificationPreferences.userId, userId))
  for (const table of [notifications, notificationWatermarks]) {
    await inChunks(async () => {
      const gone = await db.all(sql`
        delete from ${table} where rowid in (
          select rowid from ${table} where user_id = ${userId} limit ${CHUNK})
        returning 1 as gone
      `)
      return gone.length
    })
  }
}
