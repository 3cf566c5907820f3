import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../src/env.ts'
import { isolateOf } from '../../src/isolate.ts'
import type { Call } from '../../src/platform/call.ts'
import { type Count, giveBackTo, takeFrom } from '../../src/platform/rate-limit/count.ts'
import { type Ask, type Gift, memoryMs, type Rule, type Standing } from '../../src/platform/rate-limit/limiter.ts'
import type { Outcome } from '../../src/platform/result.ts'
import { Alarm } from '../shared/alarm.ts'
import { MeteredSql, outcome } from '../shared/metered-sql.ts'
import { migrate } from '../shared/migrations.ts'
import { MIGRATIONS } from './schema.ts'

/** All that one subject, a user or an address, has taken. It is gone when none of it means anything any more. */
export class RateLimiter extends DurableObject<Env> {
  readonly #sql: MeteredSql
  readonly #alarm: Alarm
  /** After `deleteAll` the tables are gone, and this instance may still be asked. */
  #isMigrated = true

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    migrate(state.storage, MIGRATIONS)
    this.#sql = new MeteredSql(state.storage.sql)
    this.#alarm = new Alarm(state, isolateOf(env).log)
  }

  /** See `Limiter.take`. Synchronous inside, so that asks which race are counted one after the other. */
  take(call: Call, asks: readonly Ask[]): Promise<Outcome<Standing[]>> {
    return outcome(call, this.#sql, () => {
      const now = Date.now()
      const taken = asks.map((ask) => ({ ask, ...takeFrom(this.#read(ask.bucket), ask, now) }))
      // All or nothing: whoever is refused by one limit has used nothing of the others.
      if (taken.every(({ standing }) => standing.allowed)) {
        for (const { ask, count } of taken) this.#write(ask.bucket, ask.rule, count, now)
      }
      return taken.map(({ standing }) => standing)
    })
  }

  giveBack(call: Call, gifts: readonly Gift[]): Promise<Outcome<null>> {
    return outcome(call, this.#sql, () => {
      const now = Date.now()
      for (const { bucket, rule, amount } of gifts) {
        const count = this.#read(bucket)
        if (count) this.#write(bucket, rule, giveBackTo(count, rule, amount, now), now)
      }
      return null
    })
  }

  override async alarm(): Promise<void> {
    this.#alarm.forget()
    const now = Date.now()
    this.#sql.all('delete from buckets where until <= ?', now)
    const next = this.#sql.first<{ until: number | null }>('select min(until) as until from buckets')?.until
    if (next) this.#alarm.set(next)
    // An object without storage and alarm costs nothing, and is as if it had never been.
    else {
      await this.ctx.storage.deleteAll()
      this.#isMigrated = false
    }
  }

  #read(bucket: string): Count | undefined {
    if (!this.#isMigrated) migrate(this.ctx.storage, MIGRATIONS)
    this.#isMigrated = true
    return this.#sql.first<Count & object>('select at, current, previous from buckets where bucket = ?', bucket)
  }

  #write(bucket: string, rule: Rule, { at, current, previous }: Count, now: number): void {
    const until = now + memoryMs(rule)
    this.#sql.all('insert or replace into buckets values (?, ?, ?, ?, ?)', bucket, at, current, previous, until)
    this.#alarm.set(until)
  }
}
