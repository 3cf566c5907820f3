/**
 * A price after a change by so many percent, -100 or more: in whole minor units, half a unit rounded up, never more
 * than `most`. Without a fraction on the way, which no binary number has.
 */
export function priceAfter(price: number, percent: number, most: number): number {
  const rounded = (2n * BigInt(price) * BigInt(100 + percent) + 100n) / 200n
  return Math.min(Number(rounded), most)
}
