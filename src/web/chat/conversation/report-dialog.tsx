import { useState } from 'preact/hooks'
import type { Message } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Select } from '../../components/select.tsx'
import { TextArea } from '../../components/text-area.tsx'
import { toast } from '../../components/toast.tsx'
import { useWorkspace } from '../../workspace.ts'
import { useConversation } from './conversation-context.ts'
import { problemText } from './problem-text.ts'

const CATEGORIES = [
  { value: 'spam', label: 'Spam' },
  { value: 'harassment', label: 'It harasses somebody' },
  { value: 'illegal', label: 'It is against the law' },
  { value: 'other', label: 'Something else' },
] as const

type Category = (typeof CATEGORIES)[number]['value']
const MOST_CHARACTERS = 1_000

/** Brings a message before those who look after the whole place. */
export function ReportDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { client } = useWorkspace()
  const { room, nameOf } = useConversation()
  const [category, setCategory] = useState<Category>('spam')
  const [note, setNote] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const report = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await client.messages.report(room.id, message.id, { category, ...(note.trim() ? { note: note.trim() } : {}) })
      toast({ text: 'Reported. Thank you for looking after this place.', tone: 'good' })
      onClose()
    } catch (error) {
      setBusy(false)
      setProblem(problemText(error))
    }
  }

  return (
    <Dialog
      title="Report this message"
      onClose={onClose}
      size="s"
      testId="report-dialog"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="danger" isBusy={isBusy} onPress={() => void report()} testId="report-send">
            Report
          </Button>
        </>
      }
    >
      <div class="report-form">
        <blockquote class="reported">
          <strong>{nameOf(message.sender.id)}</strong>
          {message.content}
        </blockquote>
        <Select
          label="What is wrong with it?"
          options={CATEGORIES}
          value={category}
          onChange={setCategory}
          testId="report-category"
        />
        <TextArea
          label="What should the moderators know?"
          optional
          value={note}
          onInput={setNote}
          maxLength={MOST_CHARACTERS}
          testId="report-note"
        />
        <p class="report-hint">Moderators see the message, its author and that it was you who reported it.</p>
        {problem && (
          <p class="field-error" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  )
}
