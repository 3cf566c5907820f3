import { SECOND_MS } from '../../src/platform/clock.ts'
import { push } from '../shared/frames.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

/** Who comes back within it was never away: a reload, a deploy, a lost connection. */
const GRACE_MS = 15 * SECOND_MS

interface Row {
  user_id: string
  gone_at: number | null
}

/**
 * Who has been told to be here, in a room whose members are told by name. A person is here while they have a socket
 * of the room or one of their own (a leased subscription): the first of them says so, the last one's end does after a
 * grace.
 */
export class Presence {
  readonly #sql: MeteredSql
  /** What `nextEnd` has read, until something changes it. */
  #firstGone: { at: number | undefined } | undefined

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  userIds(): string[] {
    return this.#rows().map(({ user_id }) => user_id)
  }

  /** True where they were not here before: then all are told. */
  arrive(userId: string): boolean {
    const row = this.#sql.first<Row>('select user_id, gone_at from present where user_id = ?', userId)
    if (!row) this.#sql.all('insert into present values (?, null)', userId)
    else if (row.gone_at !== null) this.#change('update present set gone_at = null where user_id = ?', userId)
    return !row
  }

  /** The last of their sockets has gone: if none comes, they are away after the grace. */
  depart(userId: string, now: number): void {
    this.#change('update present set gone_at = ? where user_id = ? and gone_at is null', now, userId)
  }

  remove(userId: string): void {
    this.#change('delete from present where user_id = ?', userId)
  }

  /** An object that was torn down heard of no end: who is here no more begins to be away now. True where one is. */
  noticeGone(findHere: () => ReadonlySet<string>, now: number): boolean {
    const told = this.#rows().filter(({ gone_at }) => gone_at === null)
    // Where nobody was told of, nobody need be looked for.
    if (told.length === 0) return false
    const hereNow = findHere()
    const gone = told.filter(({ user_id }) => !hereNow.has(user_id))
    for (const { user_id } of gone) this.depart(user_id, now)
    return gone.length > 0
  }

  /** A socket that was silent for a while may speak again. Answers who of these was told to be away. */
  noticeBack(hereNow: ReadonlySet<string>): string[] {
    const known = new Map(this.#rows().map(({ user_id, gone_at }) => [user_id, gone_at]))
    return [...hereNow].filter((userId) => known.get(userId) !== null && this.arrive(userId))
  }

  /** A crowd's people are only counted. */
  clear(): void {
    this.#change('delete from present')
  }

  /** Those whose grace has ended, who are here no more from now on. */
  takeAway(now: number): string[] {
    const gone = this.#change('delete from present where gone_at <= ? returning user_id', now - GRACE_MS)
    return gone.map(({ user_id }) => user_id)
  }

  /** When the next grace ends. */
  nextEnd(): number | undefined {
    if (!this.#firstGone) {
      const at = this.#sql.first<{ at: number | null }>('select min(gone_at) as at from present')?.at
      this.#firstGone = { at: at ?? undefined }
    }
    const { at } = this.#firstGone
    return at === undefined ? undefined : at + GRACE_MS
  }

  /** Changes who is gone, or since when. */
  #change(query: string, ...values: (string | number)[]): Row[] {
    this.#firstGone = undefined
    return this.#sql.all<Row>(query, ...values)
  }

  #rows(): Row[] {
    return this.#sql.all<Row>('select user_id, gone_at from present order by user_id')
  }
}

export function onlineLine(event: 'user:online' | 'user:offline', userId: string, username: string, roomId: string) {
  return push(event, { userId, username, roomId })
}
