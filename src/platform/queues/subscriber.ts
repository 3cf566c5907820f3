import type { EventEnvelope, EventType } from '../events.ts'
import type { Lane } from './lanes.ts'

/**
 * A named reaction to one type of event. Queues repeat and reorder, so a handler commutes, compares
 * versions, or deduplicates by event id in the batch of its effect.
 */
export interface Subscriber<Ctx> {
  /** Stable: it is in messages under way and in inbox rows. */
  name: string
  event: EventType<unknown>
  lane: Lane
  handle(ctx: Ctx, event: EventEnvelope): Promise<void>
}

/** Ties the handler's payload to the event's schema, which parses it before the handler sees it. */
export function subscriber<Ctx, P>(
  name: string,
  event: EventType<P>,
  lane: Lane,
  handle: (ctx: Ctx, event: EventEnvelope<P>) => Promise<void>,
): Subscriber<Ctx> {
  return {
    name,
    event,
    lane,
    handle: (ctx, raw) => handle(ctx, { ...raw, payload: event.payload.parse(raw.payload) }),
  }
}
