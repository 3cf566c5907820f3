import { useState } from 'preact/hooks'
import type { StepUp } from '../../client/index.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
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
        <p data-testid="step-up-sign-in">
          What you are about to do wants a fresh sign-in. Sign out and in again, and then do it within five minutes.
        </p>
      )}
    </Dialog>
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
