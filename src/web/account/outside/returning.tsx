import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MfaRequired } from '../../../client/index.ts'
import { client } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { lineOf } from '../../components/problem-words.ts'
import { Progress } from '../../components/progress.tsx'
import { HOME, replace, route } from '../../route.ts'
import { useTitle } from '../../shell/title.ts'
import { SecondStepForm } from '../second-step-form.tsx'
import { noteTrip, returnedBy, takeTrip } from './trip.ts'

type State =
  | { kind: 'asking' }
  | { kind: 'second-step'; required: MfaRequired; place: string }
  /** `place` is where one wanted to go, and begins anew. */
  | { kind: 'failed'; words: string; place: string }

/** Where a provider sends whoever wants to sign in: they are in, or know why not, or show their second step. */
export function ReturningToSignIn() {
  useTitle('Signing in')
  const [state, setState] = useState<State>({ kind: 'asking' })
  useEffect(() => {
    let isGone = false
    void finish().then((next) => isGone || setState(next))
    return () => {
      isGone = true
    }
  }, [])
  if (state.kind === 'second-step') {
    const { required, place } = state
    const goBack = (ranOut: boolean) => {
      takeTrip()
      if (ranOut) setState({ kind: 'failed', words: 'That took too long. Please sign in again.', place })
      else replace(place)
    }
    return (
      <Frame>
        <SecondStepForm required={required} onBack={goBack} />
      </Frame>
    )
  }
  if (state.kind === 'asking') {
    return (
      <Frame>
        <Progress label="Signing you in" />
      </Frame>
    )
  }
  return (
    <Frame>
      <Notice title="You are not signed in" isAlert withMark level={1} testId="outside-failed">
        <p>{state.words}</p>
        <Button kind="primary" onPress={() => replace(state.place)} testId="outside-back">
          Back to the sign-in page
        </Button>
      </Notice>
    </Frame>
  )
}

function Frame({ children }: { children: ComponentChildren }) {
  return (
    <main class="splash">
      <div class="account-form">{children}</div>
    </main>
  )
}

/** Whoever is in when this is done is shown their pages by the entrance. */
async function finish(): Promise<State> {
  const returned = returnedBy(route.value.query)
  const trip = takeTrip()
  if (!returned || !trip || trip.purpose !== 'sign-in') {
    const words = 'This page is where sign-ins end. Begin on the sign-in page, in the same tab.'
    return { kind: 'failed', words, place: HOME }
  }
  const { place } = trip
  if ('refused' in returned) return { kind: 'failed', words: `${trip.provider.name}: ${returned.refused}`, place }
  // What came back is good once, and stands in no history.
  history.replaceState(null, '', route.value.path)
  try {
    const answer = await client.providers.finish(returned)
    if ('requiresMfa' in answer) {
      // Whoever is in by the second step is still at this address: `LinkPage` leads them on by the trip.
      noteTrip(trip)
      return { kind: 'second-step', required: answer, place }
    }
    replace(place)
    return { kind: 'asking' }
  } catch (problem) {
    return { kind: 'failed', words: lineOf(problem), place }
  }
}
