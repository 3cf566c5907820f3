import type { MeteredSql } from '../shared/metered-sql.ts'
import type { MessageRow, Messages } from './messages.ts'
import type { RoomRecord } from './room.ts'

/** So many characters make the index's smallest key. */
const TRIGRAM = 3
/** Shorter texts are looked for in so many of the newest messages. */
const SCANNED = 2_000
const INDEXED_AT_ONCE = 500

/**
 * Finds messages by a part of their text, whatever its case. Nothing of a person's text is a pattern. New messages
 * come into the index by the room's alarm, off the path of a send; a search brings in what is still missing.
 */
export class SearchIndex {
  readonly #sql: MeteredSql
  readonly #room: RoomRecord
  readonly #messages: Messages

  constructor(sql: MeteredSql, room: RoomRecord, messages: Messages) {
    this.#sql = sql
    this.#room = room
    this.#messages = messages
  }

  /** Indexes up to `INDEXED_AT_ONCE` messages. True where there are more. Call it in a transaction. */
  catchUp(): boolean {
    const { indexed_seq: from } = this.#room.get()
    const rows = this.#sql.all<{ seq: number }>(
      'select seq from messages where seq > ? order by seq limit ?',
      from,
      INDEXED_AT_ONCE,
    )
    const last = rows.at(-1)
    if (!last) return false
    this.#sql.all(
      `insert into message_index (rowid, content)
       select seq, content from messages where seq > ? and seq <= ? and deleted_at is null`,
      from,
      last.seq,
    )
    this.#room.update({ indexed_seq: last.seq })
    return rows.length === INDEXED_AT_ONCE
  }

  /** A message's text has changed, or is gone. */
  replace(seq: number, content: string | undefined): void {
    if (seq > this.#room.get().indexed_seq) return
    this.#sql.all('delete from message_index where rowid = ?', seq)
    if (content !== undefined) this.#sql.all('insert into message_index (rowid, content) values (?, ?)', seq, content)
  }

  /** Newest first. `text` has two characters or more. */
  find(text: string, limit: number): MessageRow[] {
    const seqs = [...text].length < TRIGRAM ? this.#scan(text, limit) : this.#match(text, limit)
    return this.#messages.bySeqs(seqs).toSorted((a, b) => b.seq - a.seq)
  }

  #match(text: string, limit: number): number[] {
    // Between quotes nothing has a meaning but the quote.
    const phrase = `"${text.replaceAll('"', '""')}"`
    return this.#sql
      .all<{ rowid: number }>(
        'select rowid from message_index where message_index match ? order by rowid desc limit ?',
        phrase,
        limit,
      )
      .map(({ rowid }) => rowid)
  }

  #scan(text: string, limit: number): number[] {
    const wanted = text.toLowerCase()
    return this.#sql
      .all<{ seq: number; content: string }>(
        'select seq, content from messages where deleted_at is null order by seq desc limit ?',
        SCANNED,
      )
      .filter(({ content }) => content.toLowerCase().includes(wanted))
      .slice(0, limit)
      .map(({ seq }) => seq)
  }
}
