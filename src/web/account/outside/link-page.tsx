import { useEffect } from 'preact/hooks'
import { ErrorState } from '../../components/error-state.tsx'
import { PageFrame } from '../../components/page-frame.tsx'
import { Progress } from '../../components/progress.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { accountHref, HOME, replace, route } from '../../route.ts'
import { useWorkspace } from '../../workspace.ts'
import { toastChangedSignIn } from '../security/sign-out-others.ts'
import { returnedBy, takeTrip } from './trip.ts'

const SECURITY = accountHref('security')

/** Where a provider sends whoever is signed in: the account is linked, and they go back to where they began. */
export function LinkPage() {
  const { client } = useWorkspace()
  const link = useAction(
    async () => {
      const returned = returnedBy(route.value.query)
      const trip = takeTrip()
      // Signed in by now, in another tab say: nothing is left to do.
      if (!returned || trip?.purpose !== 'link') return replace(trip?.place ?? HOME)
      if ('refused' in returned) {
        toast({ text: `${trip.provider.name}: ${returned.refused}`, tone: 'bad' })
        return replace(SECURITY)
      }
      history.replaceState(null, '', route.value.path)
      const { name } = await client.providers.finishLink(returned)
      replace(SECURITY)
      toastChangedSignIn(client, `You can sign in with ${name} from now on`)
    },
    { onProblem: () => undefined },
  )
  useEffect(() => void link.run(), [])
  return (
    <PageFrame title="Linking an account">
      {link.problem === null ? (
        <Progress label="Linking the account" />
      ) : (
        <ErrorState problem={new Error(link.problem)} onRetry={() => replace(SECURITY)} />
      )}
    </PageFrame>
  )
}
