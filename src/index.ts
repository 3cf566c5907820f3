import { createApp } from './app.ts'
import { createSystemContext, sweepAll } from './compose.ts'
import { type Env, SettingsError } from './env.ts'
import { isolateOf } from './isolate.ts'
import { rootScope, withScope } from './platform/observability/scope.ts'
import { consumeBatch } from './platform/queues/consume.ts'
import { SUBSCRIBERS } from './subscribers.ts'

export { ChatRoom, UserSocket } from '../durable-objects/index.ts'

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
    const makeContext = () => createSystemContext(isolate, env, batch.queue, (work) => ctx.waitUntil(work))
    await consumeBatch(batch, SUBSCRIBERS, makeContext, isolate.log)
  },

  async scheduled(_controller, env) {
    await withScope(rootScope(), () => sweepAll(isolateOf(env), env))
  },
} satisfies ExportedHandler<Env>
