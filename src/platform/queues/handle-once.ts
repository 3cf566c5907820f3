import type { Clock } from '../clock.ts'
import type { DatabaseName } from '../db/bookmarks.ts'
import { AlreadyHandled } from '../db/commit.ts'
import type { Store } from '../db/store.ts'
import type { EventEnvelope } from '../events.ts'
import { LOG, type Logger } from '../observability/log.ts'
import { isDefiniteNo } from '../resilience/outage.ts'
import { Delivery } from './delivery.ts'
import { claim, finishClaim, releaseClaim } from './inbox.ts'
import type { Subscriber } from './subscriber.ts'

export type Stores = Record<DatabaseName, Store>

export interface HandlingParts<Ctx> {
  makeContext: (delivery: Delivery | undefined) => Ctx
  log: Logger
  clock: Clock
}

/**
 * Has the effect of one event, once, as its subscriber declares. Resolves also where it was had before.
 * @throws what the handler throws
 */
export async function handleOnce<Ctx extends Stores>(
  subscriber: Subscriber<Ctx>,
  event: EventEnvelope,
  parts: HandlingParts<Ctx>,
): Promise<void> {
  if (subscriber.once.by === 'versions') return subscriber.handle(parts.makeContext(undefined), event)
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
  { log, clock }: HandlingParts<Ctx>,
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
