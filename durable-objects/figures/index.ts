import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import { isolateOf } from '../../src/isolate.ts'
import type { Call } from '../../src/platform/call.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import type { FiguresFlush, OpenSockets } from '../../src/platform/observability/figure-counter.ts'
import { floorTo, STEPS } from '../../src/platform/observability/figure-steps.ts'
import { type Counts, FIGURE, mergeCounts, series } from '../../src/platform/observability/figures.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { Alarm } from '../shared/alarm.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { isMigrated, migrate } from '../shared/migrations.ts'
import { MIGRATIONS } from './schema.ts'

const PRUNE_EVERY_MS = HOUR_MS
/** Counts that come later than this are refused, so the number of an isolate's last flush need be known no longer. */
const MOST_LATE_MS = HOUR_MS
/** Isolates whose clocks are not quite ours. */
const MOST_EARLY_MS = 5 * MINUTE_MS
const REMEMBER_ISOLATE_MS = 2 * HOUR_MS
/** An object that has said nothing for so long is taken to have no socket any more. */
const BELIEVE_SOCKETS_MS = DAY_MS

/** Counts in stretches of time, the oldest first. */
export type Buckets = [at: number, counts: Counts][]

/**
 * What isolates have counted, or how many sockets are open; see `FigureCounter`. A flush within one minute reads four
 * rows and writes four: one for each step, and its number. Telling of one object's sockets reads four rows at most and
 * writes five, three of which serve all that are told of in the same call.
 */
export class Figures extends DurableObject<Env> {
  readonly #sql: MeteredSql
  readonly #alarm: Alarm
  #hasTables: boolean

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#sql = new MeteredSql(state.storage.sql, isolateOf(env).figures.spent)
    this.#alarm = new Alarm(state, isolateOf(env).log)
    this.#hasTables = isMigrated(state.storage)
    if (this.#hasTables) migrate(state.storage, MIGRATIONS)
  }

  /** Adds what an isolate has counted. A flush that was heard before adds nothing. */
  add(call: Call, { isolate, number, minutes }: FiguresFlush): Promise<Outcome<null>> {
    return this.#change(call, (now) => {
      const known = this.#sql.first<{ number: number }>('select number from isolates where id = ?', isolate)
      if (known && known.number >= number) return
      this.#sql.all('insert or replace into isolates values (?, ?, ?)', isolate, number, now)
      const timely = minutes.filter(([at]) => at > now - MOST_LATE_MS && at < now + MOST_EARLY_MS)
      for (const { stepMs } of STEPS) {
        const buckets = new Map<number, Counts>()
        for (const [minute, counts] of timely) {
          const at = floorTo(stepMs, minute)
          const bucket = buckets.get(at) ?? this.#read(stepMs, at)
          mergeCounts(bucket, counts)
          buckets.set(at, bucket)
        }
        for (const [at, counts] of buckets) this.#write(stepMs, at, counts)
      }
    })
  }

  /** Notes how many sockets objects have open. What is older than what is known changes nothing. */
  tellSockets(call: Call, told: readonly OpenSockets[]): Promise<Outcome<null>> {
    return this.#change(call, (now) => {
      for (const sockets of told) this.#note(sockets)
      this.#writeSockets(now)
    })
  }

  /**
   * What was counted in steps of this size from a time on, and the last before that, by which a gauge goes on. Reads a
   * row a step.
   */
  read(call: Call, { stepMs, from }: { stepMs: number; from: number }): Promise<Outcome<Buckets>> {
    return outcome(call, () => {
      if (!this.#hasTables) return []
      const columns = 'select at, counts from buckets where step_ms = ?'
      const before = this.#sql.all<Row>(`${columns} and at < ? order by at desc limit 1`, stepMs, from)
      const rows = this.#sql.all<Row>(`${columns} and at >= ? order by at`, stepMs, from)
      return [...before, ...rows].map(({ at, counts }): Buckets[number] => [at, JSON.parse(counts)])
    })
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang()
    // An alarm may ring twice.
    if (!this.#hasTables) return
    const now = Date.now()
    for (const { stepMs, keepMs } of STEPS) {
      this.#sql.all('delete from buckets where step_ms = ? and at < ?', stepMs, now - keepMs)
    }
    this.#sql.all('delete from isolates where seen_at < ?', now - REMEMBER_ISOLATE_MS)
    const silent = this.#sql.all<{ object: string; kind: OpenSockets['kind'] }>(
      'select object, kind from open_sockets where told_at < ?',
      now - BELIEVE_SOCKETS_MS,
    )
    for (const { object, kind } of silent) this.#note({ object, kind, count: 0, at: now })
    this.#sql.all('delete from socket_totals where count = 0')
    // Also where nothing has changed for long: a gauge goes on from what was written last.
    if (this.#has('socket_totals')) this.#writeSockets(now)
    if (['buckets', 'isolates', 'open_sockets'].some((table) => this.#has(table))) {
      return this.#alarm.set(now + PRUNE_EVERY_MS)
    }
    this.#hasTables = false
    await this.ctx.storage.deleteAll()
  }

  #change(call: Call, change: (now: number) => void): Promise<Outcome<null>> {
    return outcome(call, () => {
      if (!this.#hasTables) migrate(this.ctx.storage, MIGRATIONS)
      this.#hasTables = true
      const now = Date.now()
      this.#alarm.set(now + PRUNE_EVERY_MS)
      this.ctx.storage.transactionSync(() => change(now))
      return null
    })
  }

  #has(table: string): boolean {
    return this.#sql.first(`select 1 as found from ${table} limit 1`) !== undefined
  }

  #note({ object, kind, count, at }: OpenSockets): void {
    const known = this.#sql.first<{ count: number; told_at: number }>(
      'select count, told_at from open_sockets where object = ?',
      object,
    )
    if (known ? known.told_at > at : count === 0) return
    if (count === 0) this.#sql.all('delete from open_sockets where object = ?', object)
    else this.#sql.all('insert or replace into open_sockets values (?, ?, ?, ?)', object, kind, count, at)
    const change = count - (known?.count ?? 0)
    if (change === 0) return
    this.#sql.all(
      'insert into socket_totals values (?1, ?2) on conflict (kind) do update set count = count + ?2',
      kind,
      change,
    )
  }

  /** The number as it stands now is what the running stretches of time will have had. */
  #writeSockets(now: number): void {
    const totals = this.#sql.all<{ kind: string; count: number }>('select kind, count from socket_totals')
    const counts = Object.fromEntries(totals.map(({ kind, count }) => [series(FIGURE.sockets, kind), count]))
    for (const { stepMs } of STEPS) this.#write(stepMs, floorTo(stepMs, now), counts)
  }

  #read(stepMs: number, at: number): Counts {
    const row = this.#sql.first<Row>('select counts from buckets where step_ms = ? and at = ?', stepMs, at)
    return row ? JSON.parse(row.counts) : {}
  }

  #write(stepMs: number, at: number, counts: Counts): void {
    this.#sql.all('insert or replace into buckets values (?, ?, ?)', stepMs, at, JSON.stringify(counts))
  }
}

interface Row {
  at: number
  counts: string
}
