import type { Clock } from '../clock.ts'
import type { DatabaseName } from '../db/bookmarks.ts'
import { AlreadyHandled } from '../db/commit.ts'
import type { Store } from '../db/store.ts'
import { type EventEnvelope, fromWire } from '../events.ts'
import type { FigureCounter } from '../observability/figure-counter.ts'
import { LOG, type Logger } from '../observability/log.ts'
import { redactError } from '../observability/redact.ts'
import { consumerScope, withScope } from '../observability/scope.ts'
import { isDefiniteNo } from '../resilience/outage.ts'
import { Delivery } from './delivery.ts'
import { claim, finishClaim, releaseClaim } from './inbox.ts'
import { backoff, deadBackoff, LANES, type Lane, LaneMessage, laneOfQueue, subjectOf } from './lanes.ts'
import { attemptsOf, type Subscriber } from './subscriber.ts'

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

export interface ConsumerParts<Ctx> {
  subscribers: readonly Subscriber<Ctx>[]
  makeContext: (delivery: Delivery | undefined) => Ctx
  /** Keeps a message that is given up. */
  bury: (ctx: Ctx, letter: DeadLetter) => Promise<void>
  /** Counts what becomes of messages. */
  figures?: Pick<FigureCounter, 'message'>
  log: Logger
  clock: Clock
}

type Stores = Record<DatabaseName, Store>

/** Handles each message by itself: one failure neither repeats nor delays its neighbours. */
export async function consumeBatch<Ctx extends Stores>(batch: MessageBatch, parts: ConsumerParts<Ctx>): Promise<void> {
  const lane = laneOfQueue(batch.queue)
  await Promise.all(batch.messages.map((message) => consumeOne(lane, message, parts)))
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

async function consumeOne<Ctx extends Stores>(lane: Lane, message: Message, parts: ConsumerParts<Ctx>): Promise<void> {
  const parsed = LaneMessage.safeParse(message.body).data
  await inScopeOf(parsed, async () => {
    const subscriber = parts.subscribers.find(({ name }) => name === parsed?.subscriber)
    try {
      if (!parsed || !subscriber) throw new Error('No subscriber understands this message')
      const event = fromWire(parsed.event)
      await deliver(subscriber, event, parts)
      message.ack()
      parts.figures?.message('handled', Math.max(0, parts.clock() - event.occurredAt))
      parts.log.debug('Message Handled', {
        lane,
        subscriber: subscriber.name,
        eventId: parsed.event.id,
        attempts: message.attempts,
      })
    } catch (error) {
      await failed(lane, message, parsed, subscriber, error, parts)
    }
  })
}

async function deliver<Ctx extends Stores>(
  subscriber: Subscriber<Ctx>,
  event: EventEnvelope,
  parts: ConsumerParts<Ctx>,
): Promise<void> {
  const delivery = new Delivery(subscriber, event, parts.clock)
  const ctx = parts.makeContext(delivery)
  const { once } = subscriber
  const store = ctx[once.store]
  if (once.by === 'outside') return deliverOutside(subscriber, delivery, ctx, store, parts)
  try {
    await subscriber.handle(ctx, event)
    // Nothing to change, or not in a database: marked all the same, so that it is known to be done. A store carries
    // the mark of a batch by itself; with a second one that commit would meet its own.
    if (!delivery.isMarked) await store.commit(once.by === 'batch' ? [] : delivery.mark())
  } catch (error) {
    if (!(error instanceof AlreadyHandled)) throw error
    parts.log.info(LOG.duplicate, { subscriber: subscriber.name, eventId: event.id })
  }
}

async function deliverOutside<Ctx>(
  subscriber: Subscriber<Ctx>,
  delivery: Delivery,
  ctx: Ctx,
  { db }: Store,
  { log, clock }: ConsumerParts<Ctx>,
): Promise<void> {
  const { event } = delivery
  const about = { subscriber: subscriber.name, eventId: event.id }
  const claimed = await claim(db, delivery, clock())
  if (claimed === 'done') return log.info(LOG.duplicate, about)
  if (claimed === 'claimed' && subscriber.once.by === 'outside' && subscriber.once.whenUnknown === 'give-up') {
    log.warn('Outcome Unknown', about)
    return finishClaim(db, delivery, clock())
  }
  try {
    await subscriber.handle(ctx, event)
  } catch (error) {
    // The provider has said no, so the next delivery may ask again.
    if (isDefiniteNo(error)) await releaseClaim(db, delivery)
    throw error
  }
  await finishClaim(db, delivery, clock())
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
