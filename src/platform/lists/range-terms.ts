import type { Range } from './bounds.ts'

const BASE = 4
/** Digits of base 4 that a number has at most. */
export const DIGITS = 15
export const LARGEST = BASE ** DIGITS - 1

/**
 * The words by which a full-text index finds the whole numbers of a range: a number has one word for each of its
 * beginnings, from all of its digits (`p0z...`) to the first (`pez...`), so a range is at most 88 words. Numbers above
 * `LARGEST` count as that one: whoever asks for a bound beyond it compares the number itself as well.
 */
export function rangeTerms(range: Range): string[] {
  const terms: string[] = []
  let min = Math.min(Math.max(range.min, 0), LARGEST)
  let max = Math.min(range.max, LARGEST)
  for (let level = 0; min <= max; level += 1) {
    const isLast = level === DIGITS - 1
    while (min <= max && (isLast || min % BASE !== 0)) terms.push(term(level, min++))
    while (min <= max && max % BASE !== BASE - 1) terms.push(term(level, max--))
    if (isLast || min > max) break
    min = Math.floor(min / BASE)
    max = Math.floor(max / BASE)
  }
  return terms
}

function term(level: number, beginning: number): string {
  return `p${level.toString(16)}z${beginning.toString(16)}`
}
