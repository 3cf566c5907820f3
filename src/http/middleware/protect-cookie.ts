import { csrf } from 'hono/csrf'
import { createMiddleware } from 'hono/factory'
import { Refusal } from '../../platform/errors.ts'
import type { AppEnv } from '../app-env.ts'
import { isAllowedOrigin } from '../origin.ts'

const formDefence = csrf({ origin: (origin, c) => isAllowedOrigin(c, origin) })

/**
 * For writes that a cookie authenticates: another site's page may not make a browser send one. Forms are
 * hono's to refuse; a script's request says its Origin, which must be ours.
 */
export function protectCookie() {
  return createMiddleware<AppEnv>(async function protectCookieWrite(c, next) {
    const origin = c.req.header('origin')
    if (origin !== undefined && !isAllowedOrigin(c, origin)) {
      throw new Refusal('ORIGIN_NOT_ALLOWED', 'This origin may not do this', { reason: origin.slice(0, 200) })
    }
    return formDefence(c, next)
  })
}
