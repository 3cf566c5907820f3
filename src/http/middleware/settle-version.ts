import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { LOG } from '../../platform/observability/log.ts'
import type { AppEnv } from '../app-env.ts'
import { canonicalPath, pathnameOf } from '../canonical-path.ts'
import { daysLeft, deprecationHeaders } from '../deprecation.ts'
import { VERSION_HEADERS } from '../version.ts'

/**
 * Finds out which version is meant, and tells with every answer of a deprecated route, errors included, that it goes
 * and when. `negotiate` refuses a version that there is not.
 */
export function settleVersion() {
  return createMiddleware<AppEnv>(async function settleApiVersion(c, next) {
    const { resolved } = canonicalPath(pathnameOf(c.req.url), (name) => c.req.header(name))
    c.set('resolvedVersion', resolved)
    await next()
    if (c.res.webSocket) return
    // What one header has chosen another would have chosen otherwise.
    if (resolved.by !== 'path') c.res.headers.append('Vary', VERSION_HEADERS.join(', '))
    tellDeprecation(c)
  })
}

/** Where the answer has links of its own, those of the deprecation stand beside them. */
function tellDeprecation(c: Context<AppEnv>): void {
  const matched = c.get('matched')
  const isolate = c.get('isolate')
  const deprecatedPath = c.get('deprecatedPath')
  const deprecated = matched ? matched.contract.policy.deprecated : deprecatedPath
  if (!deprecated) return
  for (const [name, value] of Object.entries(deprecationHeaders(deprecated))) {
    if (name === 'Link') c.res.headers.append(name, value)
    else c.res.headers.set(name, value)
  }
  // Who was told that there is no such route has used none.
  if (!matched) return
  isolate.figures.deprecated(matched.route)
  isolate.log.warn(LOG.deprecatedRoute, { route: matched.route, daysLeft: daysLeft(deprecated, isolate.clock()) })
}
