import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'

/** A request for a host that is not ours has come by a wrong or forged name. */
export function guardHost() {
  return createMiddleware<AppEnv>(async function guardHostName(c, next) {
    const { ALLOWED_HOSTS } = c.var.isolate.settings
    const host = new URL(c.req.url).host
    if (!ALLOWED_HOSTS.includes('*') && !ALLOWED_HOSTS.includes(host)) {
      throw new Refusal('HOST_NOT_ALLOWED', 'This host is not served here', { reason: host.slice(0, 200) })
    }
    await next()
  })
}
