import { openErasures, relayPorts } from './compose.ts'
import { DATABASE_BINDINGS, type Env } from './env.ts'
import { listUnerased, pruneApiKeys, pruneSessions, pruneSpentTokens } from './features/identity/index.ts'
import { pruneOperations } from './features/long-work/index.ts'
import { findGivenUp } from './features/operations/index.ts'
import type { Isolate } from './isolate.ts'
import { sealAudit } from './platform/audit/seal-audit.ts'
import { HOUR_MS, SECOND_MS } from './platform/clock.ts'
import type { TimePlace } from './platform/cursor.ts'
import { DATABASES, type DatabaseName, mapDatabases } from './platform/db/bookmarks.ts'
import { type D1Client, MeteredD1 } from './platform/db/metered-d1.ts'
import { prunePlatformTables } from './platform/db/prune.ts'
import { type Db, drizzleOver } from './platform/db/store.ts'
import { inTurns } from './platform/in-turns.ts'
import { Meter } from './platform/observability/meter.ts'
import { sweepOutbox, unsentFigures } from './platform/outbox/d1-outbox.ts'
import { resendForgotten } from './platform/outbox/resend.ts'
import { subjectOf } from './platform/queues/lanes.ts'

/** An event that has waited longer than this means that sweeping does not help. */
const LATE_SECONDS = 120
/** An erasure takes an hour of waiting and little more. */
const ERASURE_LATE_MS = 3 * HOUR_MS
const ERASURES_A_PAGE = 50
const ERASURES_AT_ONCE = 6

/** Every minute: sends what the relays of requests did not. */
export async function sweepAll(isolate: Isolate, env: Env): Promise<void> {
  const { log, clock, startedAt, lookedAt } = isolate
  const dbs = databases(isolate, env)
  const ports = relayPorts(env)
  await forEachDatabase(isolate, 'Outbox Sweep Failed', async (database) => {
    const sent = await sweepOutbox(dbs[database], ports, clock)
    if (sent > 0) log.info('Outbox Swept', { database, sent })
    const { unsent, oldestAt } = await unsentFigures(dbs[database])
    const oldestUnsentSeconds = oldestAt === null ? 0 : Math.floor((clock() - oldestAt) / SECOND_MS)
    if (oldestUnsentSeconds > LATE_SECONDS) log.error('Outbox Late', { database, unsent, oldestUnsentSeconds })
  })
  // The platform's queues keep what they took; a laptop's forget it when their process ends.
  if (isolate.settings.ENVIRONMENT === 'production') return
  await forEachDatabase(isolate, 'Outbox Resend Failed', async (database) => {
    const givenUp = (subjects: readonly string[]) => findGivenUp(dbs.core, subjects)
    const resent = await resendForgotten(database, { dbs, ports, startedAt, findGivenUp: givenUp, lookedAt })
    if (resent > 0) log.info('Outbox Sent Again', { database, resent })
  })
}

/** Every minute: chains what was audited since the last one. */
export async function sealAll(isolate: Isolate, env: Env): Promise<void> {
  const { log, clock } = isolate
  const opened = clients(isolate, env)
  await forEachDatabase(isolate, 'Audit Seal Failed', async (database) => {
    await sealAudit({ database, client: opened[database], log, clock })
  })
}

/** Every minute: counts what waits in the queues. */
export async function countBacklogs({ figures, log }: Isolate, env: Env): Promise<void> {
  await Promise.all(
    Object.entries(relayPorts(env).queues).map(async ([lane, queue]) => {
      try {
        figures.backlog(lane, (await queue.metrics()).backlogCount)
      } catch (error) {
        log.warn('Queue Metrics Failed', { lane, error })
      }
    }),
  )
}

/** Every minute: deletes what has done its work of the tables that each request and message adds to. */
export async function pruneAll(isolate: Isolate, env: Env): Promise<void> {
  const { log, clock } = isolate
  const dbs = databases(isolate, env)
  const subscribers = relayPorts(env).routes.map(({ name }) => name)
  await forEachDatabase(isolate, 'Pruning Failed', async (database) => {
    const pruned = await prunePlatformTables(dbs[database], subscribers, clock())
    if (Object.values(pruned).some((rows) => rows > 0)) log.info('Pruned', { database, ...pruned })
  })
}

/** Every hour: the same of what features keep for a while. */
export async function pruneFeatures(isolate: Isolate, env: Env): Promise<void> {
  const { log, clock } = isolate
  const dbs = databases(isolate, env)
  const work: Partial<Record<DatabaseName, () => Promise<Record<string, number>>>> = {
    core: async () => ({
      sessions: await pruneSessions(dbs.core, clock()),
      spentTokens: await pruneSpentTokens(dbs.core, clock()),
      apiKeys: await pruneApiKeys(dbs.core, clock()),
    }),
    catalog: () =>
      pruneOperations(dbs.catalog, { store: 'catalog', findGivenUp: givenUpOf(dbs.core, env), now: clock() }),
  }
  await forEachDatabase(isolate, 'Pruning Failed', async (database) => {
    const pruned = await work[database]?.()
    if (pruned) log.info('Pruned', { database, ...pruned })
  })
}

/** Which of these events have a message that was given up, whoever heard it. */
function givenUpOf(core: Db, env: Env) {
  const { routes } = relayPorts(env)
  return async (type: string, eventIds: readonly string[]): Promise<ReadonlySet<string>> => {
    const heard = routes.filter(({ event }) => event.type === type)
    const events = new Map(eventIds.flatMap((id) => heard.map(({ name }) => [subjectOf(name, id), id] as const)))
    const givenUp = await findGivenUp(core, [...events.keys()])
    return new Set(givenUp.flatMap((subject) => events.get(subject) ?? []))
  }
}

/**
 * Every hour: has erasures of accounts go on that have come to an end without being done. One that cannot keeps none of
 * the others, however many there are.
 */
export async function resumeErasures(isolate: Isolate, env: Env): Promise<void> {
  const { log, clock } = isolate
  const erasures = openErasures(env)
  const { core } = databases(isolate, env)
  const before = clock() - ERASURE_LATE_MS
  const resume = async (userId: string): Promise<void> => {
    log.error('Erasure Late', { userId })
    try {
      await erasures.resume(userId)
    } catch (error) {
      log.error('Erasure Not Resumed', { userId, error })
    }
  }
  try {
    for (let after: TimePlace | undefined, hasMore = true; hasMore; ) {
      const late = await listUnerased(core, before, after, ERASURES_A_PAGE)
      await inTurns(late, ERASURES_AT_ONCE, ({ id }) => resume(id))
      after = late.at(-1)?.place
      hasMore = late.length === ERASURES_A_PAGE
    }
  } catch (error) {
    log.error('Erasures Not Resumed', { error })
  }
}

function clients({ log, figures }: Isolate, env: Env): Record<DatabaseName, D1Client> {
  const meter = new Meter(figures.spent)
  return mapDatabases((name) => new MeteredD1(env[DATABASE_BINDINGS[name]], meter, log))
}

function databases(isolate: Isolate, env: Env): Record<DatabaseName, Db> {
  const opened = clients(isolate, env)
  return mapDatabases((name) => drizzleOver(opened[name]))
}

/** One database that is down keeps nothing of another waiting. */
async function forEachDatabase(
  { log }: Isolate,
  failure: string,
  work: (database: DatabaseName) => Promise<void>,
): Promise<void> {
  await Promise.all(
    DATABASES.map((database) => work(database).catch((error: unknown) => log.error(failure, { database, error }))),
  )
}
