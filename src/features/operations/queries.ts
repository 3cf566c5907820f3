import { and, desc, eq, sql } from 'drizzle-orm'
import { isoTime, isoTimeOrNull } from '../../platform/clock.ts'
import type { TimePlace } from '../../platform/cursor.ts'
import type { Db } from '../../platform/db/store.ts'
import { notFound } from '../../platform/errors.ts'
import type { DeadLetter } from './schemas.ts'
import { deadLetters } from './tables.ts'

export type DeadLetterRow = typeof deadLetters.$inferSelect

export function listDeadLetters(
  db: Db,
  query: { status: DeadLetterRow['status'] | undefined; after: TimePlace | undefined; limit: number },
): Promise<DeadLetterRow[]> {
  const { after, status } = query
  return db
    .select()
    .from(deadLetters)
    .where(
      and(
        status && eq(deadLetters.status, status),
        after && sql`(${deadLetters.lastSeenAt}, ${deadLetters.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(deadLetters.lastSeenAt), desc(deadLetters.id))
    .limit(query.limit)
}

export async function fetchDeadLetter(db: Db, id: string): Promise<DeadLetterRow> {
  const [row] = await db.select().from(deadLetters).where(eq(deadLetters.id, id))
  if (!row) throw notFound('Dead letter')
  return row
}

/** Of these subjects, those that were given up: they wait for a decision, or it was to give them up for good. */
export async function findGivenUp(db: Db, subjects: readonly string[]): Promise<string[]> {
  const rows = await db.all<{ subject: string }>(sql`
    select dead_letters.subject from json_each(${JSON.stringify(subjects)}) as wanted
    join ${deadLetters} on dead_letters.subject = wanted.value
    where dead_letters.status <> 'redriven'
  `)
  return rows.map(({ subject }) => subject)
}

const MOST_COUNTED = 1_000

export async function countWaiting(db: Db): Promise<number> {
  const [row] = await db.all<{ waiting: number }>(sql`
    select count(*) as waiting from (
      select 1 from ${deadLetters} where status = 'waiting' limit ${MOST_COUNTED})
  `)
  return row?.waiting ?? 0
}

export function toDeadLetter(row: DeadLetterRow): DeadLetter {
  const { subject: _inside, body: _large, version: _count, firstSeenAt, lastSeenAt, decidedAt, ...shown } = row
  return {
    ...shown,
    firstSeenAt: isoTime(firstSeenAt),
    lastSeenAt: isoTime(lastSeenAt),
    decidedAt: isoTimeOrNull(decidedAt),
  }
}
