import type { Condition } from './list-query.ts'

/** Whole numbers from `min` to `max`, both included. */
export interface Range {
  min: number
  max: number
}

/**
 * The ranges of whole numbers within `all` that keep every condition on one field: none where they contradict one
 * another, several where something is left out.
 */
export function rangesOf(conditions: readonly Condition[], all: Range): Range[] {
  let { min, max } = all
  const without: number[] = []
  for (const { op, value } of conditions) {
    if (typeof value !== 'number') continue
    if (op === 'gt') min = Math.max(min, value + 1)
    if (op === 'gte' || op === 'eq') min = Math.max(min, value)
    if (op === 'lt') max = Math.min(max, value - 1)
    if (op === 'lte' || op === 'eq') max = Math.min(max, value)
    if (op === 'ne') without.push(value)
  }
  const ranges: Range[] = []
  for (const value of [...new Set(without)].filter((one) => one >= min && one <= max).toSorted((a, b) => a - b)) {
    if (value > min) ranges.push({ min, max: value - 1 })
    min = value + 1
  }
  return min <= max ? [...ranges, { min, max }] : ranges
}
