import { createApp } from './app.ts'
import { createSystemContext, tellFigures } from './compose.ts'
import { type Env, SettingsError } from './env.ts'
import { keepDeadLetter } from './features/operations/index.ts'
import { isolateOf } from './isolate.ts'
import { rootScope, withScope } from './platform/observability/scope.ts'
import { consumeBatch, consumeDead } from './platform/queues/consume.ts'
import type { Delivery } from './platform/queues/delivery.ts'
import { countBacklogs, pruneAll, pruneFeatures, resumeErasures, sealAll, sweepAll } from './scheduled.ts'
import { SUBSCRIBERS } from './subscribers.ts'

export { ChatRoom, Figures, RateLimiter, UserSessions, UserSocket } from '../durable-objects/index.ts'
export { CatalogService } from './services/catalog.ts'
export { ChatService } from './services/chat.ts'
export { UsersService } from './services/users.ts'
export { EraseAccount } from './workflows/erase-account.ts'

/** As in wrangler.toml; every other cron is the minute's. */
const HOURLY = '0 * * * *'

/** Module state: built at the first request of an isolate, gone with it. */
let app: ReturnType<typeof createApp> | undefined

export default {
  fetch(request, env, ctx) {
    try {
      app ??= createApp({ isolate: isolateOf(env) })
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      console.error(error.message)
      return new Response('The service is not configured', { status: 503 })
    }
    return app.fetch(request, env, ctx)
  },

  async queue(batch, env, ctx) {
    const isolate = isolateOf(env)
    const parts = {
      subscribers: SUBSCRIBERS,
      makeContext: (delivery: Delivery | undefined) =>
        createSystemContext(isolate, env, batch.queue, (work) => ctx.waitUntil(work), delivery),
      bury: keepDeadLetter,
      figures: isolate.figures,
      log: isolate.log,
      clock: isolate.clock,
    }
    if (batch.queue.endsWith('-dead')) await consumeDead(batch, parts)
    else await consumeBatch(batch, parts)
    tellFigures(isolate, env, (work) => ctx.waitUntil(work))
  },

  async scheduled({ cron }, env, ctx) {
    const isolate = isolateOf(env)
    const work = () =>
      cron === HOURLY
        ? Promise.all([pruneFeatures(isolate, env), resumeErasures(isolate, env)])
        : Promise.all([sweepAll, sealAll, countBacklogs, pruneAll].map((work) => work(isolate, env)))
    await withScope(rootScope(), work)
    tellFigures(isolate, env, (telling) => ctx.waitUntil(telling))
  },
} satisfies ExportedHandler<Env>
