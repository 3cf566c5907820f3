import type { Room } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { roomSwatchId, roomTitle } from '../../names.ts'
import { followInside, roomHref } from '../../route.ts'
import { fullTime, listTime } from '../../times.ts'
import { useWorkspace } from '../../workspace.ts'

export function RoomItem({ room, isOpen, unread }: { room: Room; isOpen: boolean; unread: number }) {
  const { user } = useWorkspace()
  const { lastMessage } = room
  const at = lastMessage?.createdAt ?? room.createdAt
  return (
    <a
      class={`row ${unread > 0 ? 'row-unread' : ''}`}
      href={roomHref(room.id)}
      aria-current={isOpen ? 'page' : undefined}
      data-testid="room-item"
      data-room-id={room.id}
      data-unread={unread}
      onClick={followInside}
    >
      <Avatar id={roomSwatchId(room)} name={roomTitle(room)} />
      <span>
        <span class="row-name">{roomTitle(room)}</span>
        <span class="row-text">
          {lastMessage?.senderId === user.id && 'You: '}
          {lastMessage?.content ?? 'Nothing written yet'}
        </span>
      </span>
      <span class="row-end">
        <time dateTime={at} title={fullTime(at)}>
          {listTime(at)}
        </time>
        {unread > 0 && (
          <>
            <Badge count={unread} />
            <span class="visually-hidden">{unread} unread</span>
          </>
        )}
      </span>
    </a>
  )
}
