import { DAY_MS, HOUR_MS, MINUTE_MS } from '../clock.ts'

/** How finely counts are kept, and for how long. Every flush adds to all of them, so that no job makes one from another. */
export const STEPS = [
  { stepMs: MINUTE_MS, keepMs: DAY_MS },
  { stepMs: 5 * MINUTE_MS, keepMs: 7 * DAY_MS },
  { stepMs: HOUR_MS, keepMs: 7 * DAY_MS },
] as const

/** The most that can be asked for. */
export const MOST_MINUTES = (7 * DAY_MS) / MINUTE_MS

/** The finest step in which so long a time is no more than 300 points. */
export function stepFor(minutes: number): number {
  const found = STEPS.find(({ stepMs }) => (minutes * MINUTE_MS) / stepMs <= 300)
  return (found ?? STEPS[2]).stepMs
}

export function floorTo(stepMs: number, at: number): number {
  return Math.floor(at / stepMs) * stepMs
}
