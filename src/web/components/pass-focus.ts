const FOCUSABLE = 'a[href], button:not([aria-disabled="true"]), input, [tabindex]'

/**
 * A row is about to leave its list, with the button in it that had the focus. Call it before, and what it answers
 * after: then the focus is on the row that stands in its place, else at the heading of the page, and nowhere lost.
 */
export function passFocusOn(row: Element | null | undefined): () => void {
  const next = row?.nextElementSibling ?? row?.previousElementSibling
  const heading = row?.closest('main, dialog')?.querySelector<HTMLElement>('h1, h2')
  return () => {
    requestAnimationFrame(() => {
      const { activeElement } = document
      const isLost = !activeElement || activeElement === document.body || !activeElement.isConnected
      if (!isLost) return
      const target = next?.isConnected ? next.querySelector<HTMLElement>(FOCUSABLE) : null
      if (target) return target.focus()
      heading?.setAttribute('tabindex', '-1')
      heading?.focus()
    })
  }
}
