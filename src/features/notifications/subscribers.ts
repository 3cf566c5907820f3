import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { MessagesUnseen, RoomSeen } from '../chat/events.ts'
import { roomGroupKey } from './new-message.ts'
import { markGroupSeen, raiseNewMessage } from './raise-new-message.ts'

export const notificationSubscribers = [
  subscriber('notifications.raise-new-message', MessagesUnseen, 'normal', (ctx: ServiceContext, { payload }) =>
    raiseNewMessage(ctx, payload),
  ),
  subscriber('notifications.mark-room-seen', RoomSeen, 'normal', (ctx: ServiceContext, { payload }) =>
    markGroupSeen(ctx, {
      userId: payload.userId,
      groupKey: roomGroupKey(payload.roomId),
      version: payload.seq,
      at: payload.at,
    }),
  ),
]
