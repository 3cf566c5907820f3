import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface PopoverProps {
  /** Says what the button opens. */
  label: string
  panelLabel: string
  testId: string
  trigger: ComponentChildren
  children: (close: () => void) => ComponentChildren
}

const GAP_PX = 4

/**
 * A panel under an icon button. It is the browser's modal dialog: Escape closes it, the page behind is inert,
 * and focus returns to the button.
 */
export function Popover({ label, panelLabel, testId, trigger, children }: PopoverProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    if (!isOpen || !button.current || !panel.current) return
    panel.current.style.top = `${button.current.getBoundingClientRect().bottom + GAP_PX}px`
    panel.current.showModal()
  }, [isOpen])

  return (
    <>
      <button
        type="button"
        class="button button-icon"
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
          onClose={() => setOpen(false)}
          onClick={({ target }) => target === panel.current && panel.current?.close()}
        >
          {children(() => panel.current?.close())}
        </dialog>
      )}
    </>
  )
}
