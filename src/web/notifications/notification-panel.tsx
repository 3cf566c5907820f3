import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { List } from '../components/list.tsx'
import { Notice } from '../components/notice.tsx'
import { SkeletonRows } from '../components/skeleton.tsx'
import { ADDRESSES, followInside } from '../route.ts'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { NotificationItem } from './notification-item.tsx'

/** As many as one looks through; the rest is in the inbox. */
const SHOWN = 8

/** Under the bell: the newest, and the way to all of them. */
export function NotificationPanel({ close }: { close: () => void }) {
  const { inbox } = useWorkspace()
  const { all, count } = useStore(inbox.state)
  return (
    <section class="notices-panel">
      <div class="notices-head">
        <h2>Notifications</h2>
        {count > 0 && (
          <Button kind="text" onPress={() => void inbox.markAllRead()} testId="mark-all-read">
            Mark all as read
          </Button>
        )}
      </div>
      {all.status === 'loading' && all.items.length === 0 && <SkeletonRows count={3} label="Loading notifications" />}
      {all.status === 'failed' && <ErrorState problem={all.problem} onRetry={() => void inbox.load()} />}
      {all.status === 'ready' && all.items.length === 0 && (
        <Notice title="Nothing new" testId="notifications-empty">
          <p>When somebody writes to you while you are elsewhere, it shows here.</p>
        </Notice>
      )}
      {all.items.length > 0 && (
        <List label="Newest notifications">
          {all.items.slice(0, SHOWN).map((item) => (
            <NotificationItem key={item.id} item={item} onOpen={close} />
          ))}
        </List>
      )}
      <a
        class="notices-all"
        href={ADDRESSES.notifications}
        data-testid="all-notifications"
        onClick={(event) => followInside(event) && close()}
      >
        {all.items.length > SHOWN || all.nextCursor ? 'See all notifications' : 'Open the inbox'}
      </a>
    </section>
  )
}
