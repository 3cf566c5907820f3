import { useState } from 'preact/hooks'
import type { UserDetails } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { fullName } from '../../names.ts'
import { useWorkspace } from '../../workspace.ts'
import { ReasonDialog } from '../reason-dialog.tsx'
import { whyOutOfReach } from './reach.ts'

/** Closes an account to its person, and opens it again. */
export function StateSection({ user, onChange }: { user: UserDetails; onChange: (isActive: boolean) => void }) {
  const { client, user: me } = useWorkspace()
  const [isAsking, setAsking] = useState(false)
  const { isActive } = user
  const change = useAction(
    async (reason: string) => {
      const act = isActive ? client.access.deactivate : client.access.reactivate
      const after = await act(user.id, reason)
      onChange(after.isActive)
      setAsking(false)
      toast({ text: after.isActive ? 'They can sign in again.' : 'They are signed out everywhere.', tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  if (whyOutOfReach(me, user) !== null) return null
  return (
    <PageSection
      title={isActive ? 'Close the account' : 'Open the account'}
      about={
        isActive
          ? 'They are signed out everywhere at once, and cannot sign in until it is opened again. Nothing is deleted.'
          : 'They can sign in again; where they were signed in before they stay signed out.'
      }
      actions={
        <Button kind={isActive ? 'danger' : 'plain'} onPress={() => setAsking(true)} testId="change-state">
          {isActive ? 'Deactivate' : 'Reactivate'}
        </Button>
      }
    >
      {isAsking && (
        <ReasonDialog
          title={`${isActive ? 'Deactivate' : 'Reactivate'} ${fullName(user)}`}
          text={isActive ? 'They are signed out on every device.' : 'They have to sign in anew.'}
          action={isActive ? 'Deactivate' : 'Reactivate'}
          isDanger={isActive}
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={(reason) => void change.run(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </PageSection>
  )
}
