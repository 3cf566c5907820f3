import { expect, it } from 'vitest'
import { HEAVIER, overBudget, weighPages } from '../../scripts/lib/page-weights.mjs'

it('keeps the first load of every page in its budget, and no script holds up what is drawn (P8)', async () => {
  const weights = await weighPages()
  const addresses = weights.map(({ address }) => address)
  expect(addresses).toEqual(expect.arrayContaining(['/app/admin', '/404', ...Object.keys(HEAVIER)]))
  expect(weights.flatMap(overBudget)).toEqual([])
  for (const { scriptBytes } of weights) expect(scriptBytes).toBeGreaterThan(1_000)
})

it('complains of what is over (P8)', () => {
  const page = { address: '/', scriptBytes: 102_401, styleBytes: 1, requests: 1, blockingScripts: 1 }
  expect(overBudget(page)).toEqual(['/: scriptBytes 102401, allowed 102400', '/: blockingScripts 1, allowed 0'])
  const docs = { ...page, address: '/api/v2/docs', blockingScripts: 0 }
  expect(overBudget(docs)).toEqual([])
  expect(overBudget({ ...docs, requests: 15 })).toHaveLength(1)
})
