import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv } from '../../../http/app-env.ts'
import { ATTEMPT_SECONDS } from './attempt.ts'

const NAME = 'selvage_outside'

/** Only to the routes that need it, and only from our own pages. */
function options(c: Context<AppEnv>) {
  const secure = c.var.isolate.settings.ENVIRONMENT !== 'development'
  return { path: '/v1/auth/providers', httpOnly: true, secure, sameSite: 'Lax' } as const
}

/** Ties an attempt to the browser that began it: nobody can have somebody else end theirs. */
export function keepAttempt(c: Context<AppEnv>, token: string): void {
  setCookie(c, NAME, token, { ...options(c), maxAge: ATTEMPT_SECONDS })
}

/** Takes it away as well: however it ends, it is not tried twice. */
export function takeAttempt(c: Context<AppEnv>): string | undefined {
  const token = getCookie(c, NAME)
  if (token !== undefined) deleteCookie(c, NAME, options(c))
  return token
}
