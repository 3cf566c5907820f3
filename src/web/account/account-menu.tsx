import { useState } from 'preact/hooks'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'
import { Icon, type IconName } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import { fullName } from '../names.ts'
import { ADDRESSES, accountHref, followInside } from '../route.ts'
import { ThemeChoice } from '../shell/theme-choice.tsx'
import { useWorkspace } from '../workspace.ts'
import { FormProblem } from './form-problem.tsx'
import { mayModerate, mayOperate } from './permissions.ts'
import { useLeave } from './use-leave.ts'
import type { Leaving } from './way-out.ts'

/** Who one is here, where what belongs to one is found, and the way out. */
export function AccountMenu() {
  const { user } = useWorkspace()
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
      {(close) => (
        <>
          <div class="account-card">
            <Avatar id={user.id} name={fullName(user)} />
            <div>
              <strong>{fullName(user)}</strong>
              <span>@{user.username}</span>
              <span>{user.email}</span>
            </div>
          </div>
          <AccountLinks close={close} />
          <div class="account-theme">
            <ThemeChoice />
          </div>
          <WayOut />
        </>
      )}
    </Popover>
  )
}

function AccountLinks({ close }: { close: () => void }) {
  const { user } = useWorkspace()
  const links: [href: string, icon: IconName, label: string, isShown: boolean][] = [
    [accountHref(), 'person', 'Account', true],
    [ADDRESSES.notifications, 'bell', 'Notifications', true],
    [ADDRESSES.shop, 'bag', 'Shop', true],
    [ADDRESSES.adminReports, 'flag', 'Reports', mayModerate(user)],
    [ADDRESSES.admin, 'chart', 'Operators', mayOperate(user)],
  ]
  return (
    <nav class="account-menu" aria-label="Account">
      {links
        .filter(([, , , isShown]) => isShown)
        .map(([href, icon, label]) => (
          <a
            key={href}
            class="button button-quiet"
            href={href}
            data-testid={`menu-${label.toLowerCase()}`}
            onClick={(event) => followInside(event) && close()}
          >
            <Icon name={icon} />
            {label}
          </a>
        ))}
    </nav>
  )
}

function WayOut() {
  const { leave, busy, problem, loss } = useLeave()
  const [asks, setAsks] = useState<Leaving | null>(null)
  const close = () => setAsks(null)
  return (
    <div class="account-menu">
      <FormProblem text={problem} />
      <Button
        kind="quiet"
        isBusy={busy === 'here'}
        onPress={() => (loss ? setAsks('here') : void leave('here'))}
        testId="sign-out"
      >
        <Icon name="leave" />
        Sign out
      </Button>
      <Button kind="quiet" onPress={() => setAsks('everywhere')} testId="sign-out-everywhere">
        <Icon name="everywhere" />
        Sign out everywhere
      </Button>
      {asks === 'here' && (
        <Confirm
          title="Sign out?"
          text={loss ?? 'All messages are sent now.'}
          action="Sign out"
          isBusy={busy === 'here'}
          testId="confirm-sign-out"
          onConfirm={async () => {
            if (!(await leave('here'))) close()
          }}
          onCancel={close}
        />
      )}
      {asks === 'everywhere' && <ConfirmEverywhere busy={busy} leave={leave} loss={loss} onClose={close} />}
    </div>
  )
}

interface ConfirmEverywhereProps extends Pick<ReturnType<typeof useLeave>, 'busy' | 'leave' | 'loss'> {
  onClose: () => void
}

export function ConfirmEverywhere({ busy, leave, loss, onClose }: ConfirmEverywhereProps) {
  const text = 'Every browser and device where you are signed in is signed out, this one included.'
  return (
    <Confirm
      title="Sign out everywhere?"
      text={loss ? `${text} ${loss}` : text}
      action="Sign out everywhere"
      isBusy={busy === 'everywhere'}
      testId="confirm-sign-out-everywhere"
      onConfirm={async () => {
        if (!(await leave('everywhere'))) onClose()
      }}
      onCancel={onClose}
    />
  )
}
