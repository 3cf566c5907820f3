/**
 * `€24.90` for 2490 minor units. How many of them make one is the currency's, which is not always a hundred.
 * @param minor whole minor units
 * @param currency ISO 4217
 */
export function formatMoney(minor: number, currency: string, locale?: string): string {
  return formatOf(currency, locale).format(minor / unitsOf(currency))
}

/**
 * `€10.00 to €25.00`; its bounds are minor units, and there is no upper one where `to` is null.
 * @param currency null while nobody has told: then the figures would say nothing
 */
export function rangeWords({ from, to }: { from: number; to: number | null }, currency: string | null): string {
  if (currency === null) return 'A range of prices'
  const money = (minor: number) => formatMoney(minor, currency)
  if (to === null) return `${money(from)} and more`
  return from === 0 ? `Under ${money(to)}` : `${money(from)} to ${money(to)}`
}

/** How a price is typed: `24.90`, without the sign of the currency. */
export function moneyText(minor: number, currency: string): string {
  return (minor / unitsOf(currency)).toFixed(digitsOf(currency))
}

/** Minor units; null for what is no price of this currency. A comma may stand for the point. */
export function readMoney(text: string, currency: string): number | null {
  const digits = digitsOf(currency)
  const match = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim())
  const fraction = match?.[2] ?? ''
  if (!match || fraction.length > digits) return null
  return Number(`${match[1]}${fraction.padEnd(digits, '0')}`)
}

const formats = new Map<string, Intl.NumberFormat>()

function formatOf(currency: string, locale?: string): Intl.NumberFormat {
  const key = `${currency} ${locale}`
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency })
  formats.set(key, known)
  return known
}

function digitsOf(currency: string): number {
  return formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2
}

function unitsOf(currency: string): number {
  return 10 ** digitsOf(currency)
}
