import type { Context } from 'hono'
import type { AppEnv } from './app-env.ts'

/** Whether a page of this origin may call us: our own pages, and the origins of the settings. */
export function isAllowedOrigin(c: Context<AppEnv>, origin: string): boolean {
  if (origin === new URL(c.req.url).origin) return true
  return c.get('isolate').settings.ALLOWED_ORIGINS.includes(origin)
}
