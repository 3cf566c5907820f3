/** Ranks up to here are counted one by one; beyond, the sum is an integral, which is then as good. */
const EXACT = 1_000

/** The sum of 1 / rank^exponent over the first so many ranks. */
export function harmonic(ranks: number, exponent: number): number {
  const n = Math.max(1, Math.floor(ranks))
  let sum = 0
  for (let rank = 1; rank <= Math.min(n, EXACT); rank += 1) sum += rank ** -exponent
  return n <= EXACT ? sum : sum + integral(EXACT + 0.5, n + 0.5, exponent)
}

/** The share of the most popular of so many. */
export function headShare(ranks: number, exponent: number): number {
  return 1 / harmonic(ranks, exponent)
}

/** Draws ranks, 1 the most popular. `random` answers from 0 to below 1. */
export function zipfSampler(ranks: number, exponent: number, random: () => number): () => number {
  const n = Math.max(1, Math.floor(ranks))
  const total = harmonic(n, exponent)
  const upTo: number[] = []
  let sum = 0
  for (let rank = 1; rank <= Math.min(n, EXACT); rank += 1) {
    sum += rank ** -exponent
    upTo.push(sum)
  }
  return () => {
    const wanted = random() * total
    if (wanted < sum || n <= EXACT) return firstAbove(upTo, wanted) + 1
    return Math.min(n, Math.max(EXACT + 1, Math.round(inverse(EXACT + 0.5, wanted - sum, exponent))))
  }
}

function integral(from: number, to: number, exponent: number): number {
  if (exponent === 1) return Math.log(to / from)
  return (to ** (1 - exponent) - from ** (1 - exponent)) / (1 - exponent)
}

/** Up to where the integral from `from` is so much. */
function inverse(from: number, area: number, exponent: number): number {
  if (exponent === 1) return from * Math.exp(area)
  return (from ** (1 - exponent) + area * (1 - exponent)) ** (1 / (1 - exponent))
}

function firstAbove(sorted: readonly number[], wanted: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) > wanted) high = middle
    else low = middle + 1
  }
  return low
}
