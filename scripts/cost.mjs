import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import { readResults } from './lib/test-results.mjs'
import { runTool } from './lib/tool.mjs'
import { QUIET_ENVIRONMENT } from './lib/wrangler-config.mjs'

const RESULTS = resolve(ROOT, 'test-results/cost.json')
const COLUMNS = [
  ['trips', ({ d1Trips }) => d1Trips],
  ['seq.', ({ d1SequentialTrips }) => d1SequentialTrips],
  ['read', ({ d1RowsRead, objectRowsRead }) => d1RowsRead + objectRowsRead],
  ['written', ({ d1RowsWritten, objectRowsWritten }) => d1RowsWritten + objectRowsWritten],
  ['hops', ({ objectHops }) => objectHops],
  ['sends', ({ queueSends }) => queueSends],
]

await main(async () => {
  requirePackages()
  rmSync(RESULTS, { force: true })
  const { code, output } = await runTool(
    'vitest',
    [
      ...['run', '--config', resolve(ROOT, 'test/vitest.config.ts'), '--project', 'workers', 'test/conformance/cost'],
      ...['--reporter', 'json', '--outputFile.json', RESULTS],
    ],
    { env: QUIET_ENVIRONMENT },
  )
  const costs = (readResults(RESULTS)?.testResults ?? [])
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ meta }) => (meta?.costs ? [meta.costs] : []))
  if (costs.length === 0)
    throw new Refusal(`Nothing was measured.\n${output}`, 'Run `npm test -- test/conformance/cost`.')
  console.log(table(costs))
  return code
})

/** A line a route: what one call costs in a small world, and where it differs in a large one that. */
function table(costs) {
  const routes = [...new Set(costs.map(({ route }) => route))]
  const rows = routes.map((route) => {
    const [small, large] = ['small', 'large'].map((size) =>
      costs.find((cost) => cost.route === route && cost.size === size),
    )
    return [
      route,
      ...COLUMNS.map(([, figure]) => {
        const [a, b] = [small, large].map((cost) => (cost ? figure(cost.costs) : '-'))
        return a === b ? String(a) : `${a} > ${b}`
      }),
      small?.items === large?.items ? String(small?.items) : `${small?.items} > ${large?.items}`,
    ]
  })
  const head = ['one call, D1 and objects together', ...COLUMNS.map(([name]) => name), 'items']
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)))
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  return [
    line(head),
    ...rows.map(line),
    '',
    'In a cold isolate, so the session’s read is in it. `a > b`: in a small world, and in one with a thousand of everything.',
  ].join('\n')
}
