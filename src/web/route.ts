import { createStore } from './store.ts'

/** Where the page is: in a room, or at the list of them. Rooms have addresses, so that a reload and a link work. */
export interface Route {
  roomId: string | null
}

export const HOME = '/'
export const roomHref = (roomId: string): string => `/?room=${encodeURIComponent(roomId)}`

export const route = createStore<Route>(routeOf(location.href))

addEventListener('popstate', () => route.set(routeOf(location.href)))

export function navigate(href: string): void {
  const { href: wanted } = new URL(href, location.href)
  if (wanted !== location.href) history.pushState(null, '', wanted)
  route.set(routeOf(wanted))
}

/** Makes a link move inside the page, and leaves new tabs and downloads to the browser. */
export function followInside(event: MouseEvent & { currentTarget: HTMLAnchorElement }): boolean {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  event.preventDefault()
  navigate(event.currentTarget.href)
  return true
}

function routeOf(href: string): Route {
  return { roomId: new URL(href).searchParams.get('room') || null }
}
