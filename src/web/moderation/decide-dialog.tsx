import { useState } from 'preact/hooks'
import { ApiError, type Report } from '../../client/index.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { lineOf } from '../components/problem-words.ts'
import { TextArea } from '../components/text-area.tsx'
import { toast } from '../components/toast.tsx'
import { useWorkspace } from '../workspace.ts'
import { DECISION_WORDS, type Decision, decidedLine, problemOfReason, REASON_CHARACTERS } from './report-texts.ts'

interface DecideDialogProps {
  report: Report
  decision: Decision
  /** With the report as it is now, by whomever it was decided. */
  onDecided: (decided: Report) => void
  onClose: () => void
}

type Trouble = { reason?: string | undefined; form?: string }

/** Asks for the reason, which others will read, and decides. */
export function DecideDialog({ report, decision, onDecided, onClose }: DecideDialogProps) {
  const { client, user } = useWorkspace()
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>({})
  const words = DECISION_WORDS[decision]

  const decide = async () => {
    const wrong = problemOfReason(reason)
    if (wrong) return setTrouble({ reason: wrong })
    setBusy(true)
    setTrouble({})
    try {
      onDecided(await client.moderation.decide(report.id, { decision, reason: reason.trim() }))
      toast({ text: words.done, tone: 'good' })
    } catch (problem) {
      const other = await decidedMeanwhile(problem)
      if (other) {
        onDecided(other)
        return toast({ text: `You were not the first. ${decidedLine(other, user.id)}: “${other.reason ?? ''}”` })
      }
      setBusy(false)
      const field = problem instanceof ApiError ? problem.fields.find((one) => one.field === 'reason') : undefined
      setTrouble(field ? { reason: field.message } : { form: lineOf(problem) })
    }
  }
  /** Another moderator may have been quicker: then what they have decided holds. */
  const decidedMeanwhile = async (problem: unknown): Promise<Report | null> => {
    if (!(problem instanceof ApiError) || problem.code !== 'CONFLICT') return null
    const now = await client.moderation.report(report.id).catch(() => null)
    return now && now.status !== 'open' ? now : null
  }

  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      testId="decide"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind={decision === 'dismiss' ? 'primary' : 'danger'}
            isBusy={isBusy}
            onPress={() => void decide()}
            testId="decide-yes"
          >
            {words.act}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
      <blockquote class="decide-quote">{report.message.content}</blockquote>
      <TextArea
        label="Reason"
        name="reason"
        value={reason}
        onInput={setReason}
        rows={2}
        maxLength={REASON_CHARACTERS.max}
        hint="Kept with the decision, for other moderators and for the record."
        error={trouble.reason}
        testId="decide-reason"
      />
      <div role="alert">{trouble.form && <p class="account-problem">{trouble.form}</p>}</div>
    </Dialog>
  )
}
