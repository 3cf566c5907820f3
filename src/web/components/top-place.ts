/** For what belongs to the whole page and has to be seen and pressed whatever else is open. */
export const topPlace = document.createElement('div')

const modals: HTMLElement[] = []

/** What is behind a modal dialog is inert and dim, so the place goes into the one that opens, and back out of it. */
export function enterModal(dialog: HTMLElement): void {
  modals.push(dialog)
  move()
}

/** To be called while the dialog is still in the page: what stands in it would go with it. */
export function leaveModal(dialog: HTMLElement): void {
  modals.splice(modals.indexOf(dialog), 1)
  move()
}

function move(): void {
  const home = modals.at(-1) ?? document.body
  if (topPlace.parentNode !== home) home.append(topPlace)
}
