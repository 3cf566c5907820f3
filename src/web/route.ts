import ADDRESSES from './addresses.json'
import { hrefOf, type Query } from './href.ts'
import { isKnownAddress, isShop, productOf } from './known-address.ts'
import { createStore } from './store.ts'

/** Where the page is: one of the fixed addresses, and in its query what it shows there. */
export interface Route {
  path: string
  query: Readonly<Record<string, string>>
}

/** What may stand beside an open conversation. */
export type RoomPanel = 'members' | 'settings' | 'invites' | 'pins' | 'thread' | 'search'
export type AccountTab = 'profile' | 'security' | 'sessions' | 'notifications' | 'privacy'

/** The fixed addresses. The build writes the page at each of them, so that every one is a deep link. */
export { ADDRESSES, hrefOf, isKnownAddress, isShop, productOf }
export const HOME = ADDRESSES.home

interface RoomPlace {
  /** The `seq` of the message to jump to. */
  message?: number | undefined
  panel?: RoomPanel | undefined
  /** The message whose thread the panel shows. */
  thread?: string | undefined
}

export const roomHref = (roomId: string, place: RoomPlace = {}): string => hrefOf(HOME, { room: roomId, ...place })
export const joinHref = (room: string, code: string): string => hrefOf(ADDRESSES.join, { room, code })
export const accountHref = (tab?: AccountTab): string => hrefOf(ADDRESSES.account, { tab })
export const productHref = (slug: string): string => `${ADDRESSES.shop}/${encodeURIComponent(slug)}`
/** The list of all products, or the page of one of them by its id; `new` is the one that is to be made. */
export const catalogHref = (id?: string): string => hrefOf(ADDRESSES.adminCatalog, { product: id })
export const adminUsersHref = (q?: string): string => hrefOf(ADDRESSES.adminUsers, { q })

export const route = createStore<Route>(routeOf(location.href))

let moves = 0

/** False until the first move inside the page: then the browser itself has placed the focus. */
export const hasMoved = (): boolean => moves > 0

addEventListener('popstate', () => {
  moves++
  route.set(routeOf(location.href))
})

export function navigate(href: string): void {
  go(href, (wanted) => history.pushState(null, '', wanted))
}

/** As `navigate`, without a step of its own in the history: for filters, tabs and what a press takes back. */
export function replace(href: string): void {
  go(href, (wanted) => history.replaceState(null, '', wanted))
}

/** The address one is at with some of its query changed; null takes a name away. */
export function hrefWith(change: Query): string {
  const { path, query } = route.value
  return hrefOf(path, { ...query, ...change })
}

/** Makes a link move inside the page, and leaves new tabs and downloads to the browser. */
export function followInside(event: MouseEvent & { currentTarget: HTMLAnchorElement }): boolean {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  event.preventDefault()
  navigate(event.currentTarget.href)
  return true
}

function go(href: string, move: (wanted: string) => void): void {
  const { href: wanted } = new URL(href, location.href)
  if (wanted !== location.href) move(wanted)
  moves++
  route.set(routeOf(wanted))
}

function routeOf(href: string): Route {
  const { pathname, searchParams } = new URL(href)
  const path = pathname === '/' ? pathname : pathname.replace(/\/+$/, '')
  return { path, query: Object.fromEntries([...searchParams].filter(([, value]) => value !== '')) }
}
