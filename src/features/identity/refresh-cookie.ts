import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv } from '../../http/app-env.ts'
import { REFRESH_TOKEN_MS } from './domain/session-policy.ts'
import { endFormerSession } from './end-former-session.ts'
import type { MfaRequired, SignedIn } from './schemas.ts'
import { guardedName, isSecure } from './secure-cookie.ts'

const nameOf = (c: Context<AppEnv>) => guardedName(c, '__Host-', 'selvage_refresh')
/** What a script may see of it: that there is one. Without it our pages need not ask, and be told no, at every visit. */
const MARKER = 'selvage_signed_in'

function options(c: Context<AppEnv>) {
  return { path: '/', httpOnly: true, secure: isSecure(c), sameSite: 'Lax' } as const
}

export function readRefreshCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, nameOf(c))
}

export function clearRefreshCookie(c: Context<AppEnv>): void {
  deleteCookie(c, nameOf(c), options(c))
  deleteCookie(c, MARKER, { ...options(c), httpOnly: false })
}

type Delivered<G extends Grant> = Omit<G, 'refreshToken'> & { refreshToken?: string }

type Grant = SignedIn & { refreshToken: string }

/**
 * The answer of a sign-in: with `cookie` the refresh token leaves the body, where scripts could read it. Where a second
 * step is wanted first there is none yet.
 */
export function deliver<G extends Grant>(c: Context<AppEnv>, grant: G, session: 'body' | 'cookie'): Delivered<G>
export function deliver(
  c: Context<AppEnv>,
  result: Grant | MfaRequired,
  session: 'body' | 'cookie',
): SignedIn | MfaRequired
export function deliver(
  c: Context<AppEnv>,
  result: Grant | MfaRequired,
  session: 'body' | 'cookie',
): SignedIn | MfaRequired {
  if ('requiresMfa' in result) return result
  const { refreshToken, ...rest } = result
  if (session === 'body') return { ...rest, refreshToken }
  const former = readRefreshCookie(c)
  if (former !== undefined) c.get('ctx').defer(endFormerSession(c.get('ctx'), { former, refreshToken }))
  const kept = { ...options(c), maxAge: REFRESH_TOKEN_MS / 1_000 }
  setCookie(c, nameOf(c), refreshToken, kept)
  setCookie(c, MARKER, '1', { ...kept, httpOnly: false })
  return rest
}
