import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ROOT } from './cli.mjs'

export const LEDGER = resolve(ROOT, 'test/cost-ledger.json')
export const COST_PAGE = resolve(ROOT, 'docs/cost.md')

const BEGIN = '<!-- what is measured begins: `npm run cost -- --update` writes it -->'
const END = '<!-- what is measured ends -->'

const KINDS = [
  ['route', 'Routes'],
  ['event', 'Events'],
  ['socket', 'What clients say on sockets'],
  ['cron', 'What goes on by itself'],
]

/** Figures of one entry at one size, in the units of docs/cost.md. */
const COLUMNS = [
  ['Worker', ({ worker = 0 }) => worker],
  ['D1 queries', ({ d1 }) => sum(d1, 'queries')],
  ['D1 read', ({ d1 }) => sum(d1, 'read')],
  ['D1 written', ({ d1 }) => sum(d1, 'written')],
  ['calls', ({ objects }) => sum(objects, 'requests')],
  ['alarms', ({ objects }) => sum(objects, 'alarms')],
  ['objects read', ({ objects }) => sum(objects, 'read')],
  ['objects written', ({ objects }) => sum(objects, 'written')],
  ['queued', ({ queue }) => queue?.writes ?? 0],
  ['KV', ({ kv }) => Object.values(kv ?? {}).reduce((all, n) => all + n, 0)],
  ['mails', ({ mail = 0 }) => mail],
]

const HEAD = ['one', ...COLUMNS.map(([name]) => name)]

export function readLedger() {
  return JSON.parse(readFileSync(LEDGER, 'utf8'))
}

/** A table a kind of entries: `{ title, head, rows }`. `a > b`: in a small world, in a large one. */
export function ledgerTables({ entries }) {
  return KINDS.flatMap(([kind, title]) => {
    const rows = entries.filter((entry) => entry.kind === kind).map(rowOf)
    return rows.length === 0 ? [] : [{ title, head: HEAD, rows }]
  })
}

/** The page with its tables made anew from the ledger. */
export function pageWith(page, ledger) {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`docs/cost.md has lost its markers ${BEGIN} and ${END}`)
  const tables = ledgerTables(ledger).map(({ title, head, rows }) => {
    const rule = head.map((_, i) => (i === 0 ? '---' : '---:'))
    return [`### ${title}`, ...[head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`)].join('\n')
  })
  return `${before}${BEGIN}\n${tables.join('\n\n')}\n${END}${after}`
}

function rowOf({ name, small, large }) {
  return [
    name,
    ...COLUMNS.map(([, figure]) => {
      const [a, b] = [figure(small), figure(large)]
      return a === b ? String(a) : `${a} > ${b}`
    }),
  ]
}

function sum(parts, figure) {
  return Object.values(parts ?? {}).reduce((all, part) => all + (part[figure] ?? 0), 0)
}
