import { commitsOf, STATEMENTS } from './batches.ts'
import { type Daily, dailyOf } from './day.ts'
import { addressRefreshes, hotKeys, peakOf } from './hot-keys.ts'
import { type Inputs, LIMITS } from './inputs.ts'
import { type Amounts, DATABASE_KEYS, type DatabaseKey } from './ledger.ts'

const HOURS_A_DAY = 24
/** What people do is told on the lane `critical`; rooms tell of themselves on `normal`. */
const NORMAL_GROUPS: ReadonlySet<string> = new Set(['talk'])

/** How full one thing is in the busiest hour, or after a year. */
export interface Load {
  what: string
  unit: string
  value: number
  most: number
  /** `value` of `most`: 1 is full. */
  share: number
  kind: 'database' | 'object' | 'queue' | 'our own bound'
}

type Bound = { most: number }

/** Everything that has a bound, the fullest first. */
export function loadsOf(inputs: Inputs, users: number): Load[] {
  const daily = dailyOf(inputs)
  return [
    ...databaseLoads(inputs, daily, users),
    ...objectLoads(inputs, users),
    ...queueLoads(inputs, daily, users),
    ...ownLoads(inputs, daily, users),
  ].toSorted((a, b) => b.share - a.share)
}

function load(kind: Load['kind'], what: string, unit: string, value: number, { most }: Bound): Load {
  return { kind, what, unit, value, most, share: value / most }
}

function databaseLoads(inputs: Inputs, daily: Daily, users: number): Load[] {
  return DATABASE_KEYS.flatMap((name) => {
    const bytes = daily.stored
      .filter(({ database }) => database === name)
      .reduce((sum, { bytesAUser }) => sum + bytesAUser * users, 0)
    const queries = peakOf(inputs, users, daily.amounts[`d1.${name}.queries`] ?? 0) - shared(inputs, daily, name, users)
    return [
      load('database', `D1 ${name}`, 'writes a second', writesOf(inputs, daily, name, users), LIMITS.goal),
      load('database', `D1 ${name}`, 'queries a second', queries, LIMITS.d1QueriesASecond),
      load('database', `D1 ${name}`, 'bytes after a year', bytes, LIMITS.d1Bytes),
    ]
  })
}

/** Transactions that write to a database, a second in the busiest hour. */
export function writesOf(inputs: Inputs, daily: Daily, database: DatabaseKey, users: number): number {
  return commitsOf(inputs, users, daily.writes)
    .filter(({ write }) => write.database === database)
    .reduce((sum, { commits }) => sum + commits, 0)
}

/** Statements a second that the ledger counts, as each of its messages comes alone, and that are one with those of others. */
function shared(inputs: Inputs, daily: Daily, database: DatabaseKey, users: number): number {
  return commitsOf(inputs, users, daily.writes)
    .filter(({ write }) => write.database === database)
    .reduce(
      (sum, { write, times, commits }) => sum + (write.together ? (times - commits) * STATEMENTS[write.together] : 0),
      0,
    )
}

/** What writes to a database, the most first. */
export function writersOf(inputs: Inputs, database: DatabaseKey, users: number): { what: string; writes: number }[] {
  return commitsOf(inputs, users, dailyOf(inputs).writes)
    .filter(({ write }) => write.database === database)
    .map(({ write, commits }) => ({ what: write.what, writes: commits }))
    .toSorted((a, b) => b.writes - a.writes)
}

function objectLoads(inputs: Inputs, users: number): Load[] {
  return hotKeys(inputs, users).flatMap(({ key, writes, requests, framesOut, sockets, bytesAYear }) => [
    load('object', key, 'writes a second', writes, LIMITS.goal),
    load('object', key, 'requests a second', requests, LIMITS.objectRequestsASecond),
    load('object', key, 'frames out a second', framesOut, LIMITS.ours.framesASecond),
    load('object', key, 'sockets', sockets, LIMITS.ours.roomSockets),
    load('object', key, 'bytes after a year', bytesAYear, LIMITS.objectBytes),
  ])
}

function queueLoads(inputs: Inputs, { groups }: Daily, users: number): Load[] {
  const messages = (isNormal: boolean) =>
    Object.entries(groups)
      .filter(([group]) => NORMAL_GROUPS.has(group) === isNormal)
      .reduce((sum, [, { amounts }]) => sum + sends(amounts), 0)
  return [['selvage-normal', messages(true)] as const, ['selvage-critical', messages(false)] as const].map(
    ([queue, aDay]) =>
      load('queue', queue, 'messages a second', peakOf(inputs, users, aDay), LIMITS.queueMessagesASecond),
  )
}

function sends(amounts: Amounts): number {
  return amounts['queue.writes'] ?? 0
}

/** What our own crons and policies take at most. */
function ownLoads(inputs: Inputs, { stored }: Daily, users: number): Load[] {
  const { prunedRowsAnHour, sealedRowsAMinute, refreshesAMinute } = LIMITS.ours
  const pruned = stored.filter(({ keepDays, table }) => keepDays !== undefined && table.startsWith('inbox'))
  const audited = stored
    .filter(({ table }) => table.startsWith('audit'))
    .reduce((sum, { rowsADay }) => sum + rowsADay, 0)
  return [
    ...pruned.map(({ database, rowsADay }) =>
      load(
        'our own bound',
        `pruning of ${database}.inbox`,
        'rows an hour',
        (users * rowsADay) / HOURS_A_DAY,
        prunedRowsAnHour,
      ),
    ),
    load(
      'our own bound',
      'sealing of core.audit',
      'rows a minute',
      60 * peakOf(inputs, users, audited),
      sealedRowsAMinute,
    ),
    load('our own bound', 'refreshes from one address', 'a minute', addressRefreshes(inputs, users), refreshesAMinute),
  ]
}
