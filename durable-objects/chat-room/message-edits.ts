import type { Message } from '../../src/features/chat/message-schemas.ts'
import { scopesOf } from '../../src/platform/idempotency/idempotency.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import type { MessageRow } from './messages.ts'

/** What becomes of messages that are stored: edits, deletions, reactions, pins, and whom they mention. */
export class MessageEdits {
  readonly #sql: MeteredSql

  constructor(sql: MeteredSql) {
    this.#sql = sql
  }

  change(seq: number, columns: Partial<MessageRow>): void {
    const names = Object.keys(columns)
    this.#sql.all(
      `update messages set ${names.map((name) => `${name} = ?`).join(', ')} where seq = ?`,
      ...names.map((name) => columns[name as keyof MessageRow] ?? null),
      seq,
    )
  }

  /** The row stays, because others answer it and numbers count it; its text does not. */
  remove(row: MessageRow, at: number): void {
    this.change(row.seq, { deleted_at: at, content: '', mentions: '[]', reactions: '{}', pinned_seq: null })
    this.#sql.all('delete from reactions where message_seq = ?', row.seq)
    // What a keyed request was answered for it is kept for a day, too. Only its author's can have said it.
    const scopes = scopesOf(row.author_id)
    this.#sql.all(
      `update idempotency set result = json_set(result, '$.message.content', '')
       where scope >= ? and scope < ? and json_extract(result, '$.message.id') = ?`,
      ...[scopes.from, scopes.before, row.id],
    )
    this.setMentions(row.seq, [], row)
    if (row.thread_seq !== null) {
      this.#sql.all('update messages set reply_count = reply_count - 1 where seq = ?', row.thread_seq)
    }
  }

  /** False where it was so before. */
  react(seq: number, userId: string, emoji: string, added: boolean): boolean {
    const changed = added
      ? this.#sql.all(
          'insert or ignore into reactions values (?, ?, ?, ?) returning emoji',
          seq,
          userId,
          emoji,
          Date.now(),
        )
      : this.#sql.all(
          'delete from reactions where message_seq = ? and user_id = ? and emoji = ? returning emoji',
          seq,
          userId,
          emoji,
        )
    return changed.length > 0
  }

  /** Whom it mentions now, instead of those of its row. */
  setMentions(seq: number, userIds: readonly string[], { mentions }: Pick<MessageRow, 'mentions'>): void {
    const before = (JSON.parse(mentions) as Message['mentions']).map(({ id }) => id)
    if (before.length === 0 && userIds.length === 0) return
    this.#sql.all(
      'delete from mentions where message_seq = ? and user_id in (select value from json_each(?))',
      seq,
      JSON.stringify(before),
    )
    this.#sql.all('insert or ignore into mentions select value, ? from json_each(?)', seq, JSON.stringify(userIds))
  }
}
