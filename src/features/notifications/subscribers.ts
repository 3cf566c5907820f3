import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { MessagesUnseen, PersonInvited, RoomSeen } from '../chat/events.ts'
import { roomGroupKey } from './new-message.ts'
import { markGroupSeen, raiseNewMessage } from './raise-new-message.ts'
import { tellInvited } from './tell-invited.ts'

const inBatch = { lane: 'normal', once: { by: 'batch', store: 'activity' } } as const

export const notificationSubscribers = [
  subscriber('notifications.raise-new-message', MessagesUnseen, inBatch, (ctx: ServiceContext, { payload }) =>
    raiseNewMessage(ctx, payload),
  ),
  subscriber('notifications.mark-room-seen', RoomSeen, inBatch, (ctx: ServiceContext, { payload }) =>
    markGroupSeen(ctx, {
      userId: payload.userId,
      groupKey: roomGroupKey(payload.roomId),
      version: payload.seq,
      at: payload.at,
    }),
  ),
  subscriber('notifications.tell-invited', PersonInvited, inBatch, (ctx: ServiceContext, { id, payload }) =>
    tellInvited(ctx, payload, id),
  ),
]
