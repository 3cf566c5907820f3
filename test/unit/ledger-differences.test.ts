import { expect, it } from 'vitest'
import { differences } from '../support/ledger/differences.ts'
import type { Entry, Ledger } from '../support/ledger/ops.ts'

const entry = (name: string, written: number): Entry => ({
  name,
  kind: 'route',
  small: { worker: 1, d1: { core: { queries: 2, written } } },
  large: { worker: 1 },
})
const ledger = (...entries: Entry[]): Ledger => ({ measured: 'by a test', entries })
const advice = '`npm run cost -- --update` keeps what is measured now'

it('a figure of the ledger that has changed is named, with what it was', () => {
  const kept = ledger(entry('POST /v1/x', 5), entry('GET /v1/y', 0))
  expect(differences(kept, [entry('POST /v1/x', 7), entry('GET /v1/y', 0)])).toEqual([
    `POST /v1/x (small): d1.core.written 7, kept 5; ${advice}`,
  ])
  expect(differences(kept, [entry('POST /v1/x', 4), entry('GET /v1/y', 0)])).toEqual([
    `POST /v1/x (small): d1.core.written 4, kept 5; ${advice}`,
  ])
  expect(differences(kept, kept.entries)).toEqual([])
})

it('what only one side of the ledger has is named', () => {
  expect(differences(ledger(entry('GET /v1/gone', 1)), [entry('GET /v1/new', 1)])).toEqual([
    `GET /v1/new is measured and not kept; ${advice}`,
    `GET /v1/gone is kept and not measured; ${advice}`,
  ])
})
