import { useState } from 'preact/hooks'
import { ApiError, type DeadLetter } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { SkeletonRows } from '../../components/skeleton.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { followInside, hrefWith } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { AdminFrame } from '../admin-frame.tsx'
import { Facts, JsonBlock } from '../facts.tsx'
import { formatMoment } from '../formats.ts'
import { ReasonDialog } from '../reason-dialog.tsx'
import { userHref } from '../users/user-href.ts'
import { LetterState } from './letter-state.tsx'

type Decision = 'redrive' | 'discard'

const ASKS = {
  redrive: {
    title: 'Have it tried again?',
    text: 'The message goes back to its lane and is tried from its first attempt. Its effect happens once, however often it comes.',
    action: 'Try again',
    done: 'It is on its way again.',
  },
  discard: {
    title: 'Give it up for good?',
    text: 'The message is never tried again. It stays in this list, with your reason.',
    action: 'Give it up',
    done: 'It was given up for good.',
  },
} as const

/** One message that was given up: why, what it says, and what becomes of it. */
export function DeadLetterDetails({ id }: { id: string }) {
  const { client } = useWorkspace()
  const letter = useLoad((signal) => client.operations.deadLetter(id, { signal }), [client, id])
  const [asks, setAsks] = useState<Decision | null>(null)
  const [conflict, setConflict] = useState<string | null>(null)
  const decide = useAction(
    async (decision: Decision, reason: string) => {
      const decided = await client.operations[decision](id, reason)
      letter.change((now) => ({ ...now, ...decided }))
      setAsks(null)
      setConflict(null)
      toast({ text: ASKS[decision].done, tone: 'good' })
    },
    {
      onProblem: (words, problem) => {
        if (!(problem instanceof ApiError) || problem.status !== 409) return
        // Somebody was quicker: what they have decided is shown.
        setAsks(null)
        setConflict(words)
        letter.reload()
      },
    },
  )
  const { data } = letter
  const isOpen = data?.status === 'waiting'
  return (
    <AdminFrame
      part="dead-letters"
      title={data ? (data.eventType ?? 'Unknown message') : 'Dead letter'}
      back={{ href: hrefWith({ letter: null }), label: 'Back to the dead letters' }}
      actions={
        isOpen && (
          <>
            <Button onPress={() => setAsks('discard')} testId="discard">
              Give it up
            </Button>
            <Button kind="primary" onPress={() => setAsks('redrive')} testId="redrive">
              Try again
            </Button>
          </>
        )
      }
    >
      {conflict && (
        <p class="note note-bad" role="alert" data-testid="conflict">
          {conflict} What stands below is what was decided.
        </p>
      )}
      {letter.status === 'failed' ? (
        <NotThere problem={letter.problem} onRetry={letter.reload} />
      ) : data ? (
        <>
          <PageSection title="What happened">
            <LetterFacts letter={data} />
          </PageSection>
          <PageSection title="The message">
            <JsonBlock label="The message" value={data.body} />
          </PageSection>
        </>
      ) : (
        <SkeletonRows count={5} label="Loading the message" />
      )}
      {asks && (
        <ReasonDialog
          title={ASKS[asks].title}
          text={ASKS[asks].text}
          action={ASKS[asks].action}
          isDanger={asks === 'discard'}
          isBusy={decide.isBusy}
          problem={decide.problem}
          onGo={(reason) => void decide.run(asks, reason)}
          onClose={() => setAsks(null)}
        />
      )}
    </AdminFrame>
  )
}

function NotThere({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  if (!(problem instanceof ApiError) || ![400, 404].includes(problem.status)) {
    return <ErrorState problem={problem} onRetry={onRetry} />
  }
  return (
    <Notice title="There is no such message" withMark level={2} testId="unknown-dead-letter">
      <p>The address may be mistyped.</p>
    </Notice>
  )
}

function LetterFacts({ letter }: { letter: DeadLetter }) {
  const { status, decidedBy, decidedAt } = letter
  return (
    <Facts
      facts={[
        ['State', <LetterState key="state" status={status} />],
        [
          'Last error',
          <span key="error" class="error-text">
            {letter.lastError ?? 'The platform gave up without saying why'}
          </span>,
        ],
        ['For', letter.subscriber && <code>{letter.subscriber}</code>],
        ['Lane', letter.lane],
        ['Tries', letter.attempts],
        ['First failed', formatMoment(letter.firstSeenAt)],
        ['Last failed', formatMoment(letter.lastSeenAt)],
        ['Event', letter.eventId && <code>{letter.eventId}</code>],
        ['Decided', decidedAt && formatMoment(decidedAt)],
        [
          'By',
          decidedBy && (
            <a class="inline-link" href={userHref(decidedBy)} onClick={followInside}>
              <code>{decidedBy}</code>
            </a>
          ),
        ],
        ['Reason', letter.reason],
      ]}
    />
  )
}
