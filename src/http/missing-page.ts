import type { Context } from 'hono'
import { createContext } from '../compose.ts'
import type { ServiceContext } from '../context.ts'
import { accepts } from './accept.ts'
import type { AppEnv } from './app-env.ts'

const PAGES = '/app/'
const SHOP = '/app/shop'
const SLUG = /^[a-z0-9-]{1,200}$/

/** What a page of the shop is about, by its slug. */
interface ShopPage {
  about: 'product' | 'category'
  slug: string
}

/** Whether everybody finds something there. */
type AskShop = (ctx: ServiceContext, page: ShopPage) => Promise<boolean>

/**
 * The pages of the shop, whose addresses no build knows: with 404 where a product or a category is none that everybody
 * sees. The page is the same one, and says so itself: it may know somebody who does see it. And the page that says that
 * there is none, for a person at a mistyped address of a page. Programs, and every other address, get a problem document
 * instead: then this is null.
 */
export async function missingPage(c: Context<AppEnv>, isInShop: AskShop): Promise<Response | null> {
  const { path, method } = c.req
  // The list of the shop is a page that was built: whoever names no type gets it, too.
  const types = path === SHOP ? ['text/html', '*/*', ''] : ['text/html']
  if (!path.startsWith(PAGES) || !accepts(c.req.header('accept') ?? '', types)) return null
  const about = method === 'GET' || method === 'HEAD' ? shopPageOf(path, c.req.query('category')) : null
  if (about === null) return page(c, '/404', 404)
  if (about === 'all') return page(c, SHOP, 200)
  return page(c, SHOP, (await isThere(c, isInShop, about)) ? 200 : 404)
}

function shopPageOf(path: string, category: string | undefined): ShopPage | 'all' | null {
  if (path === SHOP) {
    if (!category) return 'all'
    // Of another form there is none, and nothing needs to be asked for that.
    return { about: 'category', slug: SLUG.test(category) ? category : '' }
  }
  const slug = path.startsWith(`${SHOP}/`) ? path.slice(SHOP.length + 1) : ''
  return SLUG.test(slug) ? { about: 'product', slug } : null
}

async function isThere(c: Context<AppEnv>, isInShop: AskShop, page: ShopPage): Promise<boolean> {
  if (page.slug === '') return false
  const isolate = c.get('isolate')
  const meter = c.get('meter')
  const guest = createContext(isolate, c.env, {
    actor: { kind: 'anonymous' },
    origin: { ip: null, userAgent: null, place: null },
    meter,
    defer: (work) => c.executionCtx.waitUntil(work),
    mayWrite: false,
  })
  try {
    return await isInShop(guest, page)
  } catch (error) {
    // The page says what it finds out itself: a status is not worth an error.
    isolate.log.warn('Page Not Looked For', { error, page })
    return true
  }
}

async function page(c: Context<AppEnv>, path: string, status: 200 | 404): Promise<Response | null> {
  const found = await c.env.ASSETS.fetch(new URL(path, c.req.url))
  if (!found.ok) return null
  return new Response(found.body, { status, headers: found.headers })
}
