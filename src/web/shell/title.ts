import { useLayoutEffect } from 'preact/hooks'

let page = ''
let unread = 0

/** Names what the page shows, in the title of the window. An empty name is the product alone. */
export function useTitle(name: string): void {
  useLayoutEffect(() => {
    page = name
    write()
    return () => {
      page = ''
      write()
    }
  }, [name])
}

/** How much is unread stands before the name, so that it is seen on a tab in the background. */
export function showUnreadInTitle(count: number): void {
  unread = count
  write()
}

function write(): void {
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${page ? `${page} · ` : ''}Selvage`
}
