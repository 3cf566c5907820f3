import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { productRows } from '../support/product-rows.ts'
import type { PeerWorld } from './peers/database/world.ts'
import { BUILT_PEERS } from './systems/peers.ts'
import { type BenchPerson, CATEGORIES, PASSWORD, STEP } from './world.ts'

interface Given {
  file: string
  products: number
  people: readonly BenchPerson[]
}

/** The same products and people in a file of a peer's own, by the driver that it uses itself. */
export function makePeerDatabase({ file, products, people }: Given): void {
  const ids = CATEGORIES.map(([id]) => id)
  const steps = Array.from({ length: Math.ceil(products / STEP) }, (_, step) => step * STEP)
  const rows = steps.map((from) => productRows(Math.min(STEP, products - from), ids, from))
  const world: PeerWorld = { file, rows, categories: CATEGORIES, people, password: PASSWORD }
  execFileSync(process.execPath, [join(BUILT_PEERS, 'database/main.js')], { input: JSON.stringify(world) })
}
