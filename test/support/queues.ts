import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import type { EventEnvelope } from '../../src/platform/events.ts'
import { toWire } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Fields, Logger, LogLevel } from '../../src/platform/observability/log.ts'
import { LaneMessage } from '../../src/platform/queues/lanes.ts'

/** A log whose lines can be asked for. */
export interface RecordingLog extends Logger {
  lines: { level: LogLevel; message: string; fields: Fields }[]
  /** The fields of the lines with this message. */
  of(message: string): Fields[]
}

export function recordingLog(): RecordingLog {
  const lines: RecordingLog['lines'] = []
  const write =
    (level: LogLevel) =>
    (message: string, fields: Fields = {}): void => {
      lines.push({ level, message, fields })
    }
  return {
    lines,
    of: (message) => lines.flatMap((line) => (line.message === message ? [line.fields] : [])),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isEnabled: () => true,
  }
}

/** A queue that keeps what it is given, after `accept` has let it. */
export function recordingQueue(accept: () => Promise<void> = async () => undefined) {
  const messages: LaneMessage[] = []
  const queue = {
    send: async (body: unknown) => {
      await accept()
      messages.push(LaneMessage.parse(body))
    },
    sendBatch: async (given: Iterable<MessageSendRequest>) => {
      await accept()
      messages.push(...[...given].map(({ body }) => LaneMessage.parse(body)))
    },
  } as unknown as Queue
  return { queue, messages }
}

/** What a queue hands to a consumer. */
export interface Sent {
  body: unknown
  attempts?: number
  id?: string
}

/** What a consumer answered the queue, by the ids of messages. */
export interface Verdict {
  acknowledged: string[]
  retried: { id: string; delaySeconds: number | undefined }[]
}

/** Gives one batch to a consumer. The batches of `cloudflare:test` do not tell the delays that were asked for. */
export async function deliverTo(
  consume: (batch: MessageBatch, ctx: ExecutionContext) => Promise<void>,
  queue: string,
  sent: readonly Sent[],
): Promise<Verdict> {
  const verdict: Verdict = { acknowledged: [], retried: [] }
  const messages = sent.map(
    ({ body, attempts = 1, id = newId() }): Message => ({
      id,
      body,
      attempts,
      timestamp: new Date(),
      ack: () => void verdict.acknowledged.push(id),
      retry: (options) => void verdict.retried.push({ id, delaySeconds: options?.delaySeconds }),
    }),
  )
  const forAll = () => {
    throw new Error('Each message has a verdict of its own')
  }
  const metadata = { metrics: { backlogCount: 0, backlogBytes: 0 } }
  const ctx = createExecutionContext()
  await consume({ queue, messages, metadata, ackAll: forAll, retryAll: forAll }, ctx)
  await waitOnExecutionContext(ctx)
  return verdict
}

export function messageFor(subscriber: string, event: EventEnvelope): LaneMessage {
  return { subscriber, event: toWire(event) }
}

export function bindings(given: Partial<Env>): Env {
  return { ...env, ...given } as Env
}

/** A database that answers nothing, as in an outage. */
export function downDatabase(): D1Database {
  const down = () => {
    throw new Error('D1_ERROR: The database is down')
  }
  const database = { prepare: down, batch: down, withSession: () => database }
  return database as unknown as D1Database
}

/** An event, as an outbox has it. */
export function eventOf(type: string, given: Partial<EventEnvelope> = {}): EventEnvelope {
  return {
    id: newId(),
    type,
    version: 1,
    aggregateType: 'law',
    aggregateId: newId(),
    sequence: 1,
    occurredAt: Date.now(),
    correlationId: 'correlation',
    traceparent: '',
    payload: {},
    ...given,
  }
}
