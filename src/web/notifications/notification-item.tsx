import type { Notification } from '../../client/index.ts'
import { Badge } from '../components/badge.tsx'
import { followInside, HOME, roomHref } from '../route.ts'
import { fullTime, listTime } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { roomIdOf } from './inbox-store.ts'

export function NotificationItem({ item, onOpen }: { item: Notification; onOpen: () => void }) {
  const { inbox } = useWorkspace()
  const roomId = roomIdOf(item)
  return (
    <a
      class="row"
      href={roomId ? roomHref(roomId) : pageOf(item)}
      data-testid="notification-item"
      data-notification-id={item.id}
      data-room-id={roomId ?? undefined}
      data-read={item.read}
      onClick={(event) => {
        void inbox.markRead(item.id)
        if (followInside(event)) onOpen()
      }}
    >
      <span>
        <span class="row-name">
          {item.title}
          {!item.read && <span class="visually-hidden"> (unread)</span>}
        </span>
        <span class="row-text">{item.message}</span>
      </span>
      <span class="row-end">
        <time dateTime={item.updatedAt} title={fullTime(item.updatedAt)}>
          {listTime(item.updatedAt)}
        </time>
        {!item.read && item.count > 1 && <Badge count={item.count} />}
      </span>
    </a>
  )
}

/** Only pages of ours: an address elsewhere is not followed from here. */
function pageOf({ actionUrl }: Notification): string {
  return actionUrl?.startsWith('/') && !actionUrl.startsWith('//') ? actionUrl : HOME
}
