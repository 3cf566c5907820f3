import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import * as z from 'zod'
import { identityKeyRoutes } from './features/identity/key-routes.ts'
import { mailboxRoutes } from './features/mailbox/routes.ts'
import { rehearsalRoutes } from './features/rehearsal/routes.ts'
import { systemRoutes } from './features/system/routes.ts'
import { allowedMethods } from './http/allowed-methods.ts'
import type { AppEnv } from './http/app-env.ts'
import { canonicalPath, pathnameOf } from './http/canonical-path.ts'
import { contract } from './http/contract.ts'
import { COSTS_NOTHING } from './http/cost.ts'
import { beginRequest } from './http/middleware/begin-request.ts'
import { guardHost } from './http/middleware/guard-host.ts'
import { keepDeadline } from './http/middleware/keep-deadline.ts'
import { limitCaller } from './http/middleware/limit-caller.ts'
import { negotiate } from './http/middleware/negotiate.ts'
import { settleVersion } from './http/middleware/settle-version.ts'
import { shareWithOrigins } from './http/middleware/share-with-origins.ts'
import { tellLimits } from './http/middleware/tell-limits.ts'
import { missingPage } from './http/missing-page.ts'
import { noteDenial } from './http/note-denial.ts'
import { openApiDocument } from './http/openapi/document.ts'
import { contractedRoutes } from './http/openapi/routes.ts'
import { problemResponse, statusOf, toRefusal } from './http/problem.ts'
import { RememberingRouter } from './http/remembering-router.ts'
import { v1 } from './http/v1.ts'
import { v2 } from './http/v2.ts'
import { API_VERSIONS } from './http/version.ts'
import type { Isolate } from './isolate.ts'
import { Refusal } from './platform/errors.ts'
import { LOG } from './platform/observability/log.ts'
import { isInShop } from './services/shop-pages.ts'

const HANDLER_DEADLINE_MS = 20_000

const readDocument = contract('Read this document', {
  access: 'public',
  tag: 'System',
  limits: [],
  idempotency: 'off',
  cache: 'no-store',
  cost: COSTS_NOTHING,
  answers: { 200: z.looseObject({ openapi: z.string() }) },
})

export interface AppOptions {
  isolate: Isolate
  handlerDeadlineMs?: number
}

/** What every request passes, from outside inwards. */
export function layersOf({
  isolate,
  handlerDeadlineMs = HANDLER_DEADLINE_MS,
}: AppOptions): Record<string, MiddlewareHandler<AppEnv>> {
  return {
    isolate: async (c, next) => {
      c.set('isolate', isolate)
      await next()
    },
    scope: beginRequest(),
    'secure headers': secureHeaders(),
    // A preflight costs nothing and knows no caller: it is all that is answered before anybody is counted.
    origins: shareWithOrigins(),
    'told limits': tellLimits(),
    version: settleVersion(),
    deadline: keepDeadline(handlerDeadlineMs),
    limits: limitCaller(),
    host: guardHost(),
    'media type': negotiate(),
  }
}

/** The whole HTTP side: what every request passes, in order, and what is mounted where. */
export function createApp({ isolate, handlerDeadlineMs }: AppOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>({ getPath: pathOf, router: new RememberingRouter() })

  for (const layer of Object.values(layersOf({ isolate, handlerDeadlineMs }))) app.use(layer)

  app.route('/v1', v1)
  app.route('/v2', v2)
  app.route('/', systemRoutes)
  app.route('/', identityKeyRoutes)
  if (isolate.settings.ENVIRONMENT !== 'production') {
    app.route('/dev/mail', mailboxRoutes)
    app.route('/dev', rehearsalRoutes)
  }
  for (const version of API_VERSIONS) {
    let document: ReturnType<typeof openApiDocument> | undefined
    app.get(`/openapi/v${version}.json`, readDocument, (c) => {
      document ??= openApiDocument(app, { release: isolate.settings.APP_VERSION, version })
      return c.json(document)
    })
  }

  app.notFound(async (c) => {
    const { methods, deprecated } = allowedMethods(app, c.req.path)
    if (methods.length === 0) {
      return (
        (await missingPage(c, isInShop)) ??
        problemResponse(c, new Refusal('NOT_FOUND', 'There is nothing at this path'))
      )
    }
    c.header('Allow', methods.join(', '))
    c.set('deprecatedPath', deprecated)
    if (c.req.method === 'OPTIONS') return c.body(null, 204)
    return problemResponse(c, new Refusal('METHOD_NOT_ALLOWED', `Use ${methods.join(', ')} here`))
  })
  app.onError(async (error, c) => {
    const refusal = toRefusal(error)
    const fields = {
      code: refusal.code,
      reason: refusal.reason,
      method: c.req.method,
      path: c.req.path,
      query: c.req.query(),
      // Only what a validator has read already, and so has found small enough.
      body: await bodyForLog(c),
      statusCode: statusOf(refusal),
    }
    if (statusOf(refusal) >= 500) isolate.log.error(LOG.requestFailed, { ...fields, error })
    else isolate.log.info(LOG.requestFailed, fields)
    noteDenial(c, refusal)
    return problemResponse(c, refusal)
  })

  contractedRoutes(app)
  return app
}

/** Only what a validator has read already, and so has found small enough. hono keeps the text. */
async function bodyForLog(c: Context<AppEnv>): Promise<unknown> {
  try {
    return JSON.parse((await c.req.bodyCache.text) ?? 'null')
  } catch {
    return '(not JSON)'
  }
}

/** What routes are looked up by. Called once a request, before anything else. */
function pathOf(request: Request): string {
  return canonicalPath(pathnameOf(request.url), (name) => request.headers.get(name)).path
}
