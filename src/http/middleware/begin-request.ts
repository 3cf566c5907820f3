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
    const { isolate } = c.var
    const started = isolate.clock()
    const scope = childScope({
      correlationId: c.req.header('x-request-id') ?? c.req.header('x-correlation-id'),
      traceparent: c.req.header('traceparent'),
      tracestate: c.req.header('tracestate'),
    })
    const meter = new Meter(isolate.figures.spent)
    c.set('scope', scope)
    c.set('meter', meter)
    const url = new URL(c.req.url)
    const request = {
      method: c.req.method,
      url: redactUrl(url),
      userAgent: c.req.header('user-agent')?.slice(0, 300),
      ip: shortenIp(c.req.header('cf-connecting-ip')),
    }
    await withScope(scope, async () => {
      if (isolate.log.isEnabled('debug')) {
        isolate.log.debug(LOG.incomingRequest, { ...request, body: await peekBody(c.req.raw) })
      }
      await next()
      isolate.watchCosts?.(scope.correlationId, meter)
      const responseTime = isolate.clock() - started
      answerHeaders(c.res, (name, value) => c.header(name, value), scope, {
        timing: isolate.settings.ENVIRONMENT === 'production' ? undefined : serverTiming(meter.costs, responseTime),
        bookmark: c.var.ctx && bookmarkOf(c.var.ctx),
      })
      isolate.figures.request(c.res.status, responseTime, refusedBy(c.var.told))
      tellFigures(isolate, c.env, (work) => c.executionCtx.waitUntil(work))
      isolate.log.info(LOG.request, { ...request, statusCode: c.res.status, responseTime, ...meter.costs })
    })
  })
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

type SetHeader = (name: string, value: string) => void

function answerHeaders(
  response: Response,
  set: SetHeader,
  scope: Scope,
  extra: { timing: string | undefined; bookmark: string | undefined },
): void {
  // The answer to an upgrade is the socket itself; its headers are the platform's.
  if (response.webSocket) return
  set('X-Request-Id', scope.correlationId)
  set('X-Correlation-Id', scope.correlationId)
  if (extra.timing) set('Server-Timing', extra.timing)
  if (extra.bookmark) set('X-D1-Bookmark', extra.bookmark)
  // What carries a bookmark is one caller's view, and most answers are: no shared cache may keep it.
  const isPrivate = response.headers.get('Cache-Control')?.startsWith('private') === true
  if (!isPrivate && (extra.bookmark || !response.headers.has('Cache-Control')))
    set('Cache-Control', 'private, no-store')
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
