/** Milliseconds since the epoch. In workerd it advances only on I/O. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** ISO 8601 in UTC with milliseconds: the form of every time on the wire. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** The same of what may not have happened yet. */
export function isoTimeOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : isoTime(ms)
}
