const GAP_PX = 4
const MARGIN_PX = 8

/**
 * Puts a fixed panel under a button, or above it where there is more room, and inside the window. The panel has to be
 * drawn already, as its size decides.
 */
export function placeUnder(button: Element, panel: HTMLElement): void {
  const from = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = panel
  const below = innerHeight - from.bottom - GAP_PX - MARGIN_PX
  const above = from.top - GAP_PX - MARGIN_PX
  const goesAbove = height > below && above > below
  const top = goesAbove ? from.top - GAP_PX - height : from.bottom + GAP_PX
  // It shares the edge of the button that is nearer to the middle of the window, so that it grows inwards.
  const left = from.left + from.width / 2 > innerWidth / 2 ? from.right - width : from.left
  panel.style.top = `${clamp(top, innerHeight - height - MARGIN_PX)}px`
  panel.style.left = `${clamp(left, innerWidth - width - MARGIN_PX)}px`
}

function clamp(value: number, most: number): number {
  return Math.round(Math.max(MARGIN_PX, Math.min(value, most)))
}
