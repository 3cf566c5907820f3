import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv } from '../../../http/app-env.ts'
import { guardedName, isSecure } from '../secure-cookie.ts'
import { ATTEMPT_SECONDS } from './attempt.ts'

const nameOf = (c: Context<AppEnv>) => guardedName(c, '__Secure-', 'selvage_outside')

/** Only to the routes that need it, and only from our own pages. */
function options(c: Context<AppEnv>) {
  return { path: '/v1/auth/providers', httpOnly: true, secure: isSecure(c), sameSite: 'Lax' } as const
}

/** Ties an attempt to the browser that began it: nobody can have somebody else end theirs. */
export function keepAttempt(c: Context<AppEnv>, token: string): void {
  setCookie(c, nameOf(c), token, { ...options(c), maxAge: ATTEMPT_SECONDS })
}

/** Takes it away as well: however it ends, it is not tried twice. */
export function takeAttempt(c: Context<AppEnv>): string | undefined {
  const token = getCookie(c, nameOf(c))
  if (token !== undefined) deleteCookie(c, nameOf(c), options(c))
  return token
}
