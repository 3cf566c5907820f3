import { isoTime } from '../../platform/clock.ts'
import type { Unseen } from '../chat/events.ts'
import type { Channel } from './domain/preferences.ts'
import type { Notification } from './schemas.ts'

/** Counts stop here in words; the number itself is exact up to it. */
const MOST_SHOWN = 99

/** The one notification of a room for a person: the same whether it is pushed, stored or listed. */
export function newMessageNotification(unseen: Unseen, channels: Channel[]): Notification {
  const at = isoTime(unseen.at)
  return {
    id: unseen.notificationId,
    title: titleOf(unseen),
    message: unseen.roomType === 'group' ? `${unseen.senderName}: ${unseen.preview}` : unseen.preview,
    type: 'info',
    category: 'new_message',
    data: { roomId: unseen.roomId, messageId: unseen.messageId, seq: String(unseen.seq) },
    count: unseen.count,
    read: false,
    readAt: null,
    channels,
    sent: false,
    actionUrl: `/?room=${unseen.roomId}`,
    version: unseen.seq,
    createdAt: at,
    updatedAt: at,
  }
}

function titleOf({ count, mentions = 0, roomType, roomName, senderName }: Unseen): string {
  const messages = count === 1 ? 'New message' : `${shownCount(count)} new messages`
  const title = roomType === 'group' ? `${messages} in ${roomName}` : `${messages} from ${senderName}`
  if (mentions === 0) return title
  if (count === 1) return `${title} mentions you`
  return `${title}, ${shownCount(mentions)} ${mentions === 1 ? 'mentions' : 'mention'} you`
}

function shownCount(count: number): string {
  return count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count)
}

export function roomGroupKey(roomId: string): string {
  return `room:${roomId}`
}
