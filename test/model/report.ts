import { billTables } from './bill-tables.ts'
import { hotKeys } from './hot-keys.ts'
import { dataTables } from './input-tables.ts'
import type { Inputs } from './inputs.ts'
import { type Load, loadsOf, writersOf } from './load.ts'
import { optionRows } from './options.ts'
import { simulateMinute } from './simulate.ts'
import { percent, short, type Table } from './table.ts'

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000] as const
const GOAL_USERS = 1_000_000
const SEED = 8
const SHOWN = 8
const MOST_NAMED = 4
/** What is full beyond so many people is never full. */
const NEVER = 1e9

export function tablesOf(inputs: Inputs): Table[] {
  return [
    ...dataTables(inputs),
    ...billTables(inputs),
    loadTable(inputs),
    ...firstTables(inputs),
    hotKeyTable(inputs),
    writerTable(inputs),
    optionTable(inputs),
    simulationTable(inputs),
  ]
}

/** What fills first, by the size at which it is full. */
function loadTable(inputs: Inputs): Table {
  const bySize = SIZES.map((users) => loadsOf(inputs, users))
  const order = bySize[SIZES.indexOf(GOAL_USERS)] ?? []
  const shown = order.filter(({ share }) => share >= 0.02)
  return {
    name: 'loads',
    title: 'How full it is at so many daily users, the fullest at a million first',
    head: ['', 'what', 'of at most', ...SIZES.map(short), 'full at'],
    rows: shown.map((load) => [
      ...[load.what, load.unit, short(load.most)],
      ...bySize.map((loads) => percent(find(loads, load).share)),
      fullAtOf(inputs, load),
    ]),
  }
}

function find(loads: readonly Load[], { what, unit }: Load): Load {
  const found = loads.find((load) => load.what === what && load.unit === unit)
  if (!found) throw new Error(`Not at every size: ${what}, ${unit}`)
  return found
}

/** What does not grow with the number of people is looked for between sizes. */
function fullAtOf(inputs: Inputs, load: Load): string {
  let [low, high] = [1, NEVER]
  if (find(loadsOf(inputs, high), load).share < 1) return 'never'
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high)
    if (find(loadsOf(inputs, middle), load).share < 1) low = middle
    else high = middle
  }
  return short(high)
}

function firstTables(inputs: Inputs): Table[] {
  return [
    {
      name: 'first',
      title: 'What fills first',
      head: ['daily users', 'over its bound', 'the next'],
      rows: SIZES.map((users) => {
        const loads = loadsOf(inputs, users)
        const over = loads.filter(({ share }) => share > 1)
        const next = loads.filter(({ share }) => share <= 1)[0]
        return [short(users), over.length === 0 ? 'nothing' : listed(over), next === undefined ? '' : said(next)]
      }),
    },
    {
      name: 'goal',
      title: `P6: writes a second at ${short(GOAL_USERS)} daily users, of 200`,
      head: ['', 'writes a second', 'is it kept'],
      rows: loadsOf(inputs, GOAL_USERS)
        .filter(({ unit }) => unit === 'writes a second')
        .map(({ what, value, share }) => [what, short(value), share > 1 ? 'no' : 'yes']),
    },
  ]
}

function listed(loads: readonly Load[]): string {
  const rest = loads.length - MOST_NAMED
  return [...loads.slice(0, MOST_NAMED).map(said), ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
}

function said({ what, unit, share }: Load): string {
  return `${what}, ${unit} (${percent(share)})`
}

function hotKeyTable(inputs: Inputs): Table {
  return {
    name: 'hot-keys',
    title: `The busiest key of each class at ${short(GOAL_USERS)} daily users`,
    head: ['key', 'writes a second', 'requests a second', 'frames out a second', 'sockets', 'GB a year'],
    rows: hotKeys(inputs, GOAL_USERS).map((key) => [
      ...[key.key, short(key.writes), short(key.requests), short(key.framesOut), short(key.sockets)],
      short(key.bytesAYear / 1e9),
    ]),
  }
}

function writerTable(inputs: Inputs): Table {
  return {
    name: 'writers',
    title: `Who writes, a second at ${short(GOAL_USERS)} daily users`,
    head: ['database', 'what', 'writes a second'],
    rows: (['core', 'activity', 'catalog'] as const).flatMap((name) =>
      writersOf(inputs, name, GOAL_USERS)
        .slice(0, SHOWN)
        .map(({ what, writes }) => [name, what, short(writes)]),
    ),
  }
}

function optionTable(inputs: Inputs): Table {
  return {
    name: 'options',
    title: `What would move it: writes a second at ${short(GOAL_USERS)} daily users, each with those above it`,
    head: ['with', 'core', 'activity', 'what it costs'],
    rows: optionRows(inputs, GOAL_USERS).map(({ what, cost, writes }) => [
      what,
      short(writes.core),
      short(writes.activity),
      cost,
    ]),
  }
}

function simulationTable(inputs: Inputs): Table {
  return {
    name: 'simulation',
    title: `A minute of ${short(GOAL_USERS)} daily users, drawn event by event: writes a second`,
    head: ['', 'on paper', 'mean of the minute', 'worst second'],
    rows: simulateMinute(inputs, GOAL_USERS, SEED).map(({ what, paper, mean, worst }) => [
      what,
      ...[paper, mean, worst].map(short),
    ]),
  }
}
