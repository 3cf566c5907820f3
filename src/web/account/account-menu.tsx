import { useState } from 'preact/hooks'
import { ApiError } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { Icon } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import { fullName } from '../names.ts'
import { HOME, navigate } from '../route.ts'
import { useWorkspace } from '../workspace.ts'
import { FormProblem } from './form-problem.tsx'

type Leaving = 'here' | 'everywhere'

export function AccountMenu() {
  const workspace = useWorkspace()
  const { user, client } = workspace
  const [busy, setBusy] = useState<Leaving | null>(null)
  const [asks, setAsks] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const leave = async (how: Leaving) => {
    setBusy(how)
    setProblem(null)
    workspace.isLeaving = true
    try {
      await (how === 'here' ? client.auth.logout() : client.auth.logoutEverywhere())
      navigate(HOME)
    } catch (error) {
      workspace.isLeaving = false
      setBusy(null)
      setAsks(false)
      setProblem(`You are still signed in. ${error instanceof ApiError ? error.message : 'Something went wrong'}.`)
    }
  }

  return (
    <Popover
      label={`Account of ${fullName(user)}`}
      panelLabel="Account"
      testId="account-menu"
      trigger={
        <span data-testid="current-user" data-user-id={user.id} data-username={user.username}>
          <Avatar id={user.id} name={fullName(user)} small />
        </span>
      }
    >
      {() => (
        <>
          <div class="account-card">
            <Avatar id={user.id} name={fullName(user)} />
            <div>
              <strong>{fullName(user)}</strong>
              <span>@{user.username}</span>
              <span>{user.email}</span>
            </div>
          </div>
          <div class="account-menu">
            <FormProblem text={problem} />
            <Button kind="quiet" isBusy={busy === 'here'} onPress={() => void leave('here')} testId="sign-out">
              <Icon name="leave" />
              Sign out
            </Button>
            <Button kind="quiet" onPress={() => setAsks(true)} testId="sign-out-everywhere">
              <Icon name="everywhere" />
              Sign out everywhere
            </Button>
          </div>
          {asks && (
            <Confirm
              title="Sign out everywhere?"
              text="Every browser and device where you are signed in is signed out, this one included."
              action="Sign out everywhere"
              isBusy={busy === 'everywhere'}
              testId="confirm-sign-out-everywhere"
              onConfirm={() => void leave('everywhere')}
              onCancel={() => setAsks(false)}
            />
          )}
        </>
      )}
    </Popover>
  )
}
