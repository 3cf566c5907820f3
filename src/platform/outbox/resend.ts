import { and, asc, gt, lt } from 'drizzle-orm'
import { DAY_MS } from '../clock.ts'
import { DATABASES, type DatabaseName } from '../db/bookmarks.ts'
import { outbox } from '../db/platform-tables.ts'
import type { Db } from '../db/store.ts'
import type { EventEnvelope } from '../events.ts'
import { idFloor } from '../ids.ts'
import { findHandled } from '../queues/inbox.ts'
import { subjectOf } from '../queues/lanes.ts'
import { OUTBOX_EVENT } from './d1-outbox.ts'
import { type RelayPorts, sendToSubscribers } from './relay.ts'

const PAGE = 500

export interface ResendParts {
  dbs: Record<DatabaseName, Db>
  ports: RelayPorts
  /** When this process began, in milliseconds. */
  startedAt: number
  /** Of these subjects, those whose message was given up: nobody but an admin sends them again. */
  findGivenUp: (subjects: readonly string[]) => Promise<readonly string[]>
  /** The last event of each database that this process has looked at: it does so once. */
  lookedAt: Map<DatabaseName, string>
}

/**
 * For queues that forget when their process ends, as the local broker does: sends again what was sent before this
 * process began, to those subscribers that have neither marked it as handled nor given it up. Never in production, whose queues
 * keep what they took. Answers how many events it sent.
 */
export async function resendForgotten(from: DatabaseName, parts: ResendParts): Promise<number> {
  let resent = 0
  for (;;) {
    const events = await readSentBefore(from, parts)
    const last = events.at(-1)
    if (last === undefined) return resent
    resent += await resendPage(events, parts)
    parts.lookedAt.set(from, last.id)
  }
}

function readSentBefore(from: DatabaseName, { dbs, startedAt, lookedAt }: ResendParts): Promise<EventEnvelope[]> {
  const after = lookedAt.get(from) ?? idFloor(startedAt - DAY_MS)
  return dbs[from]
    .select(OUTBOX_EVENT)
    .from(outbox)
    .where(and(gt(outbox.id, after), lt(outbox.sentAt, startedAt)))
    .orderBy(asc(outbox.id))
    .limit(PAGE)
}

async function resendPage(events: EventEnvelope[], { dbs, ports, findGivenUp }: ResendParts): Promise<number> {
  const messages = events.flatMap(({ id, type }) =>
    ports.routes
      .filter(({ event }) => event.type === type)
      .map(({ name, once }) => ({ subscriber: name, eventId: id, store: once.store })),
  )
  const [givenUp, ...handled] = await Promise.all([
    findGivenUp(messages.map(({ subscriber, eventId }) => subjectOf(subscriber, eventId))),
    ...DATABASES.map((name) =>
      findHandled(
        dbs[name],
        messages.filter(({ store }) => store === name),
      ),
    ),
  ])
  const settled = new Set([...givenUp, ...handled.flat()])
  const forgotten = new Set(
    messages.flatMap(({ subscriber, eventId }) => (settled.has(subjectOf(subscriber, eventId)) ? [] : [eventId])),
  )
  const isWanted = (subscriber: string, { id }: EventEnvelope) => !settled.has(subjectOf(subscriber, id))
  await sendToSubscribers(events, ports, isWanted)
  return forgotten.size
}
