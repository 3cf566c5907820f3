import type { Room } from '../../../client/index.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { Icon } from '../../components/icon.tsx'
import { roomSwatchId, roomTitle } from '../../names.ts'
import { HIDDEN_WORDS, isHidden } from '../../people/blocks-store.ts'
import { followInside, roomHref } from '../../route.ts'
import { useStore } from '../../store.ts'
import { fullTime, listTime } from '../../times.ts'
import { type RoomMark, useWorkspace } from '../../workspace.ts'

interface RoomItemProps {
  room: Room
  isOpen: boolean
  isMuted: boolean
  mark: RoomMark | null
}

export function RoomItem({ room, isOpen, isMuted, mark }: RoomItemProps) {
  const { unreadCount: unread, mentionCount: mentions } = room
  const at = room.lastMessage?.createdAt ?? room.createdAt
  return (
    <a
      class={`row ${unread > 0 && !isMuted ? 'row-unread' : ''} ${isMuted ? 'row-muted' : ''}`}
      href={roomHref(room.id)}
      aria-current={isOpen ? 'page' : undefined}
      data-testid="room-item"
      data-room-id={room.id}
      data-unread={unread}
      data-mentions={mentions}
      onClick={followInside}
    >
      <Avatar id={roomSwatchId(room)} name={roomTitle(room)} />
      <span>
        <span class="row-name">{roomTitle(room)}</span>
        <LastLine room={room} mark={isOpen ? null : mark} />
      </span>
      <span class="row-end">
        <time dateTime={at} title={fullTime(at)}>
          {listTime(at)}
        </time>
        <span class="row-marks">
          {isMuted && <Icon name="bell-off" />}
          {mentions > 0 && (
            <span class="badge badge-mention" aria-hidden="true" data-testid="mention-mark">
              @
            </span>
          )}
          {unread > 0 && <Badge count={unread} class={isMuted ? 'badge-quiet' : ''} />}
        </span>
        <span class="visually-hidden">{spokenMarks({ unread, mentions, isMuted })}</span>
      </span>
    </a>
  )
}

function LastLine({ room, mark }: { room: Room; mark: RoomMark | null }) {
  const { user, blocks } = useWorkspace()
  const blocked = useStore(blocks.state)
  const { lastMessage, type } = room
  if (mark && mark.failed > 0) {
    return (
      <span class="row-text row-failed">
        <Icon name="alert" />
        {mark.failed === 1 ? 'A message was not sent' : `${mark.failed} messages were not sent`}
      </span>
    )
  }
  if (mark?.draft) {
    return (
      <span class="row-text" data-testid="room-draft">
        <span class="row-draft">Draft:</span> {mark.draft}
      </span>
    )
  }
  const waits = mark && mark.waiting > 0 && <Icon name="clock" />
  return (
    <span class="row-text">
      {waits}
      {lastMessage?.senderId === user.id && 'You: '}
      {lastMessage && isHidden(blocked, room, lastMessage.senderId)
        ? HIDDEN_WORDS
        : (lastMessage?.content ?? (type === 'group' ? 'No messages yet' : 'Say hello'))}
    </span>
  )
}

function spokenMarks({ unread, mentions, isMuted }: { unread: number; mentions: number; isMuted: boolean }): string {
  const parts = [
    unread > 0 && `${unread > 99 ? 'more than 99' : unread} unread`,
    mentions > 0 && `${mentions} ${mentions === 1 ? 'mentions' : 'mention'} you`,
    isMuted && 'muted',
  ]
  return parts.filter(Boolean).join(', ')
}
