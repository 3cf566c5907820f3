const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long something is still good, in the largest unit that fits. */
export function timeLeft(until: string, now = Date.now()): string {
  const ms = Date.parse(until) - now
  if (ms <= 0) return 'expired'
  if (ms < HOUR_MS) return count(Math.ceil(ms / MINUTE_MS), 'minute')
  if (ms < 2 * DAY_MS) return count(Math.round(ms / HOUR_MS), 'hour')
  return count(Math.round(ms / DAY_MS), 'day')
}

const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'} left`
