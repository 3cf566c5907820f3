import { sql } from 'drizzle-orm'
import { DAY_MS, SECOND_MS } from '../clock.ts'
import { pruneRemembered } from '../idempotency/remembered.ts'
import { idFloor } from '../ids.ts'
import { systemTiming, type Timing } from '../resilience/time-limit.ts'
import { inbox, outbox } from './platform-tables.ts'
import type { Db } from './store.ts'

const SENT_EVENTS_MS = 7 * DAY_MS
/** No link of a mail is good for longer than a day after it was asked for, so nobody needs to send these again. */
const PERSONAL_EVENTS_MS = DAY_MS
const HANDLED_MARKS_MS = 3 * DAY_MS
/** Of one delete, so that no statement holds the database for long. */
const CHUNK = 1_000
/** Of one table in one run: four tables in three databases stay below the 1,000 queries of an invocation. */
const MOST_CHUNKS = 60
/** Likewise: four tables one after the other are done before the next minute's run. */
const MOST_MS = 12 * SECOND_MS
/** After each chunk the database is left to others for so many times as long as it took: a third of its time at most. */
const RESTS_A_CHUNK = 2

export type PruneTiming = Pick<Timing, 'clock' | 'sleep'>

export interface Pruned {
  outbox: number
  inbox: number
  idempotency: number
}

/**
 * Deletes what has done its work: sent events, marks of messages that will not come again, expired keys. What one run
 * leaves is the next one's.
 */
export async function prunePlatformTables(
  db: Db,
  subscribers: readonly string[],
  now: number,
  timing?: PruneTiming,
): Promise<Pruned> {
  const prune = (deleteChunk: () => Promise<number>) => pruneInChunks(deleteChunk, timing)
  const personal = await prune(() => deletePersonal(db, idFloor(now - PERSONAL_EVENTS_MS)))
  const sent = await prune(() => deleteSent(db, idFloor(now - SENT_EVENTS_MS)))
  return {
    outbox: personal + sent,
    inbox: await prune(() => deleteMarks(db, subscribers, now - HANDLED_MARKS_MS)),
    idempotency: await prune(() => pruneRemembered(db, now)),
  }
}

/** Repeats a delete of up to a thousand rows until it finds fewer. Answers how many rows went. */
export async function inChunks(deleteChunk: () => Promise<number>): Promise<number> {
  let total = 0
  for (let deleted = CHUNK; deleted >= CHUNK; total += deleted) deleted = await deleteChunk()
  return total
}

/**
 * The same in one run of a cron, which ends after 60,000 rows or twelve seconds, whatever is left, and rests in between:
 * requests wait for the same database.
 */
export async function pruneInChunks(
  deleteChunk: () => Promise<number>,
  { clock, sleep }: PruneTiming = systemTiming,
): Promise<number> {
  const endsAt = clock() + MOST_MS
  let total = 0
  for (let chunks = 1; ; chunks += 1) {
    const beganAt = clock()
    const deleted = await deleteChunk()
    total += deleted
    const restMs = RESTS_A_CHUNK * (clock() - beganAt)
    if (deleted < CHUNK || chunks === MOST_CHUNKS || clock() + restMs >= endsAt) return total
    await sleep(restMs)
  }
}

/** Ids tell their time, so the primary key finds the oldest without an index of its own. */
async function deleteSent(db: Db, beforeId: string): Promise<number> {
  const deleted = await db.all(sql`
    delete from ${outbox} where id in (
      select id from outbox where id < ${beforeId} and sent_at is not null order by id limit ${CHUNK})
    returning 1 as gone
  `)
  return deleted.length
}

/** The same of those with a mail address in them, which an index of their own finds. */
async function deletePersonal(db: Db, beforeId: string): Promise<number> {
  const deleted = await db.all(sql`
    delete from ${outbox} where id in (
      select id from outbox where is_personal = 1 and id < ${beforeId} and sent_at is not null order by id limit ${CHUNK})
    returning 1 as gone
  `)
  return deleted.length
}

/**
 * The key begins with the subscriber: those that are known are looked through one by one. An old event may have been
 * handled just now, redriven by an admin, and may come once more.
 */
async function deleteMarks(db: Db, subscribers: readonly string[], before: number): Promise<number> {
  const deleted = await db.all(sql`
    delete from ${inbox} where rowid in (
      select inbox.rowid from json_each(${JSON.stringify(subscribers)}) as known
      join inbox on inbox.subscriber = known.value and inbox.event_id < ${idFloor(before)}
      where inbox.handled_at < ${before} limit ${CHUNK})
    returning 1 as gone
  `)
  return deleted.length
}
