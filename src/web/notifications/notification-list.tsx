import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { NotificationItem } from './notification-item.tsx'

export function NotificationList({ close }: { close: () => void }) {
  const { inbox } = useWorkspace()
  const { status, items, unread, nextCursor } = useStore(inbox.state)
  return (
    <>
      <div class="notices-head">
        <h2>Notifications</h2>
        {unread > 0 && (
          <Button kind="text" onPress={() => void inbox.markAllRead()} testId="mark-all-read">
            Mark all as read
          </Button>
        )}
      </div>
      {status === 'loading' && <SkeletonRows count={3} label="Loading notifications" />}
      {status === 'failed' && (
        <Notice title="Notifications could not be loaded" isAlert>
          <Button onPress={() => void inbox.load()}>Try again</Button>
        </Notice>
      )}
      {status === 'ready' && items.length === 0 && (
        <Notice title="Nothing new">
          <p>When somebody writes to you while you are elsewhere, it shows here.</p>
        </Notice>
      )}
      {items.length > 0 && (
        <ul class="notices">
          {items.map((item) => (
            <li key={item.id}>
              <NotificationItem item={item} onOpen={close} />
            </li>
          ))}
        </ul>
      )}
      {nextCursor && (
        <div class="messages-older">
          <Button kind="text" onPress={() => void inbox.loadMore()}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  )
}
