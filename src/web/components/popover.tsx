import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { placeUnder } from './place-under.ts'

interface PopoverProps {
  /** Says what the button opens. */
  label: string
  panelLabel: string
  testId: string
  trigger: ComponentChildren
  /** Of the button, beside those that every icon button has. */
  class?: string
  children: (close: () => void) => ComponentChildren
}

/**
 * A panel under an icon button. It is the browser's modal dialog: Escape closes it, the page behind is inert,
 * and focus returns to the button.
 */
export function Popover({ label, panelLabel, testId, trigger, class: extra = '', children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    const element = panel.current
    const opener = button.current
    if (!isOpen || !element || !opener) return
    element.showModal()
    const place = () => placeUnder(opener, element)
    place()
    // Its content may come later, and the window may turn.
    const resized = new ResizeObserver(place)
    resized.observe(element)
    addEventListener('resize', place)
    return () => {
      resized.disconnect()
      removeEventListener('resize', place)
    }
  }, [isOpen])

  return (
    <>
      <button
        type="button"
        class={`button button-icon ${extra}`}
        ref={button}
        aria-label={label}
        title={panelLabel}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        data-testid={testId}
        onClick={() => setOpen(true)}
      >
        {trigger}
      </button>
      {isOpen && (
        // A press on the backdrop is one on the dialog itself, as its content covers the rest.
        // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
        <dialog
          class="popover-panel"
          ref={panel}
          aria-label={panelLabel}
          onClose={({ target }) => target === panel.current && setOpen(false)}
          onClick={({ target }) => target === panel.current && panel.current?.close()}
        >
          {children(() => panel.current?.close())}
        </dialog>
      )}
    </>
  )
}
