import { refusalBetween } from '../../src/features/chat/domain/private-pair.ts'
import type { Refusal } from '../../src/platform/errors.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

/** What one of a private pair has last decided about the other. */
export interface Block {
  isBlocked: boolean
  /** Milliseconds: of two, whichever comes first, the later one holds. */
  at: number
}

/** Who of a private room's two people blocks the other: D1 decides, this is its copy. In groups there is nothing. */
export class RoomBlocks {
  readonly #sql: MeteredSql
  /** So that a send reads no row. */
  #blockers: ReadonlySet<string>

  constructor(sql: MeteredSql) {
    this.#sql = sql
    this.#blockers = this.#read()
  }

  set(blockerId: string, { isBlocked, at }: Block): void {
    this.#sql.all(
      `insert into blocks (user_id, is_blocked, at) values (?, ?, ?)
       on conflict (user_id) do update set is_blocked = excluded.is_blocked, at = excluded.at
       where excluded.at >= blocks.at`,
      blockerId,
      Number(isBlocked),
      at,
    )
    this.#blockers = this.#read()
  }

  /** Why this person may not write here; undefined where they may. */
  refusalFor(userId: string): Refusal | undefined {
    const isBlocking = this.#blockers.has(userId)
    return refusalBetween({ isBlocking, isBlocked: this.#blockers.size > Number(isBlocking) })
  }

  #read(): ReadonlySet<string> {
    const rows = this.#sql.all<{ user_id: string }>('select user_id from blocks where is_blocked = 1')
    return new Set(rows.map(({ user_id }) => user_id))
  }
}
