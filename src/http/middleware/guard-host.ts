import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'

/** What comes before the path of a URL. */
const ORIGIN = /^[^:]+:\/\/[^/?#]*/

/** A request for a host that is not ours has come by a wrong or forged name. */
export function guardHost() {
  /** Origins that were let through before: of the hosts that are served there are few. */
  const served = new Set<string>()
  return createMiddleware<AppEnv>(async function guardHostName(c, next) {
    const { ALLOWED_HOSTS } = c.get('isolate').settings
    if (!ALLOWED_HOSTS.includes('*')) {
      const origin = ORIGIN.exec(c.req.url)?.[0] ?? c.req.url
      if (!served.has(origin)) {
        demandServed(origin, ALLOWED_HOSTS)
        if (served.size < MOST_REMEMBERED) served.add(origin)
      }
    }
    await next()
  })
}

/** The same host has many spellings. */
const MOST_REMEMBERED = 100

/** An entry without a port allows every port. */
function demandServed(origin: string, allowed: readonly string[]): void {
  const { host, hostname } = new URL(origin)
  if (allowed.includes(host) || allowed.includes(hostname)) return
  throw new Refusal('HOST_NOT_ALLOWED', 'This host is not served here', { reason: host.slice(0, 200) })
}
