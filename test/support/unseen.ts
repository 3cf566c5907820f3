import { MessagesUnseen, type MessagesUnseenPayload } from '../../src/features/chat/events.ts'
import { toWire } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import type { LaneMessage } from '../../src/platform/queues/lanes.ts'

/** What a room tells of messages that this person has not seen: of a room of its own, unless it is given one. */
export function unseenMessages(userId: string, given: Partial<MessagesUnseenPayload> = {}): MessagesUnseenPayload {
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

/** The message of a queue that brings it to its subscriber. */
export function unseenMessage(payload: MessagesUnseenPayload): LaneMessage {
  const { type, version, aggregateType } = MessagesUnseen
  const event = {
    id: newId(),
    type,
    version,
    aggregateType,
    aggregateId: payload.roomId,
    sequence: payload.seq,
    occurredAt: Date.now(),
    correlationId: 'test-correlation',
    traceparent: '',
    payload,
  }
  return { subscriber: 'notifications.raise-new-message', event: toWire(event) }
}
