import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import type { Notification } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Badge } from '../components/badge.tsx'
import { Icon } from '../components/icon.tsx'
import { Menu, type MenuItem } from '../components/menu.tsx'
import { passFocusOn } from '../components/pass-focus.ts'
import { toast } from '../components/toast.tsx'
import { roomSwatchId, roomTitle } from '../names.ts'
import { followInside } from '../route.ts'
import { useStore } from '../store.ts'
import { fullTime, listTime } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { roomIdOf } from './inbox-lists.ts'
import type { Inbox } from './inbox-store.ts'
import { iconOf, linkOf } from './notification-link.ts'

interface NotificationItemProps {
  item: Notification
  /** Called when it leads somewhere inside the page. */
  onOpen?: () => void
}

/** One happening, or several of one room. Opening it is reading it. */
export function NotificationItem({ item, onOpen }: NotificationItemProps) {
  const { inbox } = useWorkspace()
  const { href, isOutside } = linkOf(item)
  const row = useRef<HTMLLIElement>(null)
  return (
    <li class="notice-item" ref={row} data-unread={!item.read}>
      <a
        class={`row ${item.read ? '' : 'row-unread'}`}
        href={href}
        {...(isOutside ? { target: '_blank', rel: 'noopener noreferrer' } : {})}
        data-testid="notification-item"
        data-notification-id={item.id}
        data-room-id={roomIdOf(item) ?? undefined}
        data-read={item.read}
        onClick={(event) => {
          void inbox.markRead(item.id)
          if (!isOutside && followInside(event)) onOpen?.()
        }}
      >
        <span class="row-lead">
          <NotificationFace item={item} />
        </span>
        <span class="row-main">
          <span class="row-name">
            {item.title}
            {!item.read && <span class="visually-hidden"> (unread)</span>}
            {isOutside && <span class="visually-hidden"> (opens in a new tab)</span>}
          </span>
          <span class="row-text">{item.message}</span>
        </span>
        <span class="row-end">
          <time dateTime={item.updatedAt} title={fullTime(item.updatedAt)}>
            {listTime(item.updatedAt)}
          </time>
          {!item.read && (item.count > 1 ? <Badge count={item.count} /> : <span class="notice-dot" />)}
        </span>
      </a>
      <Menu label={`Actions for: ${item.title}`} items={actionsFor(item, inbox, row)} testId="notification-actions" />
    </li>
  )
}

/** Whose room it is, or what kind of news. */
function NotificationFace({ item }: { item: Notification }) {
  const { rooms } = useWorkspace()
  // The list of rooms may come after the inbox.
  useStore(rooms.state)
  const roomId = roomIdOf(item)
  const room = item.category === 'new_message' && roomId ? rooms.find(roomId) : undefined
  if (room) return <Avatar id={roomSwatchId(room)} name={roomTitle(room)} />
  return (
    <span class="notice-face" data-tone={item.type}>
      <Icon name={iconOf(item)} />
    </span>
  )
}

function actionsFor({ id, read }: Notification, inbox: Inbox, row: RefObject<HTMLLIElement | null>): MenuItem[] {
  const remove = () => {
    const keepFocus = passFocusOn(row.current)
    const undo = inbox.remove(id)
    keepFocus()
    toast({ text: 'Notification removed', action: { label: 'Undo', onPress: undo } })
  }
  return [
    ...(read
      ? []
      : [
          {
            label: 'Mark as read',
            icon: 'check',
            onPick: () => void inbox.markRead(id),
            testId: 'notification-read',
          } as const,
        ]),
    { label: 'Remove', icon: 'trash', isDanger: true, onPick: remove, testId: 'notification-remove' },
  ]
}
