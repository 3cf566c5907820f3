import { isoTime } from '../../platform/clock.ts'
import type { MessagesUnseenPayload } from '../chat/events.ts'
import type { Notification } from './schemas.ts'

/** Counts stop here in words; the number itself is exact up to it. */
const MOST_SHOWN = 99

/** The one notification of a room for a person: the same whether it is pushed, stored or listed. */
export function newMessageNotification(unseen: MessagesUnseenPayload): Notification {
  const at = isoTime(unseen.at)
  return {
    id: unseen.notificationId,
    title: titleOf(unseen),
    message: unseen.roomType === 'group' ? `${unseen.senderName}: ${unseen.preview}` : unseen.preview,
    type: 'info',
    category: 'new_message',
    data: { roomId: unseen.roomId, messageId: unseen.messageId },
    count: unseen.count,
    read: false,
    readAt: null,
    actionUrl: `/?room=${unseen.roomId}`,
    version: unseen.seq,
    createdAt: at,
    updatedAt: at,
  }
}

function titleOf({ count, roomType, roomName, senderName }: MessagesUnseenPayload): string {
  const messages = count === 1 ? 'New message' : `${count > MOST_SHOWN ? `${MOST_SHOWN}+` : count} new messages`
  return roomType === 'group' ? `${messages} in ${roomName}` : `${messages} from ${senderName}`
}

export function roomGroupKey(roomId: string): string {
  return `room:${roomId}`
}
