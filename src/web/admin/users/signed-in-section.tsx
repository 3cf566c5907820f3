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

/** Signs somebody out everywhere; oneself one signs out on the own devices. */
export function SignedInSection({ user, onEnded }: { user: UserDetails; onEnded: () => void }) {
  const { client, user: me } = useWorkspace()
  const [isAsking, setAsking] = useState(false)
  const end = useAction(
    async (reason: string) => {
      await client.users.endSessions(user.id, reason)
      onEnded()
      setAsking(false)
      toast({ text: 'They are signed out everywhere.', tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  if (whyOutOfReach(me, user) !== null) return null
  return (
    <PageSection
      title="Sign out everywhere"
      about="They are signed out on every device, are told by mail, and can sign in again at once. API keys go on."
      actions={
        <Button onPress={() => setAsking(true)} disabled={user.liveSessions === 0} testId="end-sessions">
          Sign them out
        </Button>
      }
    >
      {isAsking && (
        <ReasonDialog
          title={`Sign ${fullName(user)} out everywhere`}
          text="They have to sign in anew on every device, and get a mail about it, which does not say why."
          action="Sign them out"
          isBusy={end.isBusy}
          problem={end.problem}
          onGo={(reason) => void end.run(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </PageSection>
  )
}
