import type { Context } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'

/** Not every browser takes a `Secure` cookie from plain http on loopback, which is what a laptop serves. */
export function isSecure(c: Context<AppEnv>): boolean {
  return c.get('isolate').settings.ENVIRONMENT !== 'development'
}

/**
 * The name of a cookie that nobody else may set: browsers take one with such a prefix only when it is `Secure`, and with
 * `__Host-` only for this very host and the path `/`. So neither another host of the domain nor whoever answers in the
 * place of a plain http address puts theirs in its place.
 */
export function guardedName(c: Context<AppEnv>, prefix: '__Host-' | '__Secure-', name: string): string {
  return isSecure(c) ? `${prefix}${name}` : name
}
