import { expect, it } from 'vitest'
import { BUDGET, weighPages } from '../../scripts/lib/page-weights.mjs'

it('keeps the first load of every page in its budget, and no script holds up what is drawn (P8)', async () => {
  const weights = await weighPages()
  expect(weights.map(({ address }) => address)).toContain('/app/admin')
  for (const weight of weights) {
    const over = Object.entries(BUDGET).filter(([name, most]) => !(weight[name as keyof typeof BUDGET] <= most))
    expect([weight.address, over]).toEqual([weight.address, []])
    expect(weight.scriptBytes).toBeGreaterThan(1_000)
  }
})
