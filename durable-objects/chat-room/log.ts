import type { Message } from '../../src/features/chat/schemas.ts'
import { isoTime } from '../../src/platform/clock.ts'
import { newId } from '../../src/platform/ids.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'

/** A message on its way into the log. */
export interface Draft {
  authorId: string
  content: string
  clientMessageId: string | null
}

interface Row {
  seq: number
  id: string
  author_id: string
  client_message_id: string | null
  content: string
  created_at: number
  edited_at: number | null
  username: string
  avatar: string | null
}

const SELECT = `
  select m.seq, m.id, m.author_id, m.client_message_id, m.content, m.created_at, m.edited_at,
    a.username, a.avatar
  from messages m join members a on a.user_id = m.author_id`

/** The room's one log: every durable event takes the next seq, without gap. */
export class RoomLog {
  readonly #sql: MeteredSql
  readonly #roomId: () => string
  #lastSeq: number

  constructor(sql: MeteredSql, roomId: () => string) {
    this.#sql = sql
    this.#roomId = roomId
    this.#lastSeq = this.#readLastSeq()
  }

  /** After a transaction that was undone the number in memory may be ahead of the log. */
  recover(): void {
    this.#lastSeq = this.#readLastSeq()
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  /**
   * Writes the drafts of one tick with one statement. Answers each draft's message, and how many of the
   * messages are new: a `clientMessageId` that its author has used stands for the message of then. Repeats
   * are looked up first, so that numbers have no gap.
   */
  append(drafts: readonly Draft[]): { messages: Message[]; fresh: Message[] } {
    const known = this.#findRepeats(drafts)
    const rows: Row[] = []
    const now = Date.now()
    const chosen = drafts.map((draft) => {
      const key = repeatKey(draft.authorId, draft.clientMessageId)
      const repeat = key === undefined ? undefined : known.get(key)
      if (repeat) return repeat
      const row: Row = {
        seq: this.#lastSeq + rows.length + 1,
        id: newId(),
        author_id: draft.authorId,
        client_message_id: draft.clientMessageId,
        content: draft.content,
        created_at: now,
        edited_at: null,
        username: '',
        avatar: null,
      }
      rows.push(row)
      if (key !== undefined) known.set(key, row)
      return row
    })
    this.#insert(rows)
    const authors = this.#authors(rows)
    for (const row of rows) Object.assign(row, authors.get(row.author_id))
    return { messages: chosen.map((row) => this.#toMessage(row)), fresh: rows.map((row) => this.#toMessage(row)) }
  }

  /** Messages after `seq`, oldest first; undefined where there are more than `limit`, or `seq` is not of this log. */
  since(seq: number, limit: number): Message[] | undefined {
    if (seq > this.#lastSeq || this.#lastSeq - seq > limit) return undefined
    return this.#sql.all<Row>(`${SELECT} where m.seq > ? order by m.seq`, seq).map((row) => this.#toMessage(row))
  }

  /** The newest `limit` messages before `before`, oldest first. */
  page(before: number | undefined, limit: number): Message[] {
    const rows = this.#sql.all<Row>(
      `${SELECT} where m.seq < ? order by m.seq desc limit ?`,
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    )
    return rows.toReversed().map((row) => this.#toMessage(row))
  }

  /** Undefined where there is none, or it was removed. */
  find(messageId: string): Message | undefined {
    const row = this.#sql.first<Row>(`${SELECT} where m.id = ? and m.content <> ''`, messageId)
    return row && this.#toMessage(row)
  }

  /** Its number stays, its text goes: no message is empty else. False where there has never been such a message. */
  remove(messageId: string): boolean {
    return (
      this.#sql.first("update messages set content = '' where id = ? returning 1 as found", messageId) !== undefined
    )
  }

  /** The newest message that somebody else wrote after `seq`, and how many there are, counted to `most`. */
  unseenBy(userId: string, seq: number, most: number): { count: number; newest: Message } | undefined {
    const counted = this.#sql.first<{ count: number }>(
      'select count(*) as count from (select 1 from messages where seq > ? and author_id <> ? limit ?)',
      seq,
      userId,
      most,
    )
    if (!counted?.count) return undefined
    const row = this.#sql.first<Row>(
      `${SELECT} where m.seq > ? and m.author_id <> ? order by m.seq desc limit 1`,
      seq,
      userId,
    )
    return row && { count: counted.count, newest: this.#toMessage(row) }
  }

  newest(): Message | undefined {
    return this.page(undefined, 1)[0]
  }

  #readLastSeq(): number {
    return this.#sql.first<{ seq: number | null }>('select max(seq) as seq from messages')?.seq ?? 0
  }

  #findRepeats(drafts: readonly Draft[]): Map<string, Row> {
    const asked = drafts.filter((draft) => draft.clientMessageId !== null)
    const rows =
      asked.length === 0
        ? []
        : this.#sql.all<Row>(
            `${SELECT} join json_each(?) k
               on m.author_id = k.value ->> 0 and m.client_message_id = k.value ->> 1`,
            JSON.stringify(asked.map((draft) => [draft.authorId, draft.clientMessageId])),
          )
    return new Map(rows.map((row) => [repeatKey(row.author_id, row.client_message_id) ?? '', row]))
  }

  #insert(rows: readonly Row[]): void {
    if (rows.length === 0) return
    this.#sql.all(
      `insert into messages (seq, id, author_id, client_message_id, type, content, created_at)
       select value ->> 'seq', value ->> 'id', value ->> 'author_id', value ->> 'client_message_id', 'text',
         value ->> 'content', value ->> 'created_at'
       from json_each(?)`,
      JSON.stringify(rows),
    )
    this.#lastSeq += rows.length
  }

  #authors(rows: readonly Row[]): Map<string, { username: string; avatar: string | null }> {
    const ids = JSON.stringify([...new Set(rows.map((row) => row.author_id))])
    const found = this.#sql.all<{ user_id: string; username: string; avatar: string | null }>(
      'select user_id, username, avatar from members where user_id in (select value from json_each(?))',
      ids,
    )
    return new Map(found.map(({ user_id, ...names }) => [user_id, names]))
  }

  #toMessage(row: Row): Message {
    return {
      id: row.id,
      roomId: this.#roomId(),
      seq: row.seq,
      content: row.content,
      type: 'text',
      sender: { id: row.author_id, username: row.username, avatar: row.avatar },
      clientMessageId: row.client_message_id,
      isEdited: row.edited_at !== null,
      editedAt: row.edited_at === null ? null : isoTime(row.edited_at),
      createdAt: isoTime(row.created_at),
    }
  }
}

function repeatKey(authorId: string, clientMessageId: string | null): string | undefined {
  return clientMessageId === null ? undefined : `${authorId} ${clientMessageId}`
}
