import { fromWire } from '../events.ts'
import type { Logger } from '../observability/log.ts'
import { consumerScope, withScope } from '../observability/scope.ts'
import { backoff, LaneMessage, laneOfQueue } from './lanes.ts'
import type { Subscriber } from './subscriber.ts'

/** Handles each message by itself: one failure neither repeats nor delays its neighbours. */
export async function consumeBatch<Ctx>(
  batch: MessageBatch,
  subscribers: readonly Subscriber<Ctx>[],
  makeContext: () => Ctx,
  log: Logger,
): Promise<void> {
  const lane = laneOfQueue(batch.queue)
  await Promise.all(
    batch.messages.map(async (message) => {
      const parsed = LaneMessage.safeParse(message.body)
      const event = parsed.success ? fromWire(parsed.data.event) : undefined
      await withScope(consumerScope(event ?? {}), async () => {
        const subscriber = subscribers.find(({ name }) => parsed.success && name === parsed.data.subscriber)
        try {
          if (!event || !subscriber) throw new Error('No subscriber understands this message')
          await subscriber.handle(makeContext(), event)
          message.ack()
          log.debug('Message Handled', {
            lane,
            subscriber: subscriber.name,
            eventId: event.id,
            attempts: message.attempts,
          })
        } catch (error) {
          const delaySeconds = backoff(lane, message.attempts)
          log.error('Message Failed', {
            lane,
            subscriber: subscriber?.name,
            eventId: event?.id,
            attempts: message.attempts,
            delaySeconds,
            error,
          })
          message.retry({ delaySeconds })
        }
      })
    }),
  )
}
