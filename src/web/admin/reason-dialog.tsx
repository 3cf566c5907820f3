import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { TextArea } from '../components/text-area.tsx'

interface ReasonDialogProps {
  title: string
  text: string
  action: string
  isDanger?: boolean
  isBusy: boolean
  problem: string | null
  onGo: (reason: string) => void
  onClose: () => void
  /** What else is asked, before the reason. */
  children?: ComponentChildren
}

const SHORTEST = 3
const LONGEST = 500

/** Asks for the reason of an act that is kept in the audit trail. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, text, action, isDanger = false, isBusy, problem, onGo, onClose, children } = props
  const [reason, setReason] = useState('')
  const [isTooShort, setTooShort] = useState(false)
  const go = () => {
    // One line: that is how the trail keeps it.
    const line = reason.replaceAll(/\s+/g, ' ').trim()
    setTooShort(line.length < SHORTEST)
    if (line.length >= SHORTEST) onGo(line)
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="s"
      testId="reason-dialog"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind={isDanger ? 'danger' : 'primary'} isBusy={isBusy} onPress={go} testId="reason-go">
            {action}
          </Button>
        </>
      }
    >
      <p class="dialog-text">{text}</p>
      {children}
      <TextArea
        label="Reason"
        name="reason"
        value={reason}
        onInput={setReason}
        maxLength={LONGEST}
        hint="It is kept in the audit trail, with your name."
        error={isTooShort ? `Write at least ${SHORTEST} characters` : undefined}
        testId="reason"
      />
      {problem && (
        <p class="note note-bad" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  )
}
