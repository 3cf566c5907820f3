import Bowser from 'bowser'

export const DEVICE_KINDS = ['computer', 'phone', 'tablet', 'program'] as const
export type DeviceKind = (typeof DEVICE_KINDS)[number]

export interface Device {
  /** Such as `Firefox on Windows`. */
  name: string
  kind: DeviceKind
}

/** Longer ones are no browser's; parsing is many expressions, so it is given no more than this. */
const MAX_READ = 300
const KINDS: Record<string, DeviceKind> = { mobile: 'phone', tablet: 'tablet', desktop: 'computer' }
/** As people call them. */
const BROWSERS: Record<string, string> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
  // What it says where it knows nothing better.
  Mozilla: '',
}
const SYSTEMS: Record<string, string> = { macOS: 'Mac', 'Chrome OS': 'ChromeOS' }

/** A device in words, as far as its user agent says so. It is what the device says of itself: a hint, never a proof. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { name: 'Unknown device', kind: 'program' }
  const { browser, os, platform } = Bowser.parse(userAgent.slice(0, MAX_READ))
  const system = platform.vendor === 'Apple' && platform.model ? platform.model : nameOf(os.name, SYSTEMS)
  const kind = KINDS[platform.type ?? ''] ?? 'computer'
  const name = nameOf(browser.name, BROWSERS)
  if (name && system) return { name: `${name} on ${system}`, kind }
  if (name && platform.type !== 'bot') return { name, kind }
  if (system && userAgent.startsWith('Mozilla/')) return { name: `Browser on ${system}`, kind }
  // Programs say `name/version`.
  const [, product] = /^([\w.-]{2,40})(?:\/|$)/.exec(userAgent) ?? []
  return { name: name || product || 'Unknown program', kind: 'program' }
}

function nameOf(told: string | undefined, better: Record<string, string>): string {
  return told === undefined ? '' : (better[told] ?? told)
}
