import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { MessagesUnseen, RoomSeen } from '../chat/events.ts'
import { newMessageNotification, roomGroupKey } from './new-message.ts'
import { markGroupSeen, storeNewMessage } from './store-new-message.ts'

export const notificationSubscribers = [
  subscriber('notifications.store-new-message', MessagesUnseen, 'normal', async (ctx: ServiceContext, { payload }) => {
    await storeNewMessage(ctx, payload)
    if (!payload.pushed) await ctx.userSocket(payload.userId).notify(newMessageNotification(payload))
  }),
  subscriber('notifications.mark-room-seen', RoomSeen, 'normal', (ctx: ServiceContext, { payload }) =>
    markGroupSeen(ctx, {
      userId: payload.userId,
      groupKey: roomGroupKey(payload.roomId),
      version: payload.seq,
      at: payload.at,
    }),
  ),
]
