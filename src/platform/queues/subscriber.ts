import type { DatabaseName } from '../db/bookmarks.ts'
import type { EventEnvelope, EventType } from '../events.ts'
import { LANES, type Lane } from './lanes.ts'

/**
 * How a subscriber has its effect once, though queues repeat and reorder. Each keeps its marks in the inbox of `store`.
 * - `batch`: the effect is one commit to that database, which carries the mark. A second delivery rolls back.
 * - `object`: the effect is a command to an object, which keeps an inbox of its own; the mark is made after it.
 * - `outside`: the mark is claimed first, then the provider is called with the event's id as its key. Where a call
 *   may have been made and nobody knows, `repeat` makes it again with the same key, and `give-up` leaves it at that:
 *   for mail and push, which know no keys. Claims stand in one database, where an admin's redrive frees them.
 */
export type Once =
  | { by: 'batch'; store: DatabaseName }
  | { by: 'object'; store: DatabaseName }
  | { by: 'outside'; store: 'core'; whenUnknown: 'repeat' | 'give-up' }

/** A named reaction to one type of event. It compares versions where order matters. */
export interface Subscriber<Ctx> {
  /** Stable: it is in messages under way and in inbox rows. */
  name: string
  event: EventType<unknown>
  lane: Lane
  once: Once
  handle(ctx: Ctx, event: EventEnvelope): Promise<void>
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

/** How often a message is tried. Systems outside get the lane's full patience; our own either work or are broken. */
export function attemptsOf({ lane, once }: Pick<Subscriber<never>, 'lane' | 'once'>): number {
  const { attempts } = LANES[lane]
  return lane === 'normal' && once.by !== 'outside' ? Math.min(attempts, 3) : attempts
}
