import { Badge } from '../components/badge.tsx'
import { Icon } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { NotificationPanel } from './notification-panel.tsx'
import { useInboxWatch } from './use-inbox-watch.ts'

/** How much is unread, and the newest of it. There is one on every page of who is signed in. */
export function Bell() {
  const workspace = useWorkspace()
  const { count } = useStore(workspace.inbox.state)
  useInboxWatch(workspace)

  return (
    <>
      <Popover
        label={count > 0 ? `Notifications, ${count} unread` : 'Notifications'}
        panelLabel="Notifications"
        testId="bell"
        trigger={
          <>
            <Icon name="bell" />
            {count > 0 && <Badge count={count} class="bell-count" testId="bell-count" />}
          </>
        }
      >
        {(close) => <NotificationPanel close={close} />}
      </Popover>
      <span class="visually-hidden" role="status">
        {count > 0 ? `${count} unread` : ''}
      </span>
    </>
  )
}
