import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { COST_PAGE, ledgerTables, pageWith, readLedger } from '../../scripts/lib/cost-ledger.mjs'

it('docs/cost.md has the figures of the ledger', () => {
  const page = readFileSync(COST_PAGE, 'utf8')
  expect(page === pageWith(page, readLedger()), 'Run `npm run cost -- --update`').toBe(true)
  expect(ledgerTables(readLedger()).map(({ rows }) => rows.length > 0)).toEqual([true, true, true, true])
})
