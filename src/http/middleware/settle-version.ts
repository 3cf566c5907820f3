import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { LOG } from '../../platform/observability/log.ts'
import type { AppEnv } from '../app-env.ts'
import { canonicalPath } from '../canonical-path.ts'
import { daysLeft, deprecationHeaders } from '../deprecation.ts'
import { VERSION_HEADERS } from '../version.ts'

/**
 * Finds out which version is meant, and tells with every answer of a deprecated route, errors included, that it goes
 * and when. `negotiate` refuses a version that there is not.
 */
export function settleVersion() {
  return createMiddleware<AppEnv>(async function settleApiVersion(c, next) {
    const { resolved } = canonicalPath(new URL(c.req.url).pathname, (name) => c.req.header(name))
    c.set('resolvedVersion', resolved)
    await next()
    if (c.res.webSocket) return
    // What one header has chosen another would have chosen otherwise.
    if (resolved.by !== 'path') c.header('Vary', VERSION_HEADERS.join(', '), { append: true })
    tellDeprecation(c)
  })
}

/** Where the answer has links of its own, those of the deprecation stand beside them. */
function tellDeprecation(c: Context<AppEnv>): void {
  const { matched, isolate, deprecatedPath } = c.var
  const deprecated = matched ? matched.contract.policy.deprecated : deprecatedPath
  if (!deprecated) return
  for (const [name, value] of Object.entries(deprecationHeaders(deprecated))) {
    c.header(name, value, { append: name === 'Link' })
  }
  // Who was told that there is no such route has used none.
  if (!matched) return
  isolate.figures.deprecated(matched.route)
  isolate.log.warn(LOG.deprecatedRoute, { route: matched.route, daysLeft: daysLeft(deprecated, isolate.clock()) })
}
