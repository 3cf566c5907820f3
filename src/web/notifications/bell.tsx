import { useEffect } from 'preact/hooks'
import { Badge } from '../components/badge.tsx'
import { Icon } from '../components/icon.tsx'
import { Popover } from '../components/popover.tsx'
import { showUnreadInTitle } from '../shell/title.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { NotificationList } from './notification-list.tsx'

export function Bell() {
  const { inbox } = useWorkspace()
  const { unread } = useStore(inbox.state)

  useEffect(() => {
    showUnreadInTitle(unread)
    return () => showUnreadInTitle(0)
  }, [unread])

  return (
    <>
      <Popover
        label={unread > 0 ? `Notifications, ${unread} unread` : 'Notifications'}
        panelLabel="Notifications"
        testId="bell"
        trigger={
          <>
            <Icon name="bell" />
            {unread > 0 && <Badge count={unread} class="bell-count" testId="bell-count" />}
          </>
        }
      >
        {(close) => <NotificationList close={close} />}
      </Popover>
      <span class="visually-hidden" role="status">
        {unread > 0 ? `${unread} unread` : ''}
      </span>
    </>
  )
}
