import { MOST_DELETED } from '../../src/features/chat/domain/room-rules.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import type { RoomRow } from './room.ts'

/** How many messages there are, and what has come and changed since a seq: what badges and summaries are made of. */
export class MessageTallies {
  readonly #sql: MeteredSql
  readonly #room: () => RoomRow

  constructor(sql: MeteredSql, room: () => RoomRow) {
    this.#sql = sql
    this.#room = room
  }

  /** How many messages there were up to this seq, those included that were deleted since. */
  ordinalAt(seq: number): number {
    return (
      this.#sql.first<{ ordinal: number }>('select ordinal from messages where seq <= ? order by seq desc limit 1', seq)
        ?.ordinal ?? 0
    )
  }

  /**
   * Messages after this seq, counted to `most`. Whoever writes has read up to there, so those after somebody's
   * watermark are all others'. Deleted ones are only looked for where they can matter.
   */
  countAfter(seq: number, most: number): number {
    const ordinal = seq === 0 ? 0 : this.ordinalAt(seq)
    const total = this.ordinalAt(Number.MAX_SAFE_INTEGER) - ordinal
    const deletedInAll = this.#room().deleted_count
    if (total === 0) return 0
    if (ordinal === 0) return Math.min(most, total - deletedInAll)
    if (total - deletedInAll >= most || total >= most + MOST_DELETED) return most
    const deleted = this.#sql.first<{ n: number }>(
      'select count(*) as n from messages where deleted_at is not null and ordinal > ?',
      ordinal,
    )
    return Math.min(most, total - (deleted?.n ?? 0))
  }

  countMentionsAfter(userId: string, seq: number, most: number): number {
    const counted = this.#sql.first<{ n: number }>(
      `select count(*) as n from (
         select 1 from mentions n join messages m on m.seq = n.message_seq
         where n.user_id = ? and n.message_seq > ? and m.deleted_at is null limit ?)`,
      userId,
      seq,
      most,
    )
    return counted?.n ?? 0
  }

  countPinned(): number {
    return this.#sql.first<{ n: number }>('select count(*) as n from messages where pinned_seq is not null')?.n ?? 0
  }

  /** Who has written since, each with their newest. */
  authorsAfter(seq: number): { author_id: string; seq: number }[] {
    return this.#sql.all('select author_id, max(seq) as seq from messages where seq > ? group by author_id', seq)
  }

  /** The newest message that was edited or deleted after this seq; 0 where none was. */
  newestTouchedAfter(seq: number): number {
    const found = this.#sql.first<{ seq: number | null }>(
      "select max(message_seq) as seq from changes where seq > ? and event in ('message:edited', 'message:deleted')",
      seq,
    )
    return found?.seq ?? 0
  }

  /** Whether any message of this range was edited or deleted after this seq. */
  isTouched(since: number, { after, upTo }: { after: number; upTo: number }): boolean {
    return (
      this.#sql.first(
        `select 1 as found from changes where seq > ? and event in ('message:edited', 'message:deleted')
           and message_seq > ? and message_seq <= ? limit 1`,
        since,
        after,
        upTo,
      ) !== undefined
    )
  }

  /** Messages whose deletion came after this seq, in the order of the deletions. */
  deletedAfter(seq: number, limit: number): { ordinal: number; change_seq: number }[] {
    return this.#sql.all(
      `select m.ordinal, c.seq as change_seq from changes c join messages m on m.seq = c.message_seq
       where c.seq > ? and c.event = 'message:deleted' order by c.seq limit ?`,
      seq,
      limit,
    )
  }
}
