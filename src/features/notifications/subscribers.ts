import type { ServiceContext } from '../../context.ts'
import { batchedSubscriber, subscriber } from '../../platform/queues/subscriber.ts'
import { MembersChanged, MessagesUnseen, PersonInvited, RoomSeen } from '../chat/events.ts'
import { roomGroupKey } from './new-message.ts'
import { markGroupsSeen, raiseNewMessages } from './raise-new-message.ts'
import { tellAdded, tellInvited } from './tell-of-rooms.ts'

const inBatch = { lane: 'normal', once: { by: 'batch', store: 'activity' } } as const
const byVersion = { lane: 'normal', store: 'activity' } as const

export const notificationSubscribers = [
  batchedSubscriber('notifications.raise-new-message', MessagesUnseen, byVersion, (ctx: ServiceContext, unseen) =>
    raiseNewMessages(
      ctx,
      unseen.flatMap(({ people, ...room }) => people.map((person) => ({ ...room, ...person }))),
    ),
  ),
  batchedSubscriber('notifications.mark-room-seen', RoomSeen, byVersion, (ctx: ServiceContext, seen) =>
    markGroupsSeen(
      ctx,
      seen.map(({ userId, roomId, seq, at }) => ({ userId, groupKey: roomGroupKey(roomId), version: seq, at })),
    ),
  ),
  subscriber('notifications.tell-added', MembersChanged, inBatch, (ctx: ServiceContext, { id, payload }) =>
    tellAdded(ctx, payload, id),
  ),
  subscriber('notifications.tell-invited', PersonInvited, inBatch, (ctx: ServiceContext, { id, payload }) =>
    tellInvited(ctx, payload, id),
  ),
]
