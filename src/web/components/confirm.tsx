import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Button } from './button.tsx'
import { useModal } from './use-modal.ts'

interface ConfirmProps {
  title: string
  text: string
  action: string
  isBusy: boolean
  testId: string
  onConfirm: () => void
  onCancel: () => void
  /** What is asked beyond yes or no, such as a reason. */
  children?: ComponentChildren
}

/** Asks before what cannot be undone. The focus begins at the question, not at the answer. */
export function Confirm({ title, text, action, isBusy, testId, onConfirm, onCancel, children }: ConfirmProps) {
  const dialog = useModal()
  const id = useId()
  return (
    <dialog
      class="dialog dialog-s"
      ref={dialog}
      role="alertdialog"
      aria-labelledby={id}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault()
        onCancel()
      }}
      onClose={() => dialog.current?.isConnected && onCancel()}
      data-testid={testId}
    >
      <div class="dialog-sheet">
        <div class="dialog-body">
          <h2 id={id} tabIndex={-1} data-first-focus>
            {title}
          </h2>
          <p id={`${id}-text`}>{text}</p>
          {children}
        </div>
        <div class="dialog-actions">
          <Button onPress={onCancel} testId={`${testId}-no`}>
            Cancel
          </Button>
          <Button kind="danger" isBusy={isBusy} onPress={onConfirm} testId={`${testId}-yes`}>
            {action}
          </Button>
        </div>
      </div>
    </dialog>
  )
}
