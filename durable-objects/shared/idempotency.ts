import { type Attempt, keyReused, REMEMBER_MS } from '../../src/platform/idempotency/idempotency.ts'
import type { MeteredSql } from './metered-sql.ts'
import type { Migration } from './migrations.ts'

/** What an object has answered to requests with an `Idempotency-Key`: the columns of a database's, in brief. */
export const IDEMPOTENCY_TABLE: Migration = `
  create table idempotency (
    scope text not null,
    key_hash text not null,
    fingerprint text not null,
    result text not null,
    expires_at integer not null,
    primary key (scope, key_hash)
  );
  create index idempotency_by_expiry on idempotency (expires_at);`

const PRUNE_LIMIT = 100

export interface Once<T> {
  value: T
  /** It was done before: nothing has happened now. */
  replayed: boolean
}

/** Lets a keyed command have its effect once, however often and however close together it is asked. */
export class ObjectIdempotency {
  readonly #sql: MeteredSql
  /** Those whose tick has not ended yet. They vanish with the instance, and so does their effect. */
  readonly #underWay = new Map<string, { fingerprint: string; work: Promise<unknown> }>()

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  /** `run` must `keep` its result in the transaction of its effect. @throws Refusal for a key of another request */
  async once<T>(attempt: Attempt | undefined, run: () => T | Promise<T>): Promise<Once<T>> {
    if (!attempt) return { value: await run(), replayed: false }
    const known = this.#find<T>(attempt)
    if (known) return { value: known.value, replayed: true }
    const name = `${attempt.scope} ${attempt.keyHash}`
    const first = this.#underWay.get(name)
    if (first) {
      if (first.fingerprint !== attempt.fingerprint) throw keyReused()
      return { value: (await first.work) as T, replayed: true }
    }
    const work = Promise.resolve(run())
    this.#underWay.set(name, { fingerprint: attempt.fingerprint, work })
    try {
      return { value: await work, replayed: false }
    } finally {
      this.#underWay.delete(name)
    }
  }

  /** Call it in the transaction of the effect. */
  keep(attempt: Attempt | undefined, result: unknown): void {
    if (!attempt) return
    const now = Date.now()
    this.#sql.all(
      `delete from idempotency where rowid in (
         select rowid from idempotency where expires_at <= ? order by expires_at limit ${PRUNE_LIMIT})`,
      now,
    )
    this.#sql.all(
      'insert or replace into idempotency values (?, ?, ?, ?, ?)',
      attempt.scope,
      attempt.keyHash,
      attempt.fingerprint,
      JSON.stringify(result),
      now + REMEMBER_MS,
    )
  }

  #find<T>({ scope, keyHash, fingerprint }: Attempt): { value: T } | undefined {
    const row = this.#sql.first<{ fingerprint: string; result: string }>(
      'select fingerprint, result from idempotency where scope = ? and key_hash = ? and expires_at > ?',
      scope,
      keyHash,
      Date.now(),
    )
    if (!row) return undefined
    if (row.fingerprint !== fingerprint) throw keyReused()
    return { value: JSON.parse(row.result) as T }
  }
}
