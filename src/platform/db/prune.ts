import { sql } from 'drizzle-orm'
import { DAY_MS } from '../clock.ts'
import { pruneRemembered } from '../idempotency/remembered.ts'
import { idFloor } from '../ids.ts'
import { inbox, outbox } from './platform-tables.ts'
import type { Db } from './store.ts'

const SENT_EVENTS_MS = 7 * DAY_MS
/** No link of a mail is good for longer than a day after it was asked for, so nobody needs to send these again. */
const PERSONAL_EVENTS_MS = DAY_MS
const HANDLED_MARKS_MS = 3 * DAY_MS
/** Of one delete, so that no statement holds the database for long; and how many of them an hour may make. */
const CHUNK = 1_000
const MAX_CHUNKS = 50

export interface Pruned {
  outbox: number
  inbox: number
  idempotency: number
}

/** Deletes what has done its work: sent events, marks of messages that will not come again, expired keys. */
export async function prunePlatformTables(db: Db, subscribers: readonly string[], now: number): Promise<Pruned> {
  const personal = await inChunks(() => deletePersonal(db, idFloor(now - PERSONAL_EVENTS_MS)))
  const sent = await inChunks(() => deleteSent(db, idFloor(now - SENT_EVENTS_MS)))
  return {
    outbox: personal + sent,
    inbox: await inChunks(() => deleteMarks(db, subscribers, now - HANDLED_MARKS_MS)),
    idempotency: await inChunks(() => pruneRemembered(db, now)),
  }
}

/** Repeats a bounded delete until it finds less than its bound. Answers how many rows went. */
export async function inChunks(deleteChunk: () => Promise<number>): Promise<number> {
  let total = 0
  for (let i = 0; i < MAX_CHUNKS; i += 1) {
    const deleted = await deleteChunk()
    total += deleted
    if (deleted < CHUNK) break
  }
  return total
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
