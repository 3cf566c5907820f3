import type { Context } from 'hono'
import { accepts } from './accept.ts'
import type { AppEnv } from './app-env.ts'

const PAGES = '/app/'

/**
 * The page that says that there is none, for a person at a mistyped address of a page. Programs, and every other
 * address, get a problem document instead: then this is null.
 */
export async function missingPage(c: Context<AppEnv>): Promise<Response | null> {
  if (!c.req.path.startsWith(PAGES) || !accepts(c.req.header('accept') ?? '', ['text/html'])) return null
  const page = await c.env.ASSETS.fetch(new URL('/404', c.req.url))
  return page.ok ? new Response(page.body, { status: 404, headers: page.headers }) : null
}
