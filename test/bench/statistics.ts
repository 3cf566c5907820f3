/** The middle one of these, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]]
  return (low + high) / 2
}

/** The middle of all rounds, the lowest and the highest of them. */
export interface Spread {
  median: number
  low: number
  high: number
}

export function spreadOver(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) }
}

export type Ratio = Spread

/** How many times as much each round gave of one as of another, in the same round: what slows the machine slows both. */
export function ratioOf(of: readonly number[], to: readonly number[]): Ratio {
  return spreadOver(of.map((value, round) => value / (to[round] ?? Number.NaN)))
}

/** Half the distance between the lowest and the highest, as a share of the median. */
export function spreadOf(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values)
}

/**
 * How sure the lowest and the highest of so many rounds enclose the true median, whatever the rounds' distribution: they
 * miss it only if all lie on one side of it. A bootstrap of so few values promises more than it keeps.
 */
export function confidenceOf(rounds: number): number {
  return 1 - 2 ** (1 - rounds)
}

/**
 * Whether two runs may have measured the same: their ranges meet. That the median of one lies in the range of the other
 * is no fair question, as equals fail it often: with five rounds one time in six, while the ranges of equals miss each
 * other one time in 126.
 */
export function agree(a: Ratio, b: Ratio): boolean {
  return a.low <= b.high && b.low <= a.high
}

/** How often ranges of two equal runs miss each other by chance, though nothing has changed: 2 / C(2n, n). */
export function chanceOfDisagreement(rounds: number): number {
  let ways = 1
  for (let i = 1; i <= rounds; i += 1) ways = (ways * (rounds + i)) / i
  return 2 / ways
}
