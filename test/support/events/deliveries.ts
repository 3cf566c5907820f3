import { LaneMessage } from '../../../src/platform/queues/lanes.ts'

/** Attempts are as in production, the minutes between them are not. */
const RETRY_SECONDS = 1

const attempts = new Map<string, number>()

/** The attempt that a handler is at, which handlers are not told. Of two copies under way the later one. */
export function attemptOf(subscriber: string, eventId: string): number {
  return attempts.get(`${subscriber} ${eventId}`) ?? 1
}

/** The same batch, whose messages come back soon; `acknowledged` are those of which the queue will be told. */
export function watchBatch(batch: MessageBatch): { batch: MessageBatch; acknowledged: Message[] } {
  const acknowledged: Message[] = []
  const messages = batch.messages.map((message): Message => {
    noteAttempt(message)
    return {
      id: message.id,
      timestamp: message.timestamp,
      body: message.body,
      attempts: message.attempts,
      ack: () => {
        acknowledged.push(message)
        message.ack()
      },
      retry: () => message.retry({ delaySeconds: RETRY_SECONDS }),
    }
  })
  const { queue, metadata } = batch
  const watched = { queue, metadata, messages, ackAll: () => batch.ackAll(), retryAll: () => batch.retryAll() }
  return { batch: watched, acknowledged }
}

function noteAttempt({ body, attempts: attempt }: Message): void {
  const parsed = LaneMessage.safeParse(body).data
  if (!parsed) return
  const key = `${parsed.subscriber} ${parsed.event.id}`
  attempts.set(key, Math.max(attempt, attempts.get(key) ?? 0))
}
