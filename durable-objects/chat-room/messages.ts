import { previewOf } from '../../src/features/chat/domain/preview.ts'
import { MOST_DELETED } from '../../src/features/chat/domain/room-rules.ts'
import type { Message, Reactor } from '../../src/features/chat/message-schemas.ts'
import { isoTime, isoTimeOrNull } from '../../src/platform/clock.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import type { RoomRow } from './room.ts'

export interface MessageRow {
  seq: number
  id: string
  author_id: string
  client_message_id: string | null
  content: string
  created_at: number
  edited_at: number | null
  deleted_at: number | null
  change_seq: number
  ordinal: number
  reply_seq: number | null
  thread_seq: number | null
  reply_count: number
  mentions: string
  reactions: string
  pinned_seq: number | null
  username: string
  avatar: string | null
  parent_id: string | null
  parent_author_id: string | null
  parent_content: string | null
  parent_deleted_at: number | null
  thread_id: string | null
}

const SELECT = `
  select m.seq, m.id, m.author_id, m.client_message_id, m.content, m.created_at, m.edited_at, m.deleted_at,
    m.change_seq, m.ordinal, m.reply_seq, m.thread_seq, m.reply_count, m.mentions, m.reactions, m.pinned_seq,
    a.username, a.avatar, p.id as parent_id, p.author_id as parent_author_id, p.content as parent_content,
    p.deleted_at as parent_deleted_at, t.id as thread_id
  from messages m join members a on a.user_id = m.author_id
    left join messages p on p.seq = m.reply_seq left join messages t on t.seq = m.thread_seq`

/** A page of a list by seq: before it, from new to old, or after it. */
export interface SeqPage {
  before?: number
  after?: number
  /** Skips so many of the newest. */
  offset?: number
  limit: number
}

/** How messages are read. Deleted ones are in no list; `viewerId` is whose own reactions are marked. */
export class Messages {
  readonly #sql: MeteredSql
  readonly #room: () => RoomRow

  constructor(sql: MeteredSql, room: () => RoomRow) {
    this.#sql = sql
    this.#room = room
  }

  find(id: string): MessageRow | undefined {
    return this.#sql.first<MessageRow>(`${SELECT} where m.id = ? and m.deleted_at is null`, id)
  }

  /** Deleted or not. */
  findRow(id: string): MessageRow | undefined {
    return this.#sql.first<MessageRow>(`${SELECT} where m.id = ?`, id)
  }

  /** Oldest first in itself, whichever way it leads. */
  page({ before, after, offset = 0, limit }: SeqPage): MessageRow[] {
    if (after !== undefined) {
      return this.#sql.all<MessageRow>(
        `${SELECT} where m.seq > ? and m.deleted_at is null order by m.seq limit ?`,
        after,
        limit,
      )
    }
    return this.#sql
      .all<MessageRow>(
        `${SELECT} where m.seq < ? and m.deleted_at is null order by m.seq desc limit ?`,
        offset === 0 ? (before ?? Number.MAX_SAFE_INTEGER) : this.#seqAt(offset) + 1,
        limit,
      )
      .toReversed()
  }

  /** Of the message that so many newer ones precede; -1 where there are not so many. What is skipped costs a row each. */
  #seqAt(offset: number): number {
    const query = 'select seq from messages where deleted_at is null order by seq desc limit 1 offset ?'
    return this.#sql.first<{ seq: number }>(query, offset)?.seq ?? -1
  }

  thread(rootSeq: number, after: number, limit: number): MessageRow[] {
    return this.#sql.all<MessageRow>(
      `${SELECT} where m.thread_seq = ? and m.seq > ? and m.deleted_at is null order by m.seq limit ?`,
      rootSeq,
      after,
      limit,
    )
  }

  /** Newest pin first. */
  pinned(limit: number): MessageRow[] {
    return this.#sql.all<MessageRow>(
      `${SELECT} where m.pinned_seq is not null and m.deleted_at is null order by m.pinned_seq desc limit ?`,
      limit,
    )
  }

  bySeqs(seqs: readonly number[]): MessageRow[] {
    if (seqs.length === 0) return []
    return this.#sql.all<MessageRow>(`${SELECT} where m.seq in (select value from json_each(?))`, JSON.stringify(seqs))
  }

  byClientIds(asked: readonly (readonly [authorId: string, clientMessageId: string])[]): MessageRow[] {
    if (asked.length === 0) return []
    return this.#sql.all<MessageRow>(
      `${SELECT} join json_each(?) k on m.author_id = k.value ->> 0 and m.client_message_id = k.value ->> 1`,
      JSON.stringify(asked),
    )
  }

  /** Created after `seq`, deleted ones left out. */
  createdAfter(seq: number): MessageRow[] {
    return this.#sql.all<MessageRow>(`${SELECT} where m.seq > ? and m.deleted_at is null order by m.seq`, seq)
  }

  newest(): MessageRow | undefined {
    return this.page({ limit: 1 })[0]
  }

  /** When somebody last wrote, in milliseconds: taking that message back does not undo it. */
  newestAt(): number | undefined {
    return this.#sql.first<{ at: number }>('select created_at as at from messages order by seq desc limit 1')?.at
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

  countPinned(): number {
    return this.#sql.first<{ n: number }>('select count(*) as n from messages where pinned_seq is not null')?.n ?? 0
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

  /** The newest message after `seq`; of those that mention this person, if so asked. */
  newestAfter(seq: number, mentionedId?: string): MessageRow | undefined {
    if (mentionedId === undefined) {
      return this.#sql.first<MessageRow>(
        `${SELECT} where m.seq > ? and m.deleted_at is null order by m.seq desc limit 1`,
        seq,
      )
    }
    return this.#sql.first<MessageRow>(
      `${SELECT} join mentions n on n.message_seq = m.seq and n.user_id = ?
       where n.message_seq > ? and m.deleted_at is null order by n.message_seq desc limit 1`,
      mentionedId,
      seq,
    )
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

  /** Who has reacted, in a stable order. */
  reactors(seq: number, after: { userId: string; emoji: string } | undefined, limit: number): Reactor[] {
    return this.#sql
      .all<{ user_id: string; username: string; emoji: string; at: number }>(
        `select r.user_id, a.username, r.emoji, r.at from reactions r join members a on a.user_id = r.user_id
         where r.message_seq = ? and (r.user_id, r.emoji) > (?, ?) order by r.user_id, r.emoji limit ?`,
        seq,
        after?.userId ?? '',
        after?.emoji ?? '',
        limit,
      )
      .map(({ user_id, username, emoji, at }) => ({ userId: user_id, username, emoji, createdAt: isoTime(at) }))
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
    // What a keyed request was answered for it is kept for a day, too.
    this.#sql.all(
      `update idempotency set result = json_set(result, '$.message.content', '')
       where json_extract(result, '$.message.id') = ?`,
      row.id,
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

  /** As everybody is told of it. */
  view(row: MessageRow): Message {
    return this.#toMessage(
      row,
      Object.entries(countsOf(row)).map(([emoji, count]) => ({ emoji, count })),
    )
  }

  /** As one person reads them: with the reactions that are their own. */
  viewAll(rows: readonly MessageRow[], viewerId: string): Message[] {
    const reacted = rows.filter(({ reactions }) => reactions !== '{}')
    const own = this.#ownReactions(
      reacted.map(({ seq }) => seq),
      viewerId,
    )
    return rows.map((row) =>
      this.#toMessage(
        row,
        Object.entries(countsOf(row)).map(([emoji, count]) => ({ emoji, count, mine: own.has(`${row.seq} ${emoji}`) })),
      ),
    )
  }

  #ownReactions(seqs: readonly number[], userId: string): Set<string> {
    if (seqs.length === 0) return new Set()
    const rows = this.#sql.all<{ message_seq: number; emoji: string }>(
      `select message_seq, emoji from json_each(?) k cross join reactions r
       where r.message_seq = k.value and r.user_id = ?`,
      JSON.stringify(seqs),
      userId,
    )
    return new Set(rows.map(({ message_seq, emoji }) => `${message_seq} ${emoji}`))
  }

  #toMessage(row: MessageRow, reactions: Message['reactions']): Message {
    return {
      id: row.id,
      roomId: this.#room().id,
      seq: row.seq,
      changeSeq: row.change_seq,
      content: row.content,
      type: 'text',
      sender: { id: row.author_id, username: row.username, avatar: row.avatar },
      clientMessageId: row.client_message_id,
      replyTo: replyTo(row),
      threadId: row.thread_id,
      replyCount: row.reply_count,
      mentions: JSON.parse(row.mentions) as Message['mentions'],
      reactions,
      isPinned: row.pinned_seq !== null,
      isEdited: row.edited_at !== null,
      editedAt: isoTimeOrNull(row.edited_at),
      createdAt: isoTime(row.created_at),
    }
  }
}

export function countsOf({ reactions }: Pick<MessageRow, 'reactions'>): Record<string, number> {
  return JSON.parse(reactions) as Record<string, number>
}

function replyTo(row: MessageRow): Message['replyTo'] {
  if (row.reply_seq === null || row.parent_id === null || row.parent_author_id === null) return null
  const content = row.parent_deleted_at === null ? previewOf(row.parent_content ?? '') : null
  return { id: row.parent_id, seq: row.reply_seq, senderId: row.parent_author_id, content }
}
