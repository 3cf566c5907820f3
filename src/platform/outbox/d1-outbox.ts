import { and, asc, isNull, lt, sql } from 'drizzle-orm'
import { type Clock, SECOND_MS } from '../clock.ts'
import { outbox } from '../db/platform-tables.ts'
import type { Db } from '../db/store.ts'
import type { EventEnvelope } from '../events.ts'
import { type RelayPorts, sendToSubscribers } from './relay.ts'

/** A row this old was not relayed by the request that wrote it. */
const SWEEP_AFTER_MS = 5 * SECOND_MS
const SWEEP_LIMIT = 500
/** So many times that in one sweep, so that a pile of an outage is gone within minutes. */
const SWEEP_ROUNDS = 10
const ONE_BY_ONE_LIMIT = 100

/** The columns of an event, without the mark that it was sent. */
export const OUTBOX_EVENT = {
  id: outbox.id,
  type: outbox.type,
  version: outbox.version,
  aggregateType: outbox.aggregateType,
  aggregateId: outbox.aggregateId,
  sequence: outbox.sequence,
  occurredAt: outbox.occurredAt,
  correlationId: outbox.correlationId,
  traceparent: outbox.traceparent,
  payload: outbox.payload,
}

/** Sends events that were just committed, without reading them back, and marks them sent. */
export async function relayCommitted(db: Db, events: EventEnvelope[], ports: RelayPorts, clock: Clock): Promise<void> {
  await sendToSubscribers(events, ports)
  const ids = JSON.stringify(events.map((event) => event.id))
  await db.update(outbox).set({ sentAt: clock() }).where(sql`${outbox.id} in (select value from json_each(${ids}))`)
}

/** One row that no queue takes must not keep the others waiting. @throws the first error where none could be sent */
async function sweepOneByOne(
  db: Db,
  rows: readonly EventEnvelope[],
  ports: RelayPorts,
  clock: Clock,
  firstError: unknown,
): Promise<number> {
  let sent = 0
  for (const row of rows.slice(0, ONE_BY_ONE_LIMIT)) {
    try {
      await relayCommitted(db, [row], ports, clock)
      sent += 1
    } catch {
      // It stays unsent, and its age tells of it.
    }
  }
  if (sent === 0) throw firstError
  return sent
}

/**
 * Sends what an earlier relay did not: the process died, or a queue refused. At least once: a row sent
 * but not marked is sent again. Returns how many events it sent.
 */
export async function sweepOutbox(db: Db, ports: RelayPorts, clock: Clock): Promise<number> {
  let sent = 0
  for (let round = 0; round < SWEEP_ROUNDS; round += 1) {
    const swept = await sweepOldest(db, ports, clock)
    sent += swept
    if (swept < SWEEP_LIMIT) break
  }
  return sent
}

async function sweepOldest(db: Db, ports: RelayPorts, clock: Clock): Promise<number> {
  const rows: EventEnvelope[] = await db
    .select(OUTBOX_EVENT)
    .from(outbox)
    .where(and(isNull(outbox.sentAt), lt(outbox.occurredAt, clock() - SWEEP_AFTER_MS)))
    .orderBy(asc(outbox.occurredAt), asc(outbox.id))
    .limit(SWEEP_LIMIT)
  if (rows.length === 0) return 0
  try {
    await relayCommitted(db, rows, ports, clock)
    return rows.length
  } catch (error) {
    return sweepOneByOne(db, rows, ports, clock, error)
  }
}

const MOST_COUNTED = 1_000

/** What waits to be sent: how many (counted to a thousand), and since when the oldest. */
export async function unsentFigures(db: Db): Promise<{ unsent: number; oldestAt: number | null }> {
  const [row] = await db.all<{ unsent: number; oldest_at: number | null }>(sql`
    select count(*) as unsent, min(occurred_at) as oldest_at from (
      select occurred_at from ${outbox} where sent_at is null order by occurred_at limit ${MOST_COUNTED})
  `)
  return { unsent: row?.unsent ?? 0, oldestAt: row?.oldest_at ?? null }
}
