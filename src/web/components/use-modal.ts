import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { enterModal, leaveModal } from './top-place.ts'

const FIELDS = 'input:not([type="hidden"]), textarea, select'

/** A keyboard that slides over what has just opened is in the way; where there is a real one it is not. */
const hasKeyboard = () => matchMedia('(hover: hover) and (pointer: fine)').matches

/**
 * Opens a `<dialog>` as the browser's modal, for as long as it is drawn: the page behind is inert and the focus stays
 * inside. It begins at what has `autofocus`, else at the first field, else at the heading, and returns where it came
 * from when the dialog goes, however it goes.
 */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  // A layout effect, because the focus has to be back before anything else can happen.
  useLayoutEffect(() => {
    const element = dialog.current
    const from = document.activeElement
    if (!element) return
    element.showModal()
    const first =
      element.querySelector<HTMLElement>('[autofocus]') ??
      (hasKeyboard() ? element.querySelector<HTMLElement>(FIELDS) : null) ??
      element.querySelector<HTMLElement>('[data-first-focus]')
    first?.focus()
    enterModal(element)
    return () => {
      leaveModal(element)
      if (element.open) element.close()
      if (from instanceof HTMLElement && from.isConnected) from.focus()
    }
  }, [])
  return dialog
}
