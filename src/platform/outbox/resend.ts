import { and, asc, gt, inArray, lt, sql } from 'drizzle-orm'
import { type Clock, DAY_MS } from '../clock.ts'
import { DATABASES, type DatabaseName } from '../db/bookmarks.ts'
import { inbox, outbox } from '../db/platform-tables.ts'
import type { Db } from '../db/store.ts'
import { OUTBOX_EVENT } from './d1-outbox.ts'
import { type RelayPorts, sendToSubscribers } from './relay.ts'

const RESEND_LIMIT = 500

/**
 * For queues that forget when their process ends, as the local broker does: sends again what was sent before this
 * process began and has not been marked by all its subscribers. Never in production, whose queues keep what they
 * took. Answers how many events it sent.
 */
export async function resendForgotten(
  dbs: Record<DatabaseName, Db>,
  from: DatabaseName,
  ports: RelayPorts,
  startedAt: number,
  clock: Clock,
): Promise<number> {
  const types = [...new Set(ports.routes.map(({ event }) => event.type))]
  const rows = await dbs[from]
    .select(OUTBOX_EVENT)
    .from(outbox)
    .where(and(lt(outbox.sentAt, startedAt), gt(outbox.occurredAt, startedAt - DAY_MS), inArray(outbox.type, types)))
    .orderBy(asc(outbox.occurredAt), asc(outbox.id))
  const marked = new Set<string>()
  for (const name of DATABASES) {
    const subscribers = ports.routes.filter(({ once }) => once.store === name).map((route) => route.name)
    const marks = await dbs[name].all<{ subscriber: string; event_id: string }>(sql`
      select subscriber, event_id from ${inbox}
      where subscriber in (select value from json_each(${JSON.stringify(subscribers)})) and state = 'done'
        and event_id >= ${rows[0]?.id ?? ''}
    `)
    for (const { subscriber, event_id } of marks) marked.add(`${subscriber} ${event_id}`)
  }
  const forgotten = rows
    .map((event) => ({
      event,
      routes: ports.routes.filter(
        (route) => route.event.type === event.type && !marked.has(`${route.name} ${event.id}`),
      ),
    }))
    .filter(({ routes }) => routes.length > 0)
    .slice(0, RESEND_LIMIT)
  for (const { event, routes } of forgotten) await sendToSubscribers([event], { ...ports, routes })
  const ids = JSON.stringify(forgotten.map(({ event }) => event.id))
  await dbs[from]
    .update(outbox)
    .set({ sentAt: clock() })
    .where(sql`${outbox.id} in (select value from json_each(${ids}))`)
  return forgotten.length
}
