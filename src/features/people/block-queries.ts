import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import { users } from '../identity/index.ts'
import { person } from './queries.ts'
import { blocks } from './tables.ts'

/**
 * Those of these people who exist, each with how they and the user stand to each other: a query to await or to put into
 * a batch. Three look-ups for each, however many blocks there are.
 */
export function findPeopleFor(db: Db, userId: string, ids: readonly string[]) {
  const isThere = (blocker: SQL, blocked: SQL) =>
    sql`exists (select 1 from blocks where user_id = ${blocker} and blocked_id = ${blocked})`.mapWith(Boolean)
  const [me, them] = [sql`${userId}`, sql`users.id`]
  return db
    .select({
      ...person,
      /** By the user. */
      isBlocked: isThere(me, them).as('is_blocked'),
      /** The user, by them: then to the user it is as if they were not there. */
      isBlocking: isThere(them, me).as('is_blocking'),
    })
    .from(users)
    .where(and(sql`${users.id} in (select value from json_each(${JSON.stringify(ids)}))`, eq(users.isActive, true)))
}

/** Whether such a person exists, and since when the user has blocked them, in one trip. */
export async function findBlock(
  db: Db,
  userId: string,
  blockedId: string,
): Promise<{ person: { isActive: boolean } | undefined; blockedAt: number | undefined }> {
  const [people, found] = await db.batch([
    db.select({ isActive: users.isActive }).from(users).where(eq(users.id, blockedId)),
    db
      .select({ createdAt: blocks.createdAt })
      .from(blocks)
      .where(and(eq(blocks.userId, userId), eq(blocks.blockedId, blockedId))),
  ])
  return { person: people[0], blockedAt: found[0]?.createdAt }
}

/** Whom the user has blocked, newest first. */
export function listBlocked(db: Db, userId: string, after: TimePlace | undefined, limit: number) {
  const place = after && sql`(${blocks.createdAt}, ${blocks.blockedId}) < (${after[0]}, ${after[1]})`
  return db
    .select({ ...person, blockedAt: blocks.createdAt })
    .from(blocks)
    .innerJoin(users, eq(users.id, blocks.blockedId))
    .where(and(eq(blocks.userId, userId), place))
    .orderBy(desc(blocks.createdAt), desc(blocks.blockedId))
    .limit(limit)
}
