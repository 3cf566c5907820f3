import * as z from 'zod'
import { ACTS } from '../../platform/audit/acts.ts'
import { Id } from '../../platform/id-schema.ts'
import { MOST_MINUTES } from '../../platform/observability/figure-steps.ts'
import { lineOfText, wholeNumber } from '../../platform/text.ts'

const Lane = z.enum(['critical', 'normal', 'bulk'])
const DeadLetterStatus = z.enum(['waiting', 'redriven', 'discarded'])

export const DeadLetter = z
  .object({
    id: z.uuid(),
    lane: Lane,
    /** Null for a message that nobody understands. */
    subscriber: z.string().nullable(),
    eventId: z.string().nullable(),
    eventType: z.string().nullable(),
    attempts: z.int(),
    lastError: z.string().nullable(),
    status: DeadLetterStatus,
    firstSeenAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
    decidedBy: z.uuid().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' })
export type DeadLetter = z.output<typeof DeadLetter>

export const DeadLetterWithBody = DeadLetter.extend({ body: z.unknown() }).meta({ id: 'DeadLetterWithBody' })
export type DeadLetterWithBody = z.output<typeof DeadLetterWithBody>

export const DeadLetterId = z.object({ id: Id })
export const DeadLetterFilter = z.object({ status: DeadLetterStatus.optional() })

export const DecisionBody = z.strictObject({ reason: lineOfText({ min: 3, max: 500 }) }).meta({ id: 'DecisionBody' })

const Lag = z.object({ name: z.string(), lane: Lane, samples: z.int(), medianMs: z.int(), maxMs: z.int() })

export const EventFigures = z
  .object({
    outboxes: z.array(
      z.object({
        database: z.string(),
        /** Counted to a thousand. */
        unsent: z.int(),
        /** Seconds that the oldest of them has waited; 0 where none waits. */
        oldestUnsentSeconds: z.int(),
      }),
    ),
    /** Messages in each queue; null where the platform does not tell. */
    lanes: z.array(z.object({ lane: Lane, backlog: z.int().nullable() })),
    /** From the event to its effect, over the newest of each subscriber that marks what it has handled. */
    lags: z.array(Lag),
    /** Counted to a thousand. */
    deadLettersWaiting: z.int(),
  })
  .meta({ id: 'EventFigures' })
export type EventFigures = z.output<typeof EventFigures>

export const ReportBody = z.strictObject({ days: z.int().min(1).max(31).default(30) }).meta({ id: 'ReportBody' })

export const ActivityReport = z
  .object({
    /** False where a day had more acts than a report reads: then the oldest are missing. */
    isComplete: z.boolean(),
    days: z.array(z.object({ day: z.iso.date(), registrations: z.int(), signIns: z.int() })),
  })
  .meta({ id: 'ActivityReport' })
export type ActivityReport = z.output<typeof ActivityReport>

export const AuditFilter = z.object({
  /** `SIGNED_IN`, for one. */
  action: z.enum(ACTS).optional(),
  actorId: Id.optional(),
  targetId: z.string().min(1).max(100).optional(),
  /** From which address. */
  ip: z.string().min(2).max(64).optional(),
  /** In which request: its `X-Request-Id`. */
  requestId: z.string().min(1).max(128).optional(),
  /** This time counts. */
  from: z.iso.datetime().optional(),
  /** This time does not. */
  to: z.iso.datetime().optional(),
})
export type AuditFilter = z.output<typeof AuditFilter>

export const AuditEntry = z
  .object({
    id: z.uuid(),
    action: z.string(),
    /** Null where no person acted. */
    actorId: z.string().nullable(),
    /** As they are called now; null where there is no such person any more. */
    actorUsername: z.string().nullable(),
    targetType: z.string(),
    targetId: z.string(),
    /** Where the target is a person. */
    targetUsername: z.string().nullable(),
    reason: z.string().nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    correlationId: z.string(),
    details: z.unknown(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.output<typeof AuditEntry>

const Limit = z.object({
  name: z.string(),
  /** Whose count it is: the caller is the user, or without one their address; a mail address is one that a body names. */
  by: z.enum(['user', 'address', 'caller', 'mail-address']),
  algorithm: z.enum(['sliding-window', 'token-bucket']),
  /** The most at once. */
  limit: z.number(),
  /** The time in which the whole of it comes back. */
  windowSeconds: z.int(),
  /** Of a token bucket. */
  refillPerSecond: z.number().nullable(),
  /** Asked before anything happens; the others are counted by each isolate, which settles later. */
  exact: z.boolean(),
  /** When an exact one cannot be asked: nobody passes, or the isolate counts by itself. */
  onOutage: z.enum(['closed', 'local']),
  perRoute: z.boolean(),
  whenSucceeds: z.enum(['forget', 'give-back']).nullable(),
  /** Never scaled. */
  isLockOut: z.boolean(),
})

export const Limits = z
  .object({
    /** What every limit but the lock-outs was multiplied by. */
    scale: z.number(),
    /** Where exact limits are counted. */
    countedBy: z.enum(['objects', 'upstash']),
    policies: z.array(Limit),
  })
  .meta({ id: 'Limits' })
export type Limits = z.output<typeof Limits>

export const LiveFiguresQuery = z.object({
  minutes: wholeNumber.pipe(z.int().min(5).max(MOST_MINUTES)).default(60),
})

/** One number for each of `times`. */
const Numbers = z.array(z.number())
/** The same; null where nothing was counted. */
const Measures = z.array(z.number().nullable())

export const LiveFigures = z
  .object({
    /** How long each stretch of time is: a minute, five, or an hour, the finest in which the answer is no more than 300. */
    stepSeconds: z.int(),
    /** Where each stretch begins, in seconds since the epoch, the oldest first. The last one is not over yet. */
    times: z.array(z.int()),
    requests: z.object({ all: Numbers, clientErrors: Numbers, serverErrors: Numbers }),
    /** Milliseconds until the answer, estimated from a histogram. */
    latency: z.object({ p50: Measures, p95: Measures, p99: Measures }),
    database: z.object({ queries: Numbers, rowsRead: Numbers, rowsWritten: Numbers }),
    objects: z.object({ calls: Numbers, rowsRead: Numbers, rowsWritten: Numbers }),
    queues: z.object({
      sent: Numbers,
      handled: Numbers,
      failed: Numbers,
      /** Given up: they are dead letters now. */
      buried: Numbers,
      /** Milliseconds from the event to its effect. */
      lagP50: Measures,
      lagP95: Measures,
      /** The most that was seen waiting; looked at each minute. */
      backlog: Measures,
    }),
    /** Open at the end of each stretch: of people, and of rooms. */
    sockets: z.object({ user: Numbers, room: Numbers }),
    refused: z.object({
      all: Numbers,
      byPolicy: z.array(z.object({ policy: z.string(), count: z.int() })),
    }),
  })
  .meta({ id: 'LiveFigures' })
export type LiveFigures = z.output<typeof LiveFigures>
