import { createHash } from 'node:crypto'
import type { Invite } from '../../src/features/chat/schemas.ts'
import { isoTime } from '../../src/platform/clock.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

export interface InviteRow {
  id: string
  code_hash: string
  created_by: string
  created_at: number
  expires_at: number
  max_uses: number
  uses: number
  user_id: string | null
}

/** Invitations that can still be used. The room knows a code by its hash only. */
export class Invites {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  add(row: Omit<InviteRow, 'uses'>): void {
    this.#sql.all(
      'insert into invites (id, code_hash, created_by, created_at, expires_at, max_uses, user_id) values (?, ?, ?, ?, ?, ?, ?)',
      row.id,
      row.code_hash,
      row.created_by,
      row.created_at,
      row.expires_at,
      row.max_uses,
      row.user_id,
    )
  }

  /** Drops what has expired or is used up. */
  prune(now: number): void {
    this.#sql.all('delete from invites where expires_at <= ? or uses >= max_uses', now)
  }

  /** Newest first. */
  list(now: number): InviteRow[] {
    return this.#sql.all<InviteRow>(
      'select * from invites where expires_at > ? and uses < max_uses order by id desc',
      now,
    )
  }

  find(id: string, now: number): InviteRow | undefined {
    return this.#sql.first<InviteRow>(
      'select * from invites where id = ? and expires_at > ? and uses < max_uses',
      id,
      now,
    )
  }

  findByCode(code: string, now: number): InviteRow | undefined {
    const codeHash = createHash('sha256').update(code).digest('hex')
    return this.#sql.first<InviteRow>(
      'select * from invites where code_hash = ? and expires_at > ? and uses < max_uses',
      codeHash,
      now,
    )
  }

  /** One that waits for this very person. */
  findFor(userId: string, now: number): InviteRow | undefined {
    return this.#sql.first<InviteRow>(
      'select * from invites where user_id = ? and expires_at > ? and uses < max_uses limit 1',
      userId,
      now,
    )
  }

  use(id: string): void {
    this.#sql.all('update invites set uses = uses + 1 where id = ?', id)
  }

  /** Drops those that wait for one of these people. */
  dropOf(userIds: readonly string[]): void {
    this.#sql.all('delete from invites where user_id in (select value from json_each(?))', JSON.stringify(userIds))
  }

  /** Drops those that this person has made or that wait for them. */
  dropAllOf(userId: string): void {
    this.#sql.all('delete from invites where created_by = ?1 or user_id = ?1', userId)
  }

  /** False where there is none. */
  revoke(id: string): boolean {
    return this.#sql.all('delete from invites where id = ? returning id', id).length > 0
  }
}

export function toInvite(row: InviteRow): Invite {
  return {
    id: row.id,
    createdBy: row.created_by,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTime(row.expires_at),
    maxUses: row.max_uses,
    uses: row.uses,
    userId: row.user_id,
  }
}
