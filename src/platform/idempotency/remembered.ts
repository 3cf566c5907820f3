import { and, eq, gt, sql } from 'drizzle-orm'
import { AlreadyDone } from '../db/commit.ts'
import { idempotency } from '../db/platform-tables.ts'
import type { Db } from '../db/store.ts'
import { type Attempt, KeptAnswer, keyReused, type Remembered } from './idempotency.ts'

/**
 * What this attempt has answered before; undefined where it has not, or so long ago that the key is free again.
 * @throws Refusal where the key stands for another request
 */
export async function findRemembered(db: Db, attempt: Attempt, now: number): Promise<Remembered | undefined> {
  const [row] = await db
    .select({ fingerprint: idempotency.fingerprint, status: idempotency.status, result: idempotency.result })
    .from(idempotency)
    .where(
      and(
        eq(idempotency.scope, attempt.scope),
        eq(idempotency.keyHash, attempt.keyHash),
        eq(idempotency.state, 'completed'),
        gt(idempotency.expiresAt, now),
      ),
    )
  if (!row || row.status === null) return undefined
  if (row.fingerprint !== attempt.fingerprint) throw keyReused()
  const kept = KeptAnswer.safeParse(row.result)
  return { status: row.status, ...(kept.success ? kept.data : { data: row.result }) }
}

/**
 * For a verb that has an effect elsewhere before its batch: a key that stands for something is told before that.
 * @throws AlreadyDone where this attempt has been answered, Refusal where the key stands for another request
 */
export async function demandFreshKey(db: Db, attempt: Attempt | undefined, now: number): Promise<void> {
  if (attempt && (await findRemembered(db, attempt, now))) throw new AlreadyDone()
}

const PRUNE_LIMIT = 1_000

/** Deletes up to a thousand rows that mean nothing any more. Answers how many. */
export async function pruneRemembered(db: Db, now: number): Promise<number> {
  const deleted = await db.all(sql`
    delete from ${idempotency} where rowid in (
      select rowid from idempotency where expires_at <= ${now} order by expires_at limit ${PRUNE_LIMIT})
    returning 1 as gone
  `)
  return deleted.length
}
