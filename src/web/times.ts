const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const withYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

const DAY_MS = 86_400_000

/** Whole calendar days between a moment and now, where the reader is. */
function daysAgo(at: Date, now: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnight(now) - midnight(at)) / DAY_MS)
}

export function clockTime(iso: string): string {
  return clock.format(new Date(iso))
}

export function fullTime(iso: string): string {
  return full.format(new Date(iso))
}

/** Short, for lists: `14:05`, `Yesterday`, `Tue`, `4 Mar`. */
export function listTime(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const days = daysAgo(at, now)
  if (days <= 0) return clock.format(at)
  if (days === 1) return 'Yesterday'
  return days < 7 ? weekday.format(at) : dayAndMonth.format(at)
}

/** When something ends: `14:05`, and with its date where that is not today. */
export function endTime(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const isToday = at.toDateString() === now.toDateString()
  return isToday ? clock.format(at) : `${clock.format(at)}, ${at.toLocaleDateString()}`
}

/** For the line between two days of a conversation. */
export function dayTitle(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const days = daysAgo(at, now)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return at.getFullYear() === now.getFullYear() ? longDay.format(at) : withYear.format(at)
}

/** A day with its year: since when somebody is here. */
export function longDate(iso: string): string {
  return withYear.format(new Date(iso))
}

const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** How long ago, in the largest unit that fits: `just now`, `5 minutes ago`, `yesterday`; after a month the day. */
export function timeAgo(iso: string, now = Date.now()): string {
  const passed = Math.max(0, now - new Date(iso).getTime())
  if (passed > 30 * DAY_MS) return longDate(iso)
  const step = STEPS.find(([, ms]) => passed >= ms)
  return step ? ago.format(-Math.floor(passed / step[1]), step[0]) : 'just now'
}
