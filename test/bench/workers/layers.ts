import { Hono, type MiddlewareHandler } from 'hono'
import { layersOf } from '../../../src/app.ts'
import type { Env } from '../../../src/env.ts'
import type { AppEnv } from '../../../src/http/app-env.ts'
import selvage from '../../../src/index.ts'
import { isolateOf } from '../../../src/isolate.ts'

export * from '../../../src/index.ts'

const BODY = {
  success: true,
  data: { name: 'selvage', version: '0.1.0', environment: 'production' },
  meta: { timestamp: '2026-01-01T00:00:00.000Z', version: '1', requestId: '00000000-0000-4000-8000-000000000000' },
  path: '/version',
}

interface Stack {
  names: string[]
  /** By how many layers stand before the answer. */
  apps: Hono<AppEnv>[]
}

let stack: Stack | undefined

function makeStack(env: Env): Stack {
  const layers: [string, MiddlewareHandler<AppEnv>][] = Object.entries(layersOf({ isolate: isolateOf(env) }))
  const apps = Array.from({ length: layers.length + 1 }, (_, depth) => {
    const app = new Hono<AppEnv>()
    for (const [, layer] of layers.slice(0, depth)) app.use(layer)
    return app.get('*', (c) => c.json(BODY))
  })
  return { names: layers.map(([name]) => name), apps }
}

const DEPTH = /\/layers\/(\d+)$/

/** `/layers/7` is answered behind so many of the layers, `/layers` names them, and any other path is the Worker's own. */
export default {
  ...selvage,
  fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> {
    const depth = DEPTH.exec(request.url)?.[1]
    if (depth === undefined && !request.url.endsWith('/layers')) return selvage.fetch(request as never, env, ctx)
    stack ??= makeStack(env)
    const app = stack.apps[Number(depth)]
    return app ? app.fetch(request, env, ctx) : Response.json(stack.names)
  },
}
