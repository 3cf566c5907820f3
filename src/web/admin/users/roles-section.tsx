import { useState } from 'preact/hooks'
import type { Member, UserDetails } from '../../../client/index.ts'
import { Button } from '../../components/button.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { fullName } from '../../names.ts'
import { useWorkspace } from '../../workspace.ts'
import { State } from '../facts.tsx'
import { ReasonDialog } from '../reason-dialog.tsx'
import { mayTake } from './reach.ts'
import { ROLE_NAMES } from './user-words.ts'

type Role = UserDetails['role']
const ROLES = Object.keys(ROLE_NAMES) as Role[]

interface Wish {
  role: Role
  isGiven: boolean
}

/** The roles that somebody has, given and taken one by one. */
export function RolesSection({ user, onChange }: { user: UserDetails; onChange: (after: Member) => void }) {
  const { client, user: me } = useWorkspace()
  const [wish, setWish] = useState<Wish | null>(null)
  const change = useAction(
    async ({ role, isGiven }: Wish, reason: string) => {
      const act = isGiven ? client.access.addRole : client.access.removeRole
      onChange(await act(user.id, role, reason))
      setWish(null)
      toast({ text: `${ROLE_NAMES[role]}: ${isGiven ? 'given' : 'taken'}.`, tone: 'good' })
    },
    { onProblem: () => undefined },
  )
  const mayChange = me.roles.includes('admin') && me.id !== user.id
  return (
    <PageSection
      title="Roles"
      about={
        mayChange
          ? 'A change holds within seconds. The only role of somebody is taken when they have another.'
          : 'Only another admin can change them.'
      }
    >
      <ul class="access-list" data-testid="roles">
        {ROLES.map((role) => {
          const isHeld = user.roles.includes(role)
          return (
            <li key={role}>
              <strong>{ROLE_NAMES[role]}</strong>
              <State tone={isHeld ? 'good' : 'plain'}>{isHeld ? 'Held' : 'Not held'}</State>
              {mayChange && (!isHeld || mayTake(user)) && (
                <Button
                  label={`${isHeld ? 'Take' : 'Give'} the role ${ROLE_NAMES[role]}`}
                  onPress={() => setWish({ role, isGiven: !isHeld })}
                  testId={`role-${role}`}
                >
                  {isHeld ? 'Take' : 'Give'}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      {wish && (
        <ReasonDialog
          title={`${wish.isGiven ? 'Give' : 'Take'} the role ${ROLE_NAMES[wish.role]}`}
          text={
            wish.isGiven
              ? `${fullName(user)} may then do all that this role gives.`
              : `${fullName(user)} loses what this role alone gives.`
          }
          action={wish.isGiven ? 'Give the role' : 'Take the role'}
          isDanger={!wish.isGiven}
          isBusy={change.isBusy}
          problem={change.problem}
          onGo={(reason) => void change.run(wish, reason)}
          onClose={() => setWish(null)}
        />
      )}
    </PageSection>
  )
}
