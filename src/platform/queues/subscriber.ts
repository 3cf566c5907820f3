import type { DatabaseName } from '../db/bookmarks.ts'
import type { EventEnvelope, EventType } from '../events.ts'
import { LANES, type Lane } from './lanes.ts'

/**
 * How a subscriber has its effect once, though queues repeat and reorder. All but the last keep marks in the inbox of
 * `store`.
 * - `batch`: the effect is one commit to that database, which carries the mark. A second delivery rolls back.
 * - `object`: the effect is a command to an object, which keeps an inbox of its own; the mark is made after it.
 * - `outside`: the mark is claimed first, then the provider is called with the event's id as its key. Where a call
 *   may have been made and nobody knows, `repeat` makes it again with the same key, and `give-up` leaves it at that:
 *   for mail and push, which know no keys. Claims stand in one database, where an admin's redrive frees them.
 * - `versions`: the effect is one commit to that database, which keeps what is newest. A second delivery changes
 *   nothing, so there is no mark, and nothing that tells whether an event was handled.
 */
export type Once =
  | { by: 'batch'; store: DatabaseName }
  | { by: 'object'; store: DatabaseName }
  | { by: 'outside'; store: 'core'; whenUnknown: 'repeat' | 'give-up' }
  | { by: 'versions'; store: DatabaseName }

/** A named reaction to one type of event. It compares versions where order matters. */
export interface Subscriber<Ctx> {
  /** Stable: it is in messages under way and in inbox rows. */
  name: string
  event: EventType<unknown>
  lane: Lane
  once: Once
  handle(ctx: Ctx, event: EventEnvelope): Promise<void>
  /** All that a batch of the queue brings of it, in one commit. Where that fails each is handled by itself. */
  handleAll?(ctx: Ctx, events: readonly EventEnvelope[]): Promise<void>
}

/** Ties the handler's payload to the event's schema, which parses it before the handler sees it. */
export function subscriber<Ctx, P>(
  name: string,
  event: EventType<P>,
  { lane, once }: { lane: Lane; once: Once },
  handle: (ctx: Ctx, event: EventEnvelope<P>) => Promise<void>,
): Subscriber<Ctx> {
  return {
    name,
    event,
    lane,
    once,
    handle: (ctx, raw) => handle(ctx, { ...raw, payload: event.payload.parse(raw.payload) }),
  }
}

/**
 * A subscriber that handles many events in one commit. They come in any order, some of them twice or handled before, and
 * of one thing there may be several: `handle` keeps what is newest of each, by comparing versions.
 */
export function batchedSubscriber<Ctx, P>(
  name: string,
  event: EventType<P>,
  { lane, store }: { lane: Lane; store: DatabaseName },
  handle: (ctx: Ctx, payloads: readonly P[]) => Promise<void>,
): Subscriber<Ctx> {
  const handleAll = (ctx: Ctx, events: readonly EventEnvelope[]) =>
    handle(
      ctx,
      events.map(({ payload }) => event.payload.parse(payload)),
    )
  const once: Once = { by: 'versions', store }
  return { name, event, lane, once, handle: (ctx, one) => handleAll(ctx, [one]), handleAll }
}

/** How often a message is tried. Systems outside get the lane's full patience; our own either work or are broken. */
export function attemptsOf({ lane, once }: Pick<Subscriber<never>, 'lane' | 'once'>): number {
  const { attempts } = LANES[lane]
  return lane === 'normal' && once.by !== 'outside' ? Math.min(attempts, 3) : attempts
}
