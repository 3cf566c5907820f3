import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { profiles } from './tables.ts'

/** Of anybody, as whoever has reviewed nothing may do so a moment later, in a session that knows the former name. */
export async function keepProfile(
  { catalog }: ServiceContext,
  { userId: id, ...profile }: { userId: string; username: string; avatar: string | null; version: number },
): Promise<void> {
  await catalog.commit([
    catalog.db
      .insert(profiles)
      .values({ id, ...profile })
      .onConflictDoUpdate({
        target: profiles.id,
        set: profile,
        setWhere: sql`excluded.version > ${profiles.version}`,
      }),
  ])
}
