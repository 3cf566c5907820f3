export interface Device {
  /** Such as `Firefox on Windows`. */
  name: string
  kind: 'computer' | 'phone' | 'tablet' | 'program'
}

/** The first that fits: browsers say the names of those that they descend from, too. */
const BROWSERS: readonly [name: string, sign: RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\b(?:OPR|OPT|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Vivaldi', /\bVivaldi\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\//],
  ['Safari', /\bVersion\/\S+.*\bSafari\//],
]

const SYSTEMS: readonly [name: string, kind: Device['kind'], sign: RegExp][] = [
  ['iPhone', 'phone', /\biP(?:hone|od)\b/],
  ['iPad', 'tablet', /\biPad\b/],
  ['Android', 'phone', /\bAndroid\b.*\bMobile\b/],
  ['Android', 'tablet', /\bAndroid\b/],
  ['ChromeOS', 'computer', /\bCrOS\b/],
  ['Windows', 'computer', /\bWindows\b/],
  // An iPad that asks for desktop pages says this too: it cannot be told apart.
  ['Mac', 'computer', /\bMac(?:intosh| OS X)\b/],
  ['Linux', 'computer', /\bLinux\b/],
]

/** A session's device in words, as far as its user agent says so; the whole text is for whoever wants to know more. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { name: 'Unknown device', kind: 'program' }
  const system = SYSTEMS.find(([, , sign]) => sign.test(userAgent))
  const browser = BROWSERS.find(([, sign]) => sign.test(userAgent))
  if (browser && system) return { name: `${browser[0]} on ${system[0]}`, kind: system[1] }
  if (browser) return { name: browser[0], kind: 'computer' }
  if (system && /^Mozilla\//.test(userAgent)) return { name: `Browser on ${system[0]}`, kind: system[1] }
  // Programs say `name/version`.
  const [, product] = /^([\w.-]{2,40})(?:\/|$)/.exec(userAgent) ?? []
  return { name: product ?? 'Unknown program', kind: 'program' }
}
