import { createStore } from './store.ts'

/** Where the page is: in a room, or at the list of them. Rooms have addresses, so that a reload and a link work. */
export interface Route {
  roomId: string | null
}

const ROOM = /^\/app\/rooms\/([\w-]+)\/?$/

export const roomHref = (roomId: string): string => `/app/rooms/${roomId}`

export function routeOf(path: string): Route {
  return { roomId: ROOM.exec(path)?.[1] ?? null }
}

export const route = createStore<Route>(routeOf(location.pathname))

addEventListener('popstate', () => route.set(routeOf(location.pathname)))

export function navigate(path: string): void {
  if (path !== location.pathname) history.pushState(null, '', path)
  route.set(routeOf(path))
}

/** Makes a link move inside the page, and leaves new tabs and downloads to the browser. */
export function followInside(event: MouseEvent & { currentTarget: HTMLAnchorElement }): boolean {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  event.preventDefault()
  navigate(event.currentTarget.pathname)
  return true
}
