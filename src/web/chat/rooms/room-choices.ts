/** How a group goes about its business, in the words of the forms. */
export const JOIN_POLICIES = [
  { value: 'invite', label: 'Only who is added or invited' },
  { value: 'open', label: 'Anybody who finds it' },
] as const

/** Of inviting and of writing. */
export const WHO_MAY = [
  { value: 'members', label: 'All members' },
  { value: 'moderators', label: 'Owners and moderators' },
] as const

export const NOTIFY_CHOICES = [
  { value: 'all', label: 'Every message' },
  { value: 'mentions', label: 'Only what mentions me' },
  { value: 'none', label: 'Nothing' },
] as const

const SLOW_MODES = [
  [0, 'Off'],
  [5, '5 seconds'],
  [15, '15 seconds'],
  [30, '30 seconds'],
  [60, '1 minute'],
  [300, '5 minutes'],
  [900, '15 minutes'],
  [3_600, '1 hour'],
  [21_600, '6 hours'],
] as const

/** With what is set now, also where a program has set something in between. */
export function slowModes(now: number): { value: string; label: string }[] {
  const known = SLOW_MODES.map(([seconds, label]) => ({ value: String(seconds), label }))
  if (SLOW_MODES.some(([seconds]) => seconds === now)) return known
  return [...known, { value: String(now), label: `${now} seconds` }].sort((a, b) => Number(a.value) - Number(b.value))
}

export const MUTES = [
  { minutes: 10, label: 'Mute for 10 minutes' },
  { minutes: 60, label: 'Mute for 1 hour' },
  { minutes: 60 * 24, label: 'Mute for 1 day' },
] as const

export const EXPIRIES = [
  { value: '1', label: '1 hour' },
  { value: '24', label: '1 day' },
  { value: '168', label: '7 days' },
  { value: '720', label: '30 days' },
] as const

export const USES = [
  { value: '1', label: '1 person' },
  { value: '10', label: '10 people' },
  { value: '100', label: '100 people' },
  { value: '1000', label: '1000 people' },
] as const
