import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { tellFigures } from '../../compose.ts'
import { DATABASES, formatBookmarks } from '../../platform/db/bookmarks.ts'
import { LOG } from '../../platform/observability/log.ts'
import { Meter, serverTiming } from '../../platform/observability/meter.ts'
import { redactUrl } from '../../platform/observability/redact.ts'
import { childScope, type Scope, withScope } from '../../platform/observability/scope.ts'
import type { AppEnv } from '../app-env.ts'

/**
 * The outermost layer: gives the request its id, its trace and its meter, logs its start and its end,
 * and says in the answer what it was and, in development, what it cost.
 */
export function beginRequest() {
  return createMiddleware<AppEnv>(async function beginRequestScope(c, next) {
    const isolate = c.get('isolate')
    const started = isolate.clock()
    const scope = childScope({
      correlationId: c.req.header('x-request-id') ?? c.req.header('x-correlation-id'),
      traceparent: c.req.header('traceparent'),
      tracestate: c.req.header('tracestate'),
    })
    const meter = new Meter(isolate.figures.spent)
    c.set('scope', scope)
    c.set('meter', meter)
    await withScope(scope, async () => {
      if (isolate.log.isEnabled('debug')) {
        isolate.log.debug(LOG.incomingRequest, { ...toldOf(c), body: await peekBody(c.req.raw) })
      }
      await next()
      isolate.watchCosts?.(scope.correlationId, meter)
      const responseTime = isolate.clock() - started
      sayWhatItWas(c.res, scope, {
        timing: isolate.settings.ENVIRONMENT === 'production' ? undefined : serverTiming(meter.costs, responseTime),
        bookmark: c.get('ctx') && bookmarkOf(c.get('ctx')),
      })
      isolate.figures.request(c.res.status, responseTime, refusedBy(c.get('told')))
      tellFigures(isolate, c.env, (work) => c.executionCtx.waitUntil(work))
      if (isolate.log.isEnabled('info')) {
        isolate.log.info(LOG.request, { ...toldOf(c), statusCode: c.res.status, responseTime, ...meter.costs })
      }
    })
  })
}

/** What the log says of a request. */
function toldOf(c: Context<AppEnv>) {
  return {
    method: c.req.method,
    url: redactUrl(new URL(c.req.url)),
    userAgent: c.req.header('user-agent')?.slice(0, 300),
    ip: shortenIp(c.req.header('cf-connecting-ip')),
  }
}

const MAX_PEEKED_BYTES = 16 * 1024

/** A small JSON body, read from a copy; the log redacts it. */
async function peekBody(request: Request): Promise<unknown> {
  const isSmall = Number(request.headers.get('content-length') ?? Number.NaN) <= MAX_PEEKED_BYTES
  if (!isSmall || !request.headers.get('content-type')?.includes('json')) return undefined
  const text = await request.clone().text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function sayWhatItWas(
  { webSocket, headers }: Response,
  scope: Scope,
  extra: { timing: string | undefined; bookmark: string | undefined },
): void {
  // The answer to an upgrade is the socket itself; its headers are the platform's.
  if (webSocket) return
  headers.set('X-Request-Id', scope.correlationId)
  headers.set('X-Correlation-Id', scope.correlationId)
  if (extra.timing) headers.set('Server-Timing', extra.timing)
  if (extra.bookmark) headers.set('X-D1-Bookmark', extra.bookmark)
  // What carries a bookmark is one caller's view, and most answers are: no shared cache may keep it.
  const caching = headers.get('Cache-Control')
  if (caching?.startsWith('private') !== true && (extra.bookmark || caching === null)) {
    headers.set('Cache-Control', 'private, no-store')
  }
}

function bookmarkOf(ctx: AppEnv['Variables']['ctx']): string {
  return formatBookmarks(DATABASES.map((name) => [name, ctx[name].bookmark()]))
}

/** Undefined where nobody was counted yet: a preflight. */
function refusedBy(told: AppEnv['Variables']['told'] | undefined): string[] {
  return (told ?? []).flatMap(({ name, standing }) => (standing.allowed ? [] : [name]))
}

/** Enough to tell networks apart, not people: IPv4 without its last byte, IPv6 as its /48. */
function shortenIp(ip: string | undefined): string | undefined {
  if (ip === undefined) return undefined
  return ip.includes(':') ? `${ip.split(':').slice(0, 3).join(':')}::` : ip.replace(/\.\d+$/, '.0')
}
