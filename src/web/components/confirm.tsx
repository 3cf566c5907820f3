import { useEffect, useId, useRef } from 'preact/hooks'
import { Button } from './button.tsx'

interface ConfirmProps {
  title: string
  text: string
  action: string
  busy: boolean
  testId: string
  onConfirm: () => void
  onCancel: () => void
}

/** Asks before what cannot be undone. The browser's own modal dialog keeps the focus inside. */
export function Confirm({ title, text, action, busy, testId, onConfirm, onCancel }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby={id} onClose={onCancel} data-testid={testId}>
      <h2 id={id}>{title}</h2>
      <p>{text}</p>
      <div class="dialog-actions">
        <Button onPress={onCancel}>Cancel</Button>
        <Button kind="danger" busy={busy} onPress={onConfirm} testId={`${testId}-yes`}>
          {action}
        </Button>
      </div>
    </dialog>
  )
}
