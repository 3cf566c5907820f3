import { and, desc, eq, sql } from 'drizzle-orm'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import { users } from '../identity/index.ts'
import { person } from './queries.ts'
import { blocks } from './tables.ts'

/** How a person and some others stand to each other. */
export interface Blocks {
  /** Those of them whom the person has blocked. */
  blocked: ReadonlySet<string>
  /** Those of them who have blocked the person. */
  blockedBy: ReadonlySet<string>
}

/** One trip, and two look-ups for each of the others, however many blocks there are. */
export async function blocksBetween(db: Db, userId: string, otherIds: readonly string[]): Promise<Blocks> {
  const others = sql`(select value from json_each(${JSON.stringify(otherIds)}))`
  const rows = await db.all<{ other_id: string; is_mine: number }>(sql`
    select blocked_id as other_id, 1 as is_mine from ${blocks} where user_id = ${userId} and blocked_id in ${others}
    union all
    select user_id as other_id, 0 as is_mine from ${blocks} where blocked_id = ${userId} and user_id in ${others}
  `)
  const of = (isMine: number) => rows.flatMap((row) => (row.is_mine === isMine ? [row.other_id] : []))
  return { blocked: new Set(of(1)), blockedBy: new Set(of(0)) }
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
