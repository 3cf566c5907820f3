import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { COSTS_NOTHING, type CostBudget } from '../../http/cost.ts'
import { envelope, ok } from '../../http/envelope.ts'
import { DATABASES } from '../../platform/db/bookmarks.ts'
import { checkHealth, Health } from './check-health.ts'

/** Whoever watches over the service must not be stopped by its limits. */
const probe = { tag: 'System', limits: 'none', idempotency: 'off', cache: 'no-store' } as const

/** One trip to each database, side by side. */
const CHECKS: CostBudget = {
  ...{ trips: DATABASES.length, sequential: 1, rowsRead: DATABASES.length },
  ...{ rowsWritten: 0, hops: 0, sends: 0 },
}

const Live = z.object({ status: z.literal('up') }).meta({ id: 'Live' })
const Version = z.object({ name: z.string(), version: z.string(), environment: z.string() }).meta({ id: 'Version' })

const health = contract('Check all that the service depends on', {
  access: 'public',
  ...probe,
  cost: CHECKS,
  answers: { 200: envelope(Health), 503: envelope(Health) },
})
const ready = contract('Ask whether traffic may come', {
  access: 'public',
  ...probe,
  cost: CHECKS,
  answers: { 200: envelope(Health), 503: envelope(Health) },
})
const live = contract('Ask whether the process runs', {
  access: 'public',
  ...probe,
  cost: COSTS_NOTHING,
  answers: { 200: envelope(Live) },
})

/** A probe reads the status, a person the body: an outage is told in both. */
async function answerHealth(c: Context<AppEnv>) {
  const found = await checkHealth(c.get('ctx'))
  return ok(c, found, { status: found.status === 'up' ? 200 : 503 })
}

/** What operators and load balancers ask. Unversioned; `liveness` and `readiness` are aliases. */
export const systemRoutes = new Hono<AppEnv>()
  .get('/health', health, answerHealth)
  .get('/health/ready', ready, answerHealth)
  .get('/health/readiness', ready, answerHealth)
  .get('/health/live', live, (c) => ok(c, { status: 'up' as const }))
  .get('/health/liveness', live, (c) => ok(c, { status: 'up' as const }))
  .get(
    '/version',
    contract('Read the version', {
      access: 'public',
      tag: 'System',
      limits: [],
      idempotency: 'off',
      cache: 'no-store',
      cost: COSTS_NOTHING,
      answers: { 200: envelope(Version) },
    }),
    (c) => {
      const { SERVICE_NAME, APP_VERSION, ENVIRONMENT } = c.get('isolate').settings
      return ok(c, { name: SERVICE_NAME, version: APP_VERSION, environment: ENVIRONMENT })
    },
  )
