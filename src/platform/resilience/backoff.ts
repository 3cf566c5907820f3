export interface Backoff {
  /** Before the second attempt; each later wait is `factor` times the one before. */
  initialDelayMs: number
  factor: number
  /** No wait is longer, jitter included. */
  maxDelayMs: number
  /** 0.3 spreads each wait evenly over 30 % less and 30 % more, so that callers do not come back in step. */
  jitter: number
}

/** How long to wait after attempt number `attempt`, which counts from 1; whole milliseconds. */
export function backoffMs(attempt: number, settings: Backoff, random: () => number): number {
  const { initialDelayMs, factor, maxDelayMs, jitter } = settings
  // The room for jitter is left below the cap: cut off above it, half of all callers would come back together.
  const base = Math.min(initialDelayMs * factor ** (attempt - 1), maxDelayMs / (1 + jitter))
  return Math.round(base * (1 + jitter * (2 * random() - 1)))
}
