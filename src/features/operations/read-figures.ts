import type { ServiceContext } from '../../context.ts'
import { DATABASES } from '../../platform/db/bookmarks.ts'
import { unsentFigures } from '../../platform/outbox/d1-outbox.ts'
import { recentLags } from '../../platform/queues/inbox.ts'
import { LANES, type Lane } from '../../platform/queues/lanes.ts'
import { countWaiting } from './queries.ts'
import type { EventFigures } from './schemas.ts'

/** So many of the newest effects of a subscriber say how far it is behind. */
const SAMPLES = 20

/** How events fare: what waits in the outboxes and queues, how late effects come, what was given up. */
export async function readFigures(ctx: ServiceContext): Promise<EventFigures> {
  const [outboxes, lanes, lags, deadLettersWaiting] = await Promise.all([
    Promise.all(DATABASES.map((database) => outboxFigures(ctx, database))),
    Promise.all((Object.keys(LANES) as Lane[]).map((lane) => backlogOf(ctx, lane))),
    Promise.all(DATABASES.map((database) => lagsIn(ctx, database))),
    countWaiting(ctx.core.db),
  ])
  return { outboxes, lanes, lags: lags.flat(), deadLettersWaiting }
}

async function outboxFigures(ctx: ServiceContext, database: (typeof DATABASES)[number]) {
  const { unsent, oldestAt } = await unsentFigures(ctx[database].db)
  const oldestUnsentSeconds = oldestAt === null ? 0 : Math.max(0, Math.floor((ctx.clock() - oldestAt) / 1_000))
  return { database, unsent, oldestUnsentSeconds }
}

async function backlogOf(ctx: ServiceContext, lane: Lane) {
  try {
    const { backlogCount } = await ctx.queues[lane].metrics()
    return { lane, backlog: backlogCount }
  } catch (error) {
    ctx.log.warn('Queue Metrics Failed', { lane, error })
    return { lane, backlog: null }
  }
}

/** Of the subscribers whose marks are in one database. Who compares versions leaves none. */
async function lagsIn(ctx: ServiceContext, database: (typeof DATABASES)[number]): Promise<EventFigures['lags']> {
  const routes = ctx.routes.filter(({ once }) => once.store === database && once.by !== 'versions')
  const all = await recentLags(
    ctx[database].db,
    routes.map(({ name }) => name),
    SAMPLES,
  )
  return routes.map(({ name, lane }, i) => {
    const lags = (all[i] ?? []).toSorted((a, b) => a - b)
    const middle = lags[Math.floor(lags.length / 2)]
    return { name, lane, samples: lags.length, medianMs: middle ?? 0, maxMs: lags.at(-1) ?? 0 }
  })
}
