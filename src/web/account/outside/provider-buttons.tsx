import { useState } from 'preact/hooks'
import type { SignInProvider } from '../../../client/index.ts'
import { client } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { lineOf } from '../../components/problem-words.ts'
import { useAction } from '../../components/use-action.ts'
import { useLoad } from '../../components/use-load.ts'
import { ADDRESSES, HOME, hrefOf, route } from '../../route.ts'
import { FormProblem } from '../form-problem.tsx'
import { noteTrip } from './trip.ts'

/** The other ways in: one button for each provider that is configured, and nothing where none is. Unknown is not none. */
export function ProviderButtons() {
  const { status, data, problem: failure, reload } = useLoad((signal) => client.providers.list({ signal }), [])
  const [problem, setProblem] = useState<string | null>(null)
  const [going, setGoing] = useState<string | null>(null)
  const go = useAction(
    async (provider: SignInProvider) => {
      setProblem(null)
      setGoing(provider.id)
      const { url } = await client.providers.begin(provider.id)
      noteTrip({ purpose: 'sign-in', provider, place: placeNow() })
      location.assign(url)
    },
    {
      onProblem: (_words, failure) => {
        setGoing(null)
        setProblem(lineOf(failure))
      },
    },
  )
  if (status === 'failed' && !data) {
    return (
      <div class="provider-buttons">
        <p class="provider-or">Other ways to sign in could not be loaded</p>
        <ErrorState problem={failure} onRetry={reload} testId="providers-unknown" />
      </div>
    )
  }
  if (!data || data.length === 0) return null
  return (
    <div class="provider-buttons" data-testid="provider-buttons">
      <p class="provider-or">or</p>
      <FormProblem text={problem} />
      {data.map((provider) => (
        <Button
          key={provider.id}
          isBusy={going === provider.id}
          onPress={() => void go.run(provider)}
          testId={`sign-in-with-${provider.id}`}
        >
          Continue with {provider.name}
        </Button>
      ))}
    </div>
  )
}

/** Where one wanted to go before signing in. */
function placeNow(): string {
  const { path, query } = route.value
  return path === ADDRESSES.signingIn ? HOME : hrefOf(path, query)
}
