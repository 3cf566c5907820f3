import { type Daily, dailyOf } from './day.ts'
import { type Act, type Behaviour, type Inputs, PLAN, PRICES, type PriceName } from './inputs.ts'
import { type Amounts, amountsOf, type Ops, opsOf, sumOf } from './ledger.ts'

/** Amounts in the units in which they are sold. */
export type Sold = Partial<Record<PriceName, number>>

const GB = 1e9
/** The memory for which an object pays while its code runs. */
const OBJECT_GB = 0.128
/** Incoming messages of a WebSocket that are billed as one request. */
const FRAMES_A_REQUEST = 20
/** Logs are kept for seven of the thirty days of a month. */
const LOG_MONTHS = 7 / 30

interface Extras {
  cpuMs: number
}

/** What operations are on the bill; what is stored is none. */
export function soldOf(amounts: Amounts, { cpuMs }: Extras, machine: Behaviour['machine']): Sold {
  const alarms = sumOf(amounts, /^objects\..*\.alarms$/)
  const calls = sumOf(amounts, /^objects\..*\.requests$/)
  const frames = sumOf(amounts, /^objects\..*\.frames$/)
  const worker = amounts.worker ?? 0
  const logGb = (worker * machine.logBytesAnInvocation + (calls + alarms + frames) * machine.logBytesAnObjectCall) / GB
  return {
    workerRequests: worker,
    workerCpuMs: cpuMs,
    d1Read: sumOf(amounts, /^d1\..*\.read$/),
    d1Written: sumOf(amounts, /^d1\..*\.written$/),
    objectRequests: calls + alarms + frames / FRAMES_A_REQUEST,
    objectGbSeconds: (((calls + frames) * machine.objectMs + alarms * machine.alarmMs) / 1_000) * OBJECT_GB,
    objectRead: sumOf(amounts, /^objects\..*\.read$/),
    objectWritten: sumOf(amounts, /^objects\..*\.written$/),
    queueOperations: (amounts['queue.writes'] ?? 0) + 2 * (amounts['queue.deliveries'] ?? 0),
    kvReads: amounts['kv.reads'] ?? 0,
    kvWrites: (amounts['kv.writes'] ?? 0) + (amounts['kv.deletes'] ?? 0) + (amounts['kv.lists'] ?? 0),
    r2ClassA: amounts['r2.classA'] ?? 0,
    r2ClassB: amounts['r2.classB'] ?? 0,
    redisCommands: amounts.redis ?? 0,
    limiterCalls: amounts.limiter ?? 0,
    analyticsPoints: amounts.analytics ?? 0,
    mails: amounts.mail ?? 0,
    logGb,
    logStoredGb: logGb * LOG_MONTHS,
  }
}

/** In dollars, nothing included. */
export function priceOf(sold: Sold): number {
  return linesOf(sold).reduce((sum, { gross }) => sum + gross, 0)
}

/** What a million of one entry of the ledger cost in dollars, nothing included, no log written and no byte stored. */
export function priceOfAMillion(ops: Ops, extras: Extras, behaviour: Behaviour): number {
  const { logGb: _log, logStoredGb: _kept, ...sold } = soldOf(amountsOf(ops), extras, behaviour.machine)
  return priceOf(sold) * 1e6
}

export interface BillLine {
  name: PriceName
  amount: number
  /** Without what the plan includes, and with it, in dollars. */
  gross: number
  net: number
}

function linesOf(sold: Sold): BillLine[] {
  return (Object.keys(PRICES) as PriceName[]).map((name) => {
    const { price, per, included } = PRICES[name]
    const amount = sold[name] ?? 0
    return { name, amount, gross: (amount / per) * price, net: (Math.max(0, amount - included) / per) * price }
  })
}

export interface Bill {
  lines: BillLine[]
  gross: number
  /** With what the plan includes taken off, and the plan itself paid. */
  net: number
}

/** What so many daily users cost in the twelfth month, by when rows of a year are stored. */
export function monthlyBill(inputs: Inputs, users: number): Bill {
  const { behaviour } = inputs
  const { daysAMonth } = behaviour.day
  const daily = dailyOf(inputs)
  const times = users * daysAMonth
  const sold = soldOf(daily.amounts, daily, behaviour.machine)
  const month = Object.fromEntries(Object.entries(sold).map(([name, n]) => [name, n * times])) as Sold
  const lines = linesOf({ ...month, ...storedOf(daily, users, behaviour) })
  const sum = (of: 'gross' | 'net') => lines.reduce((total, line) => total + line[of], 0)
  return { lines, gross: sum('gross'), net: PLAN.monthly + sum('net') }
}

/** After a year. */
function storedOf(daily: Daily, users: number, { chat }: Behaviour): Sold {
  const rows = daily.stored.reduce((sum, { bytesAUser }) => sum + bytesAUser, 0)
  const messages = chat.messagesADay * chat.bytesAMessage * 365
  return { d1StoredGb: (rows * users) / GB, objectStoredGb: (messages * users) / GB }
}

/** The same of each kind of act, gross, so that one sees what costs. Storage, which is of all, is left out. */
export function billByGroup(inputs: Inputs, users: number): { group: string; gross: number }[] {
  const { behaviour } = inputs
  const times = users * behaviour.day.daysAMonth
  return Object.entries(dailyOf(inputs).groups)
    .map(([group, { amounts, cpuMs }]) => ({
      group,
      gross: priceOf(soldOf(amounts, { cpuMs }, behaviour.machine)) * times,
    }))
    .toSorted((a, b) => b.gross - a.gross)
}

/** The acts of the behaviour with what a million of each cost. */
export function pricedActs(inputs: Inputs): { act: Act; dollars: number; isEstimated: boolean }[] {
  const { behaviour } = inputs
  return behaviour.acts.map((act) => {
    const { ops, isEstimated } = opsOf(inputs, act)
    const cpuMs = act.cpuMs ?? behaviour.machine.cpuMs * (ops.worker ?? 1)
    return { act, isEstimated, dollars: priceOfAMillion(ops, { cpuMs }, behaviour) }
  })
}
