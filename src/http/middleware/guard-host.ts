import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'

/** A request for a host that is not ours has come by a wrong or forged name. */
export function guardHost() {
  return createMiddleware<AppEnv>(async function guardHostName(c, next) {
    const { ALLOWED_HOSTS } = c.var.isolate.settings
    const { host, hostname } = new URL(c.req.url)
    // An entry without a port allows every port.
    if (!['*', host, hostname].some((allowed) => ALLOWED_HOSTS.includes(allowed))) {
      throw new Refusal('HOST_NOT_ALLOWED', 'This host is not served here', { reason: host.slice(0, 200) })
    }
    await next()
  })
}
