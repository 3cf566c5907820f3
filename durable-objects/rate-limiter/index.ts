import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import { isolateOf } from '../../src/isolate.ts'
import type { Call } from '../../src/platform/call.ts'
import { addTo, type Count, giveBackTo, lookAt, standingOf } from '../../src/platform/rate-limit/count.ts'
import { type Ask, type Gift, memoryMs, type Rule, type Standing } from '../../src/platform/rate-limit/limiter.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { Alarm } from '../shared/alarm.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { isMigrated, migrate } from '../shared/migrations.ts'
import { MIGRATIONS } from './schema.ts'

/** All that one subject, a user or an address, has taken. It is gone when none of it means anything any more. */
export class RateLimiter extends DurableObject<Env> {
  readonly #sql: MeteredSql
  readonly #alarm: Alarm
  /** Only an ask makes tables, which an alarm deletes. An instance may be asked again after that. */
  #hasTables: boolean

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#sql = new MeteredSql(state.storage.sql, isolateOf(env).figures.spent)
    this.#alarm = new Alarm(state, isolateOf(env).log)
    this.#hasTables = isMigrated(state.storage)
    if (this.#hasTables) migrate(state.storage, MIGRATIONS)
  }

  /** See `Limiter.take`. Synchronous inside, so that asks which race are counted one after the other. */
  take(call: Call, asks: readonly Ask[]): Promise<Outcome<Standing[]>> {
    return outcome(call, () => {
      const now = Date.now()
      if (!this.#hasTables) migrate(this.ctx.storage, MIGRATIONS)
      this.#hasTables = true
      // Also where nothing is counted: tables without an alarm would stay for ever.
      this.#alarm.set(now + Math.max(0, ...asks.map(({ rule }) => memoryMs(rule))))
      const looks = asks.map((ask) => ({ ask, look: lookAt(this.#read(ask.bucket), ask, now) }))
      const isCounted = looks.every(({ look }) => look.fits)
      if (isCounted) for (const { ask, look } of looks) this.#write(ask.bucket, ask.rule, addTo(look.moved, ask), now)
      return looks.map(({ ask, look }) => standingOf(ask, look, isCounted, now))
    })
  }

  giveBack(call: Call, gifts: readonly Gift[]): Promise<Outcome<null>> {
    return outcome(call, () => {
      const now = Date.now()
      for (const { bucket, rule, amount } of this.#hasTables ? gifts : []) {
        const count = this.#read(bucket)
        if (count) this.#write(bucket, rule, giveBackTo(count, rule, amount, now), now)
      }
      return null
    })
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang()
    // An alarm may ring twice.
    if (!this.#hasTables) return
    this.#sql.all('delete from buckets where until <= ?', Date.now())
    const next = this.#sql.first<{ until: number | null }>('select min(until) as until from buckets')?.until
    if (next) this.#alarm.set(next)
    else {
      this.#hasTables = false
      // An object without storage and alarm costs nothing, and is as if it had never been.
      await this.ctx.storage.deleteAll()
    }
  }

  #read(bucket: string): Count | undefined {
    return this.#sql.first<Count & object>('select at, current, previous from buckets where bucket = ?', bucket)
  }

  #write(bucket: string, rule: Rule, { at, current, previous }: Count, now: number): void {
    const until = now + memoryMs(rule)
    this.#sql.all('insert or replace into buckets values (?, ?, ?, ?, ?)', bucket, at, current, previous, until)
  }
}
