import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { useModal } from './use-modal.ts'

interface DialogProps {
  title: string
  /** Asked for by Escape, the cross or a press beside it; whoever draws the dialog stops drawing it. */
  onClose: () => void
  /** Its buttons, the one that goes ahead last. */
  footer?: ComponentChildren
  size?: 's' | 'm' | 'l'
  testId?: string
  children: ComponentChildren
}

/** Something that has to be done before one goes on. On a phone it comes up from the bottom. */
export function Dialog({ title, onClose, footer, size = 'm', testId, children }: DialogProps) {
  const dialog = useModal()
  const id = useId()
  const isPressedBeside = useRef(false)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      class={`dialog dialog-${size}`}
      ref={dialog}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        // A file chooser inside tells of its cancel here too.
        if (event.target !== dialog.current) return
        event.preventDefault()
        onClose()
      }}
      onClose={(event) => event.target === dialog.current && dialog.current?.isConnected && onClose()}
      // Only a press that begins and ends beside it: one that begins in a field may end anywhere.
      onPointerDown={({ target }) => {
        isPressedBeside.current = target === dialog.current
      }}
      onClick={({ target }) => {
        if (isPressedBeside.current && target === dialog.current) onClose()
      }}
    >
      <div class="dialog-sheet">
        <header class="dialog-head">
          <h2 id={id} tabIndex={-1} data-first-focus>
            {title}
          </h2>
          <Button kind="icon" label="Close" onPress={onClose} testId={testId && `${testId}-close`}>
            <Icon name="close" />
          </Button>
        </header>
        <div class="dialog-body">{children}</div>
        {footer && <footer class="dialog-actions">{footer}</footer>}
      </div>
    </dialog>
  )
}
