/**
 * A price after a change by so many percent, -100 or more: in whole minor units, half a unit rounded up. Without a
 * fraction on the way, which no binary number has.
 */
export function priceAfter(price: number, percent: number): number {
  return Number((2n * BigInt(price) * BigInt(100 + percent) + 100n) / 200n)
}
