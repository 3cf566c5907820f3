import { and, asc, gt, isNull, lt, sql } from 'drizzle-orm'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../platform/clock.ts'
import { pruneInChunks } from '../../platform/db/prune.ts'
import type { Db } from '../../platform/db/store.ts'
import { idFloor } from '../../platform/ids.ts'
import { type OperationStore, PAGE_DUE } from './events.ts'
import { operations } from './tables.ts'

const KEPT_MS = 7 * DAY_MS
/** Longer than all tries of a page's message take, once it is brought. */
const STILL_MS = HOUR_MS
/** As long as a queue keeps what it was given. */
const QUEUED_MS = 4 * DAY_MS
/** An event is made with the row's time, or a moment beside it. */
const BESIDE_MS = SECOND_MS
const CHUNK = 1_000
const PAGE = 200
const GIVEN_UP = { code: 'UNAVAILABLE', message: 'It could not go on: what was done before stays done' }

interface Parts {
  store: OperationStore
  /** Of these events of a type, those whose message was given up by somebody who hears it. */
  findGivenUp: (type: string, eventIds: readonly string[]) => Promise<ReadonlySet<string>>
  now: number
}

/**
 * Ends what has not moved for an hour and whose message will not come any more, and deletes what ended a week ago.
 * What only waits in a queue behind others goes on when it is its turn. Answers how many of each.
 */
export async function pruneOperations(db: Db, parts: Parts): Promise<{ givenUp: number; pruned: number }> {
  return {
    givenUp: await giveUpLost(db, parts),
    pruned: await pruneInChunks(() => deleteEnded(db, parts.now - KEPT_MS)),
  }
}

type Still = Pick<typeof operations.$inferSelect, 'id' | 'step' | 'updatedAt'>

async function giveUpLost(db: Db, parts: Parts): Promise<number> {
  let givenUp = 0
  for (let after = ''; ; ) {
    const page: Still[] = await db
      .select({ id: operations.id, step: operations.step, updatedAt: operations.updatedAt })
      .from(operations)
      .where(
        and(isNull(operations.finishedAt), lt(operations.updatedAt, parts.now - STILL_MS), gt(operations.id, after)),
      )
      .orderBy(asc(operations.id))
      .limit(PAGE)
    givenUp += await giveUp(db, await lostOf(db, page, parts), parts.now)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return givenUp
    after = last.id
  }
}

/** Those of which no message waits: none was left, its subscriber gave it up, or no queue keeps one for so long. */
async function lostOf(db: Db, page: readonly Still[], { store, findGivenUp, now }: Parts): Promise<Still[]> {
  const due = await findDue(db, page, PAGE_DUE[store].type)
  const givenUp = await findGivenUp(PAGE_DUE[store].type, [...due.values()])
  return page.filter(({ id, updatedAt }) => {
    const eventId = due.get(id)
    return eventId === undefined || givenUp.has(eventId) || updatedAt < now - QUEUED_MS
  })
}

/** The event of each one's next page. Ids tell their time, so the primary key finds them among those of two seconds. */
async function findDue(db: Db, page: readonly Still[], type: string): Promise<Map<string, string>> {
  const wanted = page.map(({ id, step, updatedAt }) => ({
    ...{ id, step },
    ...{ from: idFloor(updatedAt - BESIDE_MS), to: idFloor(updatedAt + BESIDE_MS) },
  }))
  const rows = await db.all<{ operation_id: string; event_id: string }>(sql`
    select wanted.value ->> 'id' as operation_id, outbox.id as event_id
    from json_each(${JSON.stringify(wanted)}) as wanted cross join outbox
    where outbox.id >= wanted.value ->> 'from' and outbox.id < wanted.value ->> 'to' and outbox.type = ${type}
      and outbox.aggregate_id = wanted.value ->> 'id' and outbox.sequence = wanted.value ->> 'step'
  `)
  return new Map(rows.map(({ operation_id, event_id }) => [operation_id, event_id]))
}

/** Only where they are still as they were looked at. */
async function giveUp(db: Db, lost: readonly Still[], now: number): Promise<number> {
  if (lost.length === 0) return 0
  const ended = await db.all(sql`
    update ${operations} set state = 'failed', error = ${JSON.stringify(GIVEN_UP)}, finished_at = ${now}, updated_at = ${now}
    from json_each(${JSON.stringify(lost)}) as lost
    where operations.id = lost.value ->> 'id' and operations.step = lost.value ->> 'step' and finished_at is null
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
