import { useState } from 'preact/hooks'
import type { StepUp } from '../../client/index.ts'
import { FormProblem } from '../account/form-problem.tsx'
import { useLeave } from '../account/use-leave.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { hrefOf, route } from '../route.ts'
import { useStore } from '../store.ts'
import { WAYS } from './ways.tsx'

type Method = StepUp['methods'][number]

export interface StepUpDialogProps {
  methods: readonly Method[]
  onSettled: (isProved: boolean) => void
}

/** Asks whoever is signed in to show that it is them, by what they have: for what nobody else at this screen may do. */
export function StepUpDialog({ methods, onSettled }: StepUpDialogProps) {
  const offered = (Object.keys(WAYS) as Method[]).filter((method) => methods.includes(method))
  const [chosen, setChosen] = useState(offered[0])
  const way = chosen && WAYS[chosen]
  return (
    <Dialog title="Show that it is you" size="s" testId="step-up" onClose={() => onSettled(false)}>
      {way ? (
        <>
          <p>What you are about to do matters, so we ask again. You will not be asked for the next five minutes.</p>
          <way.Part key={chosen} onProved={() => onSettled(true)} />
          <OtherWays methods={offered.filter((method) => method !== chosen)} onChoose={setChosen} />
        </>
      ) : (
        <SignInAnew />
      )}
    </Dialog>
  )
}

/** For who has nothing to show here: they sign in by an account elsewhere. Then they are where they are now. */
function SignInAnew() {
  const { leave, busy, problem, loss } = useLeave()
  const { path, query } = useStore(route)
  return (
    <div class="account-form" data-testid="step-up-sign-in">
      <p>
        What you are about to do matters, and wants a fresh sign-in. Sign out and in again: you come back to this page,
        and have five minutes.
      </p>
      {loss && <p>{loss}</p>}
      <FormProblem text={problem} />
      <Button
        kind="primary"
        isBusy={busy !== null}
        onPress={() => void leave('here', hrefOf(path, query))}
        testId="step-up-sign-out"
      >
        Sign out and in again
      </Button>
    </div>
  )
}

/** What to try where the first thing is not at hand. */
function OtherWays({ methods, onChoose }: { methods: readonly Method[]; onChoose: (method: Method) => void }) {
  if (methods.length === 0) return null
  return (
    <div class="account-others">
      {methods.map((method) => (
        <Button key={method} kind="text" onPress={() => onChoose(method)} testId={`use-${method}`}>
          {WAYS[method]?.choice ?? method}
        </Button>
      ))}
    </div>
  )
}
