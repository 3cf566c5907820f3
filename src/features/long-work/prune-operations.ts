import { sql } from 'drizzle-orm'
import { DAY_MS, HOUR_MS } from '../../platform/clock.ts'
import { inChunks } from '../../platform/db/prune.ts'
import type { Db } from '../../platform/db/store.ts'
import { operations } from './tables.ts'

const KEPT_MS = 7 * DAY_MS
/** Longer than all tries of a page's message take. */
const GIVEN_UP_MS = HOUR_MS
const CHUNK = 1_000
const GIVEN_UP = { code: 'UNAVAILABLE', message: 'It could not go on: what was done before stays done' }

/** Ends what has not moved for an hour, and deletes what ended a week ago. Answers how many of each. */
export async function pruneOperations(db: Db, now: number): Promise<{ givenUp: number; pruned: number }> {
  return {
    givenUp: await inChunks(() => giveUp(db, now)),
    pruned: await inChunks(() => deleteEnded(db, now - KEPT_MS)),
  }
}

async function giveUp(db: Db, now: number): Promise<number> {
  const ended = await db.all(sql`
    update ${operations} set state = 'failed', error = ${JSON.stringify(GIVEN_UP)}, finished_at = ${now}, updated_at = ${now}
    where id in (select id from operations where finished_at is null and updated_at < ${now - GIVEN_UP_MS} limit ${CHUNK})
    returning 1 as ended
  `)
  return ended.length
}

async function deleteEnded(db: Db, before: number): Promise<number> {
  const deleted = await db.all(sql`
    delete from ${operations} where id in (
      select id from operations where finished_at is not null and finished_at < ${before} limit ${CHUNK})
    returning 1 as gone
  `)
  return deleted.length
}
