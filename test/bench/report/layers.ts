import type { LayersResult } from '../layers-bench.ts'
import type { Table } from './layout.ts'

export function layersTable({ layers, wholeUs }: LayersResult): Table {
  const rows = layers.map(({ name, addsUs: { median, low, high } }) => [
    name,
    `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`,
    `${((median / wholeUs) * 100).toFixed(0)} %`,
  ])
  return {
    head: ['layer, from outside inwards', 'adds, µs of processor time', 'of the whole'],
    rows: [...rows, ['/version as it is answered', wholeUs.toFixed(0), '100 %']],
  }
}
