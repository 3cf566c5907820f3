import type { ServiceContext } from '../../src/context.ts'
import { MessagesUnseen, type Unseen } from '../../src/features/chat/events.ts'
import { raiseNewMessages } from '../../src/features/notifications/raise-new-message.ts'
import { toWire } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import type { LaneMessage } from '../../src/platform/queues/lanes.ts'

/** What a room tells of messages that this person has not seen: of a room of its own, unless it is given one. */
export function unseenMessages(userId: string, given: Partial<Unseen> = {}): Unseen {
  return {
    userId,
    notificationId: newId(),
    roomId: newId(),
    roomType: 'private',
    roomName: 'Private Chat',
    count: 1,
    mentions: 0,
    seq: 1,
    messageId: newId(),
    preview: 'hello',
    senderName: 'ann',
    at: Date.now(),
    ...given,
  }
}

export async function raiseOne(ctx: ServiceContext, unseen: Unseen): Promise<void> {
  await raiseNewMessages(ctx, [unseen])
}

/** The message of a queue that brings it to its subscriber. */
export function unseenMessage(unseen: Unseen): LaneMessage {
  const { type, version, aggregateType } = MessagesUnseen
  const { roomId, roomType, roomName, seq, ...person } = unseen
  const event = {
    id: newId(),
    type,
    version,
    aggregateType,
    aggregateId: roomId,
    sequence: seq,
    occurredAt: Date.now(),
    correlationId: 'test-correlation',
    traceparent: '',
    payload: { roomId, roomType, roomName, seq, people: [person] },
  }
  return { subscriber: 'notifications.raise-new-message', event: toWire(event) }
}
