import { previewOf } from '../../src/features/chat/domain/preview.ts'
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

/**
 * How messages are read: they are written in log.ts, changed in message-edits.ts and counted in message-tallies.ts.
 * Deleted ones are in no list; `viewerId` is whose own reactions are marked.
 */
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
