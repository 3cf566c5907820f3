import { sql } from 'drizzle-orm'
import { createSystemContext } from '../../../src/compose.ts'
import type { Env } from '../../../src/env.ts'
import product from '../../../src/index.ts'
import { isolateOf } from '../../../src/isolate.ts'
import type { DatabaseName } from '../../../src/platform/db/bookmarks.ts'
import { ConstraintFailed } from '../../../src/platform/db/commit.ts'
import { arm, reach } from './crashes.ts'
import { watchBatch } from './deliveries.ts'
import { type CrashPoint, type PlannedEvent, PROBES } from './probes.ts'

export * from '../../../src/index.ts'

/** Messages that this process has given to queues, and those of them that its queues will not bring again. */
const counted = { sent: 0, acknowledged: 0 }

/**
 * The product's own consumers, relay and crons, with probes for subscribers. What comes over HTTP is the test's: to
 * commit events, to fire the minute's cron, to be killed at a point, to look into the databases.
 */
export default {
  async fetch(request, bindings, ctx) {
    const env = watchQueues(bindings)
    const { pathname } = new URL(request.url)
    const given = await request.json()
    if (pathname === '/commit') await commit(given as Planned, env, ctx)
    else if (pathname === '/cron') await product.scheduled({ cron: '* * * * *' } as ScheduledController, env, ctx)
    else if (pathname === '/arm') {
      const { point, times } = given as { point: CrashPoint; times: number }
      arm(point, times)
    } else if (pathname === '/sql') {
      const { database, statement } = given as { database: DatabaseName; statement: string }
      return Response.json((await databaseOf(env, database).prepare(statement).all()).results)
    }
    return Response.json(counted)
  },

  async queue(batch, bindings, ctx) {
    const watched = watchBatch(batch)
    await product.queue(watched.batch, watchQueues(bindings), ctx)
    counted.acknowledged += watched.acknowledged.length
    // What is acknowledged is known to the queue only once this returns.
    const isBurial = (message: Message) => (message.body as { event: { payload: Probe } }).event.payload.isPoison
    if (watched.acknowledged.some(isBurial)) await reach('after-burial')
    if (!watched.acknowledged.every(isBurial)) await reach('before-acknowledgement')
  },
} satisfies ExportedHandler<Env>

interface Probe {
  isPoison: boolean
}
interface Planned {
  database: DatabaseName
  events: PlannedEvent[]
}

/** One batch: a row that changes for each event, and the events. The same again is known by its first event. */
async function commit({ database, events }: Planned, env: Env, ctx: ExecutionContext): Promise<void> {
  const isolate = isolateOf(env)
  const system = createSystemContext(isolate, env, 'probe', (work) => ctx.waitUntil(work))
  const ids = JSON.stringify(events.map(({ id }) => id))
  try {
    await system[database].commit([
      sql`insert into probe_changes (id) select value from json_each(${ids})`,
      ...events.map(({ id, kind, isPoison }) => {
        const { type, version, aggregateType } = PROBES[kind]
        const fact = { type, version, aggregateType, aggregateId: id, sequence: 1, payload: { isPoison } }
        return { event: { id, ...fact, occurredAt: isolate.clock(), correlationId: system.requestId, traceparent: '' } }
      }),
    ])
  } catch (error) {
    if (!(error instanceof ConstraintFailed && error.constraint === 'outbox.id')) throw error
  }
}

function watchQueues(env: Env): Env {
  const { CRITICAL_QUEUE, NORMAL_QUEUE, BULK_QUEUE } = env
  return {
    ...env,
    CRITICAL_QUEUE: watchQueue(CRITICAL_QUEUE),
    NORMAL_QUEUE: watchQueue(NORMAL_QUEUE),
    BULK_QUEUE: watchQueue(BULK_QUEUE),
  }
}

function watchQueue(queue: Queue): Queue {
  return {
    metrics: () => queue.metrics(),
    send: (body, options) => queue.send(body, options),
    async sendBatch(messages) {
      const given = [...messages]
      await reach('before-send')
      const answer = await queue.sendBatch(given)
      counted.sent += given.length
      await reach('after-send')
      return answer
    },
  }
}

function databaseOf(env: Env, name: DatabaseName): D1Database {
  return name === 'core' ? env.DB : env.ACTIVITY_DB
}
