import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LEASE_MS, NOTE_RENEWAL_MS } from '../../durable-objects/shared/lease.ts'
import { NOTED_EVERY_MS } from '../../src/features/identity/domain/session-policy.ts'
import { FIGURES_EVERY_MS } from '../../src/platform/observability/figure-counter.ts'
import { quotaOf } from '../../src/platform/rate-limit/limiter.ts'
import { POLICIES } from '../../src/platform/rate-limit/policies.ts'
import { BATCH, commitsOf } from '../model/batches.ts'
import { monthlyBill, priceOf, soldOf } from '../model/bill.ts'
import { dailyOf } from '../model/day.ts'
import { hotRoom, ticksASecond } from '../model/hot-keys.ts'
import { INPUTS, type Inputs, LIMITS, PLAN, PRICES } from '../model/inputs.ts'
import { amountsOf, type Ops, opsOf } from '../model/ledger.ts'
import { loadsOf, writesOf } from '../model/load.ts'
import { fillIn } from '../model/markdown.ts'
import { OPTIONS, optionRows } from '../model/options.ts'
import { tablesOf } from '../model/report.ts'
import { SAVINGS, savingRows } from '../model/savings.ts'
import { seeded, simulateMinute } from '../model/simulate.ts'
import { harmonic, headShare, zipfSampler } from '../model/zipf.ts'
import { readWranglerToml } from '../support/node/wrangler-toml.ts'

const { behaviour } = INPUTS
const MILLION = 1_000_000

/** One act, so often a day, of which nothing follows. */
function only(aDay: number, ops: Ops): Inputs {
  const entries = [{ name: 'GET /x', kind: 'route', small: ops, large: ops }]
  const acts = [{ group: 'x', what: 'x', entry: 'GET /x', aDay, isAnonymous: true, commits: { core: 2 } }]
  const chat = { ...behaviour.chat, messagesADay: 0, roomsReadADay: 0, rooms: [] }
  const machine = { ...behaviour.machine, requestsASecondAnIsolate: Number.POSITIVE_INFINITY }
  const day = { ...behaviour.day, hoursOnline: 0 }
  return {
    ...INPUTS,
    ledger: { measured: '', entries },
    behaviour: { ...behaviour, day, machine, chat, acts, storage: [] },
  }
}

describe('what it costs', () => {
  it('prices each operation in the unit in which it is sold', () => {
    const amounts = amountsOf({
      worker: 10,
      d1: { core: { read: 1_000, written: 3 }, catalog: { written: 4 } },
      objects: { CHAT_ROOM: { requests: 2, frames: 40, written: 5, alarms: 1 } },
      queue: { writes: 2, deliveries: 3 },
    } satisfies Ops)
    const sold = soldOf(amounts, { cpuMs: 40 }, { ...behaviour.machine, objectMs: 10, alarmMs: 100 })
    expect(sold).toMatchObject({ workerRequests: 10, workerCpuMs: 40, d1Read: 1_000, d1Written: 7 })
    // Twenty frames are a request, an alarm is one; a message is written, read and deleted.
    expect(sold).toMatchObject({ objectRequests: 2 + 1 + 2, objectWritten: 5, queueOperations: 2 + 6 })
    expect(sold.objectGbSeconds).toBeCloseTo(((2 + 40) * 0.01 + 0.1) * 0.128)
    expect(priceOf({ d1Written: MILLION, queueOperations: MILLION, workerRequests: MILLION })).toBeCloseTo(
      1 + 0.4 + 0.3,
    )
  })

  it('takes off what the plan includes, and not more than was used', () => {
    const inputs = only(10, { worker: 1, d1: { core: { written: 1 } } })
    const { lines, net, gross } = monthlyBill(inputs, 200_000)
    const of = (name: string) => lines.find((line) => line.name === name)
    expect(of('d1Written')).toMatchObject({ amount: 60 * MILLION, gross: 60, net: 10 })
    expect(of('objectRequests')).toMatchObject({ amount: 0, gross: 0, net: 0 })
    expect(net).toBeLessThan(gross)
    expect(monthlyBill(inputs, 1).net).toBe(PLAN.monthly)
  })

  it('knows of every price what it is for, what is included, and where it is published', () => {
    for (const { product, what, per, price, included, page } of Object.values(PRICES)) {
      expect([product, what].every((text) => text.length > 1)).toBe(true)
      expect(per > 0 && price >= 0 && included >= 0).toBe(true)
      expect(page).toMatch(/^https:\/\//)
    }
    expect(PLAN.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('costs more the more people do, and no change that should save costs more', () => {
    const [asItIs, ...rows] = savingRows(INPUTS, 10_000)
    expect(rows).toHaveLength(SAVINGS.length + 1)
    for (const { what, net } of rows) expect(net, what).toBeLessThan(asItIs?.net ?? 0)
    expect(monthlyBill(INPUTS, 20_000).gross).toBeCloseTo(2 * monthlyBill(INPUTS, 10_000).gross)
  })
})

describe('what people do', () => {
  it('is made of routes that the ledger has, and writes where the ledger says so', () => {
    for (const { what, entry, isSmall, commits = {} } of behaviour.acts) {
      const { ops, isEstimated } = opsOf(INPUTS, { entry, isSmall })
      expect(isEstimated, `${entry} is in no ledger`).toBe(false)
      const written = Object.entries(ops.d1 ?? {}).filter(([, { written = 0 }]) => written > 0)
      for (const [database] of written) expect(Object.keys(commits), `${what} writes`).toContain(database)
    }
    expect(() => opsOf(INPUTS, { entry: 'GET /nowhere' })).toThrow('GET /nowhere')
  })

  it('goes by the same times and limits as the code', () => {
    // Five minutes ahead of what a room may not have noted, and up to ten sooner, so that not all renew at once.
    expect(behaviour.machine.renewEverySeconds).toBe((LEASE_MS - NOTE_RENEWAL_MS - 10 * 60_000) / 1_000)
    expect(behaviour.machine.noteSessionEverySeconds).toBe(NOTED_EVERY_MS / 1_000)
    expect(behaviour.machine.figuresEverySeconds).toBe(FIGURES_EVERY_MS / 1_000)
    expect(LIMITS.ours.refreshesAMinute.most).toBe(quotaOf(POLICIES.refresh.rule))
    expect(behaviour.chat.rooms.reduce((sum, { messageShare }) => sum + messageShare, 0)).toBeCloseTo(1)
  })

  it('is counted a second of the busiest hour', () => {
    const inputs = only(3, { worker: 1, d1: { core: { queries: 5, written: 1 } } })
    const loads = loadsOf(inputs, MILLION)
    const core = (unit: string) => loads.find((load) => load.what === 'D1 core' && load.unit === unit)?.value
    expect(core('writes a second')).toBeCloseTo((MILLION * 3 * 2 * behaviour.day.busiestHourShare) / 3_600)
    expect(core('queries a second')).toBeCloseTo((MILLION * 3 * 5 * behaviour.day.busiestHourShare) / 3_600)
  })

  it('fills databases in proportion, and rooms less than that: a tick is one transaction', () => {
    const core = (users: number) =>
      loadsOf(INPUTS, users).find(({ what, unit }) => what === 'D1 core' && unit === 'writes a second')?.value ?? 0
    expect(core(10 * MILLION)).toBeCloseTo(10 * core(MILLION))
    const [crowd] = behaviour.chat.rooms.filter(({ members }) => members > 100)
    if (!crowd) throw new Error('There are no crowds')
    expect(hotRoom(INPUTS, crowd, 10 * MILLION).writes).toBeLessThan(10 * hotRoom(INPUTS, crowd, MILLION).writes)
    expect(ticksASecond(1e9, 16)).toBeCloseTo(62.5)
    expect(ticksASecond(1, 16)).toBeCloseTo(0.984, 3)
  })

  it('is less to write with each option that is taken', () => {
    const rows = optionRows(INPUTS, MILLION)
    expect(rows).toHaveLength(OPTIONS.length + 1)
    for (const [i, { writes }] of rows.entries()) {
      const before = rows[i - 1]?.writes ?? { core: Number.POSITIVE_INFINITY, activity: Number.POSITIVE_INFINITY }
      expect(writes.core + writes.activity).toBeLessThan(before.core + before.activity)
    }
    expect(rows[0]?.writes.core).toBeCloseTo(writesOf(INPUTS, dailyOf(INPUTS), 'core', MILLION))
  })

  it('is one transaction for what comes in one batch, and one each where batches are of one', () => {
    const { normal } = Object.fromEntries(readWranglerToml().queues.consumers.map((one) => [one.queue.slice(8), one]))
    expect(normal).toMatchObject({ max_batch_size: BATCH.most, max_batch_timeout: BATCH.waitSeconds })
    const { writes } = dailyOf(INPUTS)
    const summaries = (users: number) => {
      const found = commitsOf(INPUTS, users, writes).filter(({ write }) => write.together === 'summary')
      const sum = (of: 'times' | 'commits') => found.reduce((total, one) => total + one[of], 0)
      return { times: sum('times'), commits: sum('commits') }
    }
    const [few, many] = [summaries(1), summaries(10 * MILLION)]
    expect(few.commits).toBeCloseTo(few.times, 5)
    // Batches are full, and of nearly each of them some are summaries.
    expect(many.commits).toBeLessThan((2 * many.times) / BATCH.most)
    expect(many.commits).toBeGreaterThanOrEqual(many.times / BATCH.most)
  })
})

describe('the simulation', () => {
  it('draws by Zipf, also from more than it counts one by one', () => {
    const draw = zipfSampler(100_000, 1, seeded(1))
    const ranks = Array.from({ length: 50_000 }, draw)
    const share = (from: number, to: number) => ranks.filter((rank) => rank >= from && rank <= to).length / ranks.length
    expect(share(1, 1)).toBeCloseTo(headShare(100_000, 1), 2)
    expect(share(1_001, 100_000)).toBeCloseTo(1 - harmonic(1_000, 1) / harmonic(100_000, 1), 2)
    expect(share(1_001, 10_000)).toBeCloseTo((harmonic(10_000, 1) - harmonic(1_000, 1)) / harmonic(100_000, 1), 2)
    expect(Math.max(...ranks)).toBeLessThanOrEqual(100_000)
    // Ten thousand ranks by the integral, and one by one.
    const exact = Array.from({ length: 10_000 }, (_, i) => (i + 1) ** -0.6).reduce((sum, n) => sum + n, 0)
    expect(harmonic(10_000, 0.6)).toBeCloseTo(exact, 3)
  })

  it('is the same for the same seed, and agrees with the paper where much happens', () => {
    const minute = simulateMinute(INPUTS, MILLION, 8)
    expect(simulateMinute(INPUTS, MILLION, 8)).toEqual(minute)
    expect(simulateMinute(INPUTS, MILLION, 9)).not.toEqual(minute)
    for (const { what, paper, mean, worst } of minute) {
      // Six standard deviations of what chance makes of a minute's count; the hottest of many is no mean.
      expect(Math.abs(mean - paper), what).toBeLessThan(6 * Math.sqrt(paper / 60) + 0.15)
      expect(worst, what).toBeGreaterThanOrEqual(mean)
    }
  })
})

it('docs/scaling.md says what `npm run scaling` says', () => {
  const document = readFileSync('docs/scaling.md', 'utf8')
  expect(fillIn(document, tablesOf(INPUTS)), 'Run `npm run scaling -- --update`').toBe(document)
  expect(() => fillIn('<!-- table: x -->\n<!-- end of table -->', [])).toThrow('Without a table: x')
  expect(() => fillIn('', tablesOf(INPUTS).slice(0, 1))).toThrow('Without a place: behaviour')
})
