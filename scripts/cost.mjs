import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { main, Refusal, ROOT, requirePackages } from './lib/cli.mjs'
import { COST_PAGE, LEDGER, ledgerTables, pageWith } from './lib/cost-ledger.mjs'
import { readResults } from './lib/test-results.mjs'
import { runTool } from './lib/tool.mjs'
import { QUIET_ENVIRONMENT } from './lib/wrangler-config.mjs'

const CHAT = process.argv.includes('--chat')
const UPDATE = process.argv.includes('--update')
const TESTS = CHAT
  ? ['test/conformance/chat-cost']
  : ['test/conformance/cost.test.ts', 'test/features/catalog/list-costs']
const RESULTS = resolve(ROOT, 'test-results/cost.json')
const COLUMNS = [
  ['trips', ({ d1Trips }) => d1Trips],
  ['seq.', ({ d1SequentialTrips }) => d1SequentialTrips],
  ['read', ({ d1RowsRead, objectRowsRead }) => d1RowsRead + objectRowsRead],
  ['written', ({ d1RowsWritten, objectRowsWritten }) => d1RowsWritten + objectRowsWritten],
  ['hops', ({ objectHops }) => objectHops],
  ['sends', ({ queueSends }) => queueSends],
]
const ROOM_COLUMNS = [
  ['read', 'read'],
  ['written', 'written'],
  ['frames', 'frames'],
  ['looks', 'looks'],
  ['calls', 'calls'],
  ['calls/s', 'callsASecond'],
  ['notified', 'notified'],
  ['messages', 'messages'],
  ['sends', 'sends'],
  ['D1 trips', 'trips'],
  ['D1 read', 'd1Read'],
  ['D1 written', 'd1Written'],
  ['alarms', 'alarms'],
]

await main(async () => {
  requirePackages()
  rmSync(RESULTS, { force: true })
  const { code, output } = await runTool(
    'vitest',
    [
      ...[
        'run',
        '--config',
        resolve(ROOT, 'test/vitest.config.ts'),
        '--project',
        'workers',
        '--project',
        'alone',
        ...TESTS,
      ],
      ...['--reporter', 'json', '--outputFile.json', RESULTS],
    ],
    { env: QUIET_ENVIRONMENT },
  )
  const results = (readResults(RESULTS)?.testResults ?? []).flatMap(({ assertionResults }) => assertionResults)
  const metas = results.map(({ meta }) => meta ?? {})
  const failed = results.filter(({ status, meta }) => status !== 'passed' && !meta?.ledger)
  const measured = metas.flatMap(({ chatCosts, costs }) => (CHAT ? chatCosts : costs) ?? [])
  const again = `\`npm test -- ${TESTS.join(' ')}\``
  if (measured.length === 0) throw new Refusal(`Nothing was measured.\n${output}`, `Run ${again}.`)
  console.log(CHAT ? roomTable(measured) : routeTable(measured))
  if (!CHAT) {
    console.log(`\n${listTable(metas.flatMap(({ listCosts }) => listCosts ?? []))}`)
    if (showLedger(metas, failed)) return 0
  }
  if (code !== 0) console.log(`\nSomething costs more than it may: ${again} says what.`)
  return code
})

/** All that everything causes in the end. True where it was kept: only what was measured without a failure is. */
function showLedger(metas, failed) {
  const ledger = { measured: 'npm run cost -- --update', entries: metas.flatMap(({ ledger: all }) => all ?? []) }
  for (const { title, head, rows } of ledgerTables(ledger)) console.log(['', title, ...linesOf(head, rows)].join('\n'))
  console.log('\nAll that each causes in the end. What the columns count: docs/cost.md.')
  if (!UPDATE) return false
  if (failed.length > 0 || ledger.entries.length === 0) {
    const titles = failed.map(({ title }) => `  ${title}`)
    throw new Refusal(['Nothing was kept, as these have failed:', ...titles].join('\n'), 'Let them pass first.')
  }
  writeFileSync(LEDGER, `${JSON.stringify(ledger, null, 2)}\n`)
  writeFileSync(COST_PAGE, pageWith(readFileSync(COST_PAGE, 'utf8'), ledger))
  console.log('Kept in test/cost-ledger.json and docs/cost.md.')
  return true
}

/** A line a route: what one call costs in a small world, and where it differs in a large one that. */
function routeTable(costs) {
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
  return [
    ...linesOf(['one call, D1 and objects together', ...COLUMNS.map(([name]) => name), 'items'], rows),
    '',
    'In a cold isolate, so the session’s read is in it. `a > b`: in a small world, and in one with a thousand of everything.',
  ].join('\n')
}

/** A line a question to the list of products: the rows that it reads of a thousand, and of a hundred thousand. */
function listTable(costs) {
  const sizes = [...new Set(costs.map(({ size }) => size))].toSorted((a, b) => a - b)
  const rows = [...new Set(costs.map(({ what }) => what))].map((what) => {
    const of = sizes.map((size) => costs.find((cost) => cost.what === what && cost.size === size))
    const last = of.findLast((cost) => cost !== undefined)
    return [what, ...of.map((cost) => (cost ? String(cost.read) : '-')), String(last?.items), `<= ${last?.most}`]
  })
  const heads = sizes.map((size) => size.toLocaleString('en'))
  return [
    ...linesOf(['rows read by /v1/products, of so many products', ...heads, 'items', 'may read'], rows),
    '',
    'Without the one row that says which category a slug means, and the one at which a list by time goes on.',
  ].join('\n')
}

/** A line a room and what is said in it: all that it causes until room and queues rest. */
function roomTable(costs) {
  const rows = costs.map(({ what, room, costs: counted }) => [
    what,
    ...[room.members, room.sockets, room.subscribers].map(String),
    ...ROOM_COLUMNS.map(([, figure]) => String(counted[figure])),
  ])
  return [
    ...linesOf(['in a room', 'members', 'sockets', 'leased', ...ROOM_COLUMNS.map(([name]) => name)], rows),
    '',
    'What each column means: docs/chat.md.',
  ].join('\n')
}

/** The first column to the left, figures to the right. */
function linesOf(head, rows) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)))
  return [head, ...rows].map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '),
  )
}
