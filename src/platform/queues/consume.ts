import { fromWire } from '../events.ts'
import type { FigureCounter } from '../observability/figure-counter.ts'
import type { Fields } from '../observability/log.ts'
import { redactError } from '../observability/redact.ts'
import { consumerScope, withScope } from '../observability/scope.ts'
import { type HandlingParts, handleOnce, type Stores } from './handle-once.ts'
import { backoff, deadBackoff, LANES, type Lane, LaneMessage, laneOfQueue, subjectOf } from './lanes.ts'
import { attemptsOf, type Subscriber } from './subscriber.ts'
import { groupByHandler, handleTogether, type Together } from './together.ts'

/** A message that was tried as often as its lane tries. */
export interface DeadLetter {
  lane: Lane
  /** `SUBSCRIBER EVENT_ID`, or the queue's own id of a message that nobody understands. */
  subject: string
  message: LaneMessage | undefined
  /** As it came. */
  body: unknown
  attempts: number
  /** Redacted; null where the platform gave up without telling why. */
  error: string | null
}

export interface ConsumerParts<Ctx> extends HandlingParts<Ctx> {
  subscribers: readonly Subscriber<Ctx>[]
  /** Keeps a message that is given up. */
  bury: (ctx: Ctx, letter: DeadLetter) => Promise<void>
  /** Counts what becomes of messages. */
  figures?: Pick<FigureCounter, 'message'>
}

/**
 * Handles each message by itself, or with those of the same subscriber where that one commits many at once: one failure
 * neither repeats nor delays its neighbours.
 */
export async function consumeBatch<Ctx extends Stores>(batch: MessageBatch, parts: ConsumerParts<Ctx>): Promise<void> {
  const lane = laneOfQueue(batch.queue)
  const { alone, together } = groupByHandler(batch.messages, parts.subscribers)
  await Promise.all([
    ...alone.map((message) => consumeOne(lane, message, parts)),
    ...together.map((group) => consumeTogether(lane, group, parts)),
  ])
}

/** What the platform has given up: a handler that died with its isolate, or a store that could not be reached. */
export async function consumeDead<Ctx extends Stores>(batch: MessageBatch, parts: ConsumerParts<Ctx>): Promise<void> {
  const lane = laneOfQueue(batch.queue.replace(/-dead$/, ''))
  await Promise.all(
    batch.messages.map((message) => {
      const parsed = LaneMessage.safeParse(message.body).data
      return inScopeOf(parsed, async () => {
        try {
          await parts.bury(parts.makeContext(undefined), deadLetter(lane, message, parsed, LANES[lane].attempts, null))
          parts.figures?.message('buried')
          message.ack()
        } catch (error) {
          parts.log.error('Dead Letter Not Stored', { lane, messageId: message.id, error })
          message.retry({ delaySeconds: deadBackoff(message.attempts) })
        }
      })
    }),
  )
}

/** One commit for all. Where it fails nobody knows because of which, so each is handled by itself then. */
async function consumeTogether<Ctx extends Stores>(
  lane: Lane,
  group: Together<Ctx>,
  parts: ConsumerParts<Ctx>,
): Promise<void> {
  const done = await handleTogether(group, parts)
  await Promise.all(
    group.messages.map(({ message, parsed }) => {
      if (!done) return consumeOne(lane, message, parts)
      return inScopeOf(parsed, async () => handled(lane, message, parsed, parts, { ...done }))
    }),
  )
}

async function consumeOne<Ctx extends Stores>(lane: Lane, message: Message, parts: ConsumerParts<Ctx>): Promise<void> {
  const parsed = LaneMessage.safeParse(message.body).data
  await inScopeOf(parsed, async () => {
    const subscriber = parts.subscribers.find(({ name }) => name === parsed?.subscriber)
    try {
      if (!parsed || !subscriber) throw new Error('No subscriber understands this message')
      await handleOnce(subscriber, fromWire(parsed.event), parts)
      handled(lane, message, parsed, parts)
    } catch (error) {
      await failed(lane, message, parsed, subscriber, error, parts)
    }
  })
}

function handled<Ctx>(
  lane: Lane,
  message: Message,
  { subscriber, event }: LaneMessage,
  { figures, log, clock }: ConsumerParts<Ctx>,
  besides: Fields = {},
): void {
  message.ack()
  figures?.message('handled', Math.max(0, clock() - Date.parse(event.occurredAt)))
  log.debug('Message Handled', { lane, subscriber, eventId: event.id, attempts: message.attempts, ...besides })
}

async function failed<Ctx>(
  lane: Lane,
  message: Message,
  parsed: LaneMessage | undefined,
  subscriber: Subscriber<Ctx> | undefined,
  error: unknown,
  { bury, makeContext, figures, log }: ConsumerParts<Ctx>,
): Promise<void> {
  figures?.message('failed')
  const most = subscriber ? attemptsOf(subscriber) : LANES[lane].attempts
  const isLast = message.attempts >= most
  const delaySeconds = backoff(lane, message.attempts)
  log.error('Message Failed', {
    lane,
    subscriber: parsed?.subscriber,
    eventId: parsed?.event.id,
    attempts: message.attempts,
    ...(isLast ? {} : { delaySeconds }),
    error,
  })
  if (isLast) {
    try {
      const text = redactError(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
      await bury(makeContext(undefined), deadLetter(lane, message, parsed, message.attempts, text))
      figures?.message('buried')
      return message.ack()
    } catch (buryError) {
      // Left to the platform, which moves it to the lane's dead-letter queue.
      log.error('Dead Letter Not Stored', { lane, messageId: message.id, error: buryError })
    }
  }
  message.retry({ delaySeconds })
}

function deadLetter(
  lane: Lane,
  { id, body }: Message,
  message: LaneMessage | undefined,
  attempts: number,
  error: string | null,
): DeadLetter {
  return {
    lane,
    subject: message ? subjectOf(message.subscriber, message.event.id) : `message ${id}`,
    message,
    body,
    attempts,
    error,
  }
}

function inScopeOf(parsed: LaneMessage | undefined, run: () => Promise<void>): Promise<void> {
  return withScope(consumerScope(parsed?.event ?? {}), run)
}
