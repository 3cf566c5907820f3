import { and, desc, eq, sql } from 'drizzle-orm'
import { inbox } from '../db/platform-tables.ts'
import type { Db } from '../db/store.ts'
import type { Delivery } from './delivery.ts'
import { subjectOf } from './lanes.ts'

/** What stands in the inbox of this delivery before it is handled. */
export type Claim = 'fresh' | 'claimed' | 'done'

/** Claims the delivery for a call to the outside, or tells what is known of it. One trip. */
export async function claim(db: Db, { subscriber, event }: Delivery, now: number): Promise<Claim> {
  const [, found] = await db.batch([
    db
      .insert(inbox)
      .values({ subscriber, eventId: event.id, handledAt: now, occurredAt: event.occurredAt, state: 'claimed' })
      .onConflictDoNothing(),
    db
      .select({ state: inbox.state, isOurs: sql<number>`changes()`.as('is_ours') })
      .from(inbox)
      .where(and(eq(inbox.subscriber, subscriber), eq(inbox.eventId, event.id))),
  ])
  const row = found[0]
  if (row?.state === 'done') return 'done'
  return row?.isOurs ? 'fresh' : 'claimed'
}

export async function finishClaim(db: Db, { subscriber, event }: Delivery, now: number): Promise<void> {
  await db
    .update(inbox)
    .set({ state: 'done', handledAt: now })
    .where(and(eq(inbox.subscriber, subscriber), eq(inbox.eventId, event.id)))
}

/** The provider has said no, so the call was not made: the next delivery may try again. */
export async function releaseClaim(db: Db, { subscriber, event }: Delivery): Promise<void> {
  await db
    .delete(inbox)
    .where(and(eq(inbox.subscriber, subscriber), eq(inbox.eventId, event.id), eq(inbox.state, 'claimed')))
}

/** Of these messages those whose effect is done, by their subjects. A claim alone says nothing of that. */
export async function findHandled(
  db: Db,
  messages: readonly { subscriber: string; eventId: string }[],
): Promise<string[]> {
  const rows = await db.all<{ subscriber: string; event_id: string }>(sql`
    select inbox.subscriber, inbox.event_id from json_each(${JSON.stringify(messages)}) as wanted
    join ${inbox} on inbox.subscriber = wanted.value ->> 'subscriber' and inbox.event_id = wanted.value ->> 'eventId'
    where inbox.state = 'done'
  `)
  return rows.map(({ subscriber, event_id }) => subjectOf(subscriber, event_id))
}

/** How long after they happened the newest events of each were handled, in milliseconds; newest first. One trip. */
export async function recentLags(db: Db, subscribers: readonly string[], limit: number): Promise<number[][]> {
  const [first, ...others] = subscribers.map((subscriber) =>
    db
      .select({ handledAt: inbox.handledAt, occurredAt: inbox.occurredAt })
      .from(inbox)
      .where(eq(inbox.subscriber, subscriber))
      .orderBy(desc(inbox.eventId))
      .limit(limit),
  )
  if (!first) return []
  const found = await db.batch([first, ...others])
  return found.map((rows) =>
    rows.flatMap(({ handledAt, occurredAt }) => (occurredAt === null ? [] : [Math.max(0, handledAt - occurredAt)])),
  )
}
