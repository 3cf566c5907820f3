import { SECOND_MS } from '../clock.ts'
import { Refusal } from '../errors.ts'
import { whyUnavailable } from '../unavailable.ts'
import { type Backoff, backoffMs } from './backoff.ts'
import { Outage } from './outage.ts'
import { requireNumber } from './require-number.ts'
import type { RetryBudget } from './retry-budget.ts'
import { LONGEST_TIMER_MS, limitTime, systemTiming, type Timing } from './time-limit.ts'

export interface Attempt {
  /** Counts from 1. */
  number: number
  /** Aborts at the overall deadline, and with the caller's signal. */
  signal: AbortSignal
}

/** One attempt that failed, and what follows. */
export interface Failure {
  attempt: number
  error: unknown
  durationMs: number
  next: { delayMs: number } | { givesUp: 'not retryable' | 'attempts' | 'deadline' | 'budget' }
}

export interface RetrySettings extends Backoff {
  /** Calls of the work, the first one included. */
  maxAttempts: number
  /** For all attempts and the waits between them. */
  deadlineMs: number
}

export interface RetryOptions extends Partial<RetrySettings>, Partial<Timing> {
  /** Ends everything; the result is then its reason. */
  signal?: AbortSignal | undefined
  shouldRetry?: (error: unknown, attempt: number) => boolean
  /** What the other side asked for, as a `Retry-After` does: no wait is shorter. */
  atLeastMs?: (error: unknown) => number | undefined
  budget?: RetryBudget
  /** For the log. */
  onFailure?: (failure: Failure) => void
}

const DEFAULTS: RetrySettings = {
  maxAttempts: 3,
  initialDelayMs: SECOND_MS,
  factor: 2,
  maxDelayMs: 60 * SECOND_MS,
  jitter: 0.3,
  deadlineMs: 10 * SECOND_MS,
}

/** @throws RangeError for a setting that makes no sense; zero does, where nothing is to be waited for */
export function checkRetrySettings(given: Partial<RetrySettings>): RetrySettings {
  const { maxAttempts, initialDelayMs, factor, maxDelayMs, jitter, deadlineMs } = { ...DEFAULTS, ...given }
  return {
    maxAttempts: requireNumber('maxAttempts', maxAttempts, { min: 1, max: 100, isInteger: true }),
    initialDelayMs: requireNumber('initialDelayMs', initialDelayMs, { min: 0, max: LONGEST_TIMER_MS }),
    factor: requireNumber('factor', factor, { min: 1, max: 100 }),
    maxDelayMs: requireNumber('maxDelayMs', maxDelayMs, { min: 0, max: LONGEST_TIMER_MS }),
    jitter: requireNumber('jitter', jitter, { min: 0, max: 1 }),
    deadlineMs: requireNumber('deadlineMs', deadlineMs, { min: 1, max: LONGEST_TIMER_MS }),
  }
}

/**
 * No verdict came, so asking again may bring one. Not so for a refusal, nor for an outage, which other retries have
 * found already, nor for who is overloaded, nor for an abort or a mistake of ours.
 */
export function isRetryable(error: unknown): boolean {
  return !(error instanceof Refusal) && whyUnavailable(error) === 'lost'
}

/**
 * Calls `work` until it succeeds: by default 3 times, 1 s and 2 s (+-30 %) apart, 10 s in all. The last error is
 * rethrown as it is. A wait that would outlast the deadline is not begun. The work must be safe to repeat.
 * @throws Outage DEADLINE_EXCEEDED where the deadline cuts an attempt, RangeError for an option that makes no sense
 */
export async function retry<T>(work: (attempt: Attempt) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const settings = checkRetrySettings(options)
  const { clock, sleep, random } = { ...systemTiming, ...options }
  const { shouldRetry = isRetryable, atLeastMs, budget, onFailure } = options
  const { maxAttempts, deadlineMs } = settings
  const startedMs = clock()
  let number = 0

  const nextAfter = (error: unknown): Failure['next'] => {
    if (!shouldRetry(error, number)) return { givesUp: 'not retryable' }
    if (number >= maxAttempts) return { givesUp: 'attempts' }
    const delayMs = Math.max(backoffMs(number, settings, random), atLeastMs?.(error) ?? 0)
    if (clock() - startedMs + delayMs >= deadlineMs) return { givesUp: 'deadline' }
    // Asked last: what is not retried for another reason costs nothing.
    return budget?.spend() === false ? { givesUp: 'budget' } : { delayMs }
  }
  const late = () =>
    new Outage('DEADLINE_EXCEEDED', { why: 'the deadline', attempts: number, durationMs: clock() - startedMs })

  return limitTime({ ms: deadlineMs, late, outer: options.signal, sleep }, async (signal) => {
    budget?.earn()
    for (;;) {
      number += 1
      const attemptStartedMs = clock()
      try {
        return await work({ number, signal })
      } catch (error) {
        // The caller has gone: nobody failed.
        if (options.signal?.aborted) throw error
        const next = signal.aborted ? { givesUp: 'deadline' as const } : nextAfter(error)
        onFailure?.({ attempt: number, error, durationMs: clock() - attemptStartedMs, next })
        if ('givesUp' in next) throw error
        await sleep(next.delayMs, signal)
      }
    }
  })
}

/**
 * The same as a declaration: `const charge = withRetry({ maxAttempts: 5 }, ({ signal }, order: Order) => ...)`.
 * @throws RangeError at once for an option that makes no sense
 */
export function withRetry<A extends unknown[], T>(
  options: RetryOptions,
  work: (attempt: Attempt, ...args: A) => Promise<T>,
): (...args: A) => Promise<T> {
  checkRetrySettings(options)
  return (...args) => retry((attempt) => work(attempt, ...args), options)
}
