import * as z from 'zod'
import { WireEvent } from '../events.ts'

/**
 * A lane is a queue with a promise about how long its work may wait and how often it is tried.
 * Batch size, wait and attempts are in wrangler.toml (a test compares); the delays are ours.
 */
export const LANES = {
  /** Money, security, what a person waits for. */
  critical: { queue: 'selvage-critical', attempts: 5, backoffSeconds: [2, 4, 8, 16], jitter: 0.3 },
  /** Notifications, mail, projections. */
  normal: { queue: 'selvage-normal', attempts: 5, backoffSeconds: [10, 60, 300, 300], jitter: 0.1 },
  /** Fan-out, images, clean-up, digests. */
  bulk: { queue: 'selvage-bulk', attempts: 3, backoffSeconds: [60, 300], jitter: 0.1 },
} as const satisfies Record<string, LaneSettings>

interface LaneSettings {
  queue: string
  attempts: number
  backoffSeconds: readonly number[]
  jitter: number
}

export type Lane = keyof typeof LANES

/** One message: one event for one subscriber, so that a failure of one repeats no other. */
export const LaneMessage = z.strictObject({ subscriber: z.string().min(1), event: WireEvent })
export type LaneMessage = z.output<typeof LaneMessage>

/** The name of a message, for as long as it is spoken of: one event for one subscriber. */
export function subjectOf(subscriber: string, eventId: string): string {
  return `${subscriber} ${eventId}`
}

export function laneOfQueue(queue: string): Lane {
  const lane = (Object.keys(LANES) as Lane[]).find((name) => LANES[name].queue === queue)
  if (lane === undefined) throw new Error(`No lane has the queue ${queue}`)
  return lane
}

/** Seconds to wait before the next try; `attempt` counts from 1. */
export function backoff(lane: Lane, attempt: number, random: () => number = Math.random): number {
  return delayOf(LANES[lane], attempt, random)
}

/**
 * Nobody waits for a dead letter to be stored, and nothing comes after it: with the 100 tries that a queue allows at
 * most, it outlasts any outage of the store that is shorter than a queue keeps messages (four days).
 */
const DEAD = { backoffSeconds: [60, 300, 3_600], jitter: 0.1 }

/** Seconds to wait before a dead letter is stored at the next try; `attempt` counts from 1. */
export function deadBackoff(attempt: number, random: () => number = Math.random): number {
  return delayOf(DEAD, attempt, random)
}

function delayOf(
  { backoffSeconds, jitter }: Pick<LaneSettings, 'backoffSeconds' | 'jitter'>,
  attempt: number,
  random: () => number,
): number {
  const base = backoffSeconds[Math.min(attempt, backoffSeconds.length) - 1] ?? 0
  return Math.max(1, Math.round(base * (1 + jitter * (2 * random() - 1))))
}
