const PLAIN = '/favicon.svg'
const DOTTED = '/favicon-unread.svg'

/** A red dot on the icon of the tab says that something is unread, where titles are too narrow to. */
export function showDot(isShown: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const wanted = isShown ? DOTTED : PLAIN
  if (link && link.getAttribute('href') !== wanted) link.setAttribute('href', wanted)
}
