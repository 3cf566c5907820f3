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

/** For the line between two days of a conversation. */
export function dayTitle(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const days = daysAgo(at, now)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  return at.getFullYear() === now.getFullYear() ? longDay.format(at) : withYear.format(at)
}
