import type { Context } from 'hono'
import { accepts } from './accept.ts'
import type { AppEnv } from './app-env.ts'

const PAGES = '/app/'
/** One page for all products: it finds out itself whether there is one of that name. */
const PRODUCT = /^\/app\/shop\/[a-z0-9-]{1,200}$/

/**
 * The page of a product, whose addresses no build knows; and the page that says that there is none, for a person at a
 * mistyped address of a page. Programs, and every other
 * address, get a problem document instead: then this is null.
 */
export async function missingPage(c: Context<AppEnv>): Promise<Response | null> {
  if (!c.req.path.startsWith(PAGES) || !accepts(c.req.header('accept') ?? '', ['text/html'])) return null
  const isProduct = PRODUCT.test(c.req.path)
  const page = await c.env.ASSETS.fetch(new URL(isProduct ? '/app/shop' : '/404', c.req.url))
  return page.ok ? new Response(page.body, { status: isProduct ? 200 : 404, headers: page.headers }) : null
}
