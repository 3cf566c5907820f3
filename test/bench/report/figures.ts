import type { Ratio } from '../statistics.ts'

const MIB = 2 ** 20
const NOTHING = '-'

/** Two or three digits: no figure of a benchmark deserves more. */
export function numberText(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return NOTHING
  if (value >= 100) return Math.round(value).toLocaleString('en')
  if (value >= 10) return value.toFixed(1)
  return value.toFixed(value >= 0.1 ? 2 : 3)
}

/** The median, and between what it stood: `2.31 (2.10-2.44)`. */
export function ratioText(ratio: Ratio | undefined): string {
  if (!ratio) return NOTHING
  const [median, low, high] = [ratio.median, ratio.low, ratio.high].map(numberText)
  return `${median} (${low}-${high})`
}

export function msText(ms: number | undefined): string {
  if (ms === undefined) return NOTHING
  return `${ms >= 10 ? Math.round(ms).toLocaleString('en') : Number(ms.toPrecision(2))} ms`
}

export function mibText(bytes: number | null | undefined): string {
  return bytes == null ? NOTHING : (bytes / MIB).toFixed(0)
}
