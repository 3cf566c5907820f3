import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import type { AppEnv } from '../app-env.ts'
import { isAllowedOrigin } from '../origin.ts'

const LIMITS = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset', 'RateLimit', 'RateLimit-Policy']
const EXPOSED = [
  ...['X-Request-Id', 'X-Correlation-Id', 'X-D1-Bookmark', 'Retry-After', 'ETag', 'Server-Timing'],
  ...['Idempotency-Replayed', 'Link', 'X-Total-Count', 'X-Total-Is-Exact', 'X-Total-Pages', 'X-Current-Page'],
  ...['X-Per-Page', 'Location', 'Deprecation', 'Sunset', 'X-API-Deprecated', 'X-API-Sunset', ...LIMITS],
].join(',')
const ACCEPTED = ['Authorization', 'Content-Type', 'X-Request-Id', 'Idempotency-Key', 'If-Match', 'If-None-Match']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const PREFLIGHT_SECONDS = 600

const preflight = cors({
  origin: (origin, c) => (origin && isAllowedOrigin(c, origin) ? origin : null),
  credentials: true,
  allowMethods: METHODS,
  allowHeaders: [
    ...ACCEPTED,
    'X-API-Version',
    'API-Version',
    'X-Correlation-Id',
    'X-D1-Bookmark',
    'Traceparent',
    'Tracestate',
  ],
  maxAge: PREFLIGHT_SECONDS,
})

/**
 * CORS by the allow-list; an `OPTIONS` that is no preflight goes on to say which methods there are. Only preflights are
 * hono's: what it says of any other request it says before there is an answer, which is then copied twice.
 */
export function shareWithOrigins() {
  return createMiddleware<AppEnv>(async function shareWithAllowedOrigins(c, next) {
    if (c.req.method === 'OPTIONS' && c.req.header('access-control-request-method')) return preflight(c, next)
    await next()
    const { webSocket, headers } = c.res
    if (webSocket) return
    headers.append('Vary', 'Origin')
    const origin = c.req.header('origin')
    if (origin === undefined || !isAllowedOrigin(c, origin)) return
    headers.set('Access-Control-Allow-Origin', origin)
    headers.set('Access-Control-Allow-Credentials', 'true')
    headers.set('Access-Control-Expose-Headers', EXPOSED)
  })
}
