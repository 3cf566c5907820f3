import { expect, it } from 'vitest'
import { priceAfter } from '../../src/features/catalog/domain/price-after.ts'

it.each([
  [1_000, -10, 900],
  [1_005, -10, 905],
  [1_004, -10, 904],
  [1, -50, 1],
  [1, -51, 0],
  [3, 50, 5],
  [999, 0, 999],
  [999, -100, 0],
  [0, 1_000, 0],
  [999_999_999, 1_000, 10_999_999_989],
  [999_999_999, -1, 989_999_999],
])('a price of %i changed by %i percent is %i, rounded half up', (price, percent, after) => {
  expect(priceAfter(price, percent)).toBe(after)
})
