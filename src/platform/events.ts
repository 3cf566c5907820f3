import * as z from 'zod'
import { isoTime } from './clock.ts'

/** A business event as it stands in an outbox. Times are milliseconds here, ISO 8601 on a queue. */
export interface EventEnvelope<P = unknown> {
  /** UUIDv7, made before the commit: it proves the commit, and every effect is deduplicated by it. */
  id: string
  type: string
  version: number
  aggregateType: string
  aggregateId: string
  /** The aggregate's version, raised by the statement that changed it. */
  sequence: number
  occurredAt: number
  correlationId: string
  traceparent: string
  payload: P
}

export interface AuditEntry {
  id: string
  action: string
  actorId: string | null
  targetType: string
  targetId: string
  reason: string | null
  ip: string | null
  userAgent: string | null
  correlationId: string
  details: unknown
  at: number
}

/** Everything of a type of event that is known before one happens. */
export interface EventType<P> {
  type: string
  version: number
  aggregateType: string
  payload: z.ZodType<P>
  /** Its payload says how to reach somebody: the outbox keeps it for a day after it was sent, and no longer than them. */
  isPersonal?: true
}

export function defineEvent<P>(type: string, aggregateType: string, payload: z.ZodType<P>, version = 1): EventType<P> {
  return { type, version, aggregateType, payload }
}

/** Of every event with a mail address in it. An erasure finds it by `payload.userId` or `payload.email`. */
export function definePersonalEvent<P>(type: string, aggregateType: string, payload: z.ZodType<P>): EventType<P> {
  return { ...defineEvent(type, aggregateType, payload), isPersonal: true }
}

/** A queue takes 128 KB a message; the envelope and its own framing need some of that. */
const MAX_PAYLOAD_BYTES = 100_000

/**
 * The payload as its schema has it. @throws where it is none, or too large for any queue: an event that cannot be sent
 * must not be committed, as it would hold up what comes after it
 */
export function payloadOf<P>({ type, payload: schema }: EventType<P>, given: P): P {
  const payload = schema.parse(given)
  const bytes = new TextEncoder().encode(JSON.stringify(payload)).byteLength
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new Error(`The event ${type} has ${bytes} bytes, at most ${MAX_PAYLOAD_BYTES} can be sent`)
  return payload
}

/** An event as it travels on a queue: parsed at both ends. */
export const WireEvent = z.strictObject({
  id: z.uuid(),
  type: z.string().min(1),
  version: z.int().positive(),
  aggregateType: z.string().min(1),
  aggregateId: z.string().min(1),
  sequence: z.int().nonnegative(),
  occurredAt: z.iso.datetime(),
  correlationId: z.string().min(1),
  traceparent: z.string(),
  payload: z.unknown(),
})
export type WireEvent = z.output<typeof WireEvent>

export function toWire(event: EventEnvelope): WireEvent {
  return { ...event, occurredAt: isoTime(event.occurredAt) }
}

export function fromWire(event: WireEvent): EventEnvelope {
  return { ...event, occurredAt: Date.parse(event.occurredAt) }
}
