import { calledNames } from '../../src/features/chat/domain/room-rules.ts'
import type { Message } from '../../src/features/chat/message-schemas.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import { push } from '../shared/frames.ts'
import type { MeteredSql } from '../shared/metered-sql.ts'
import type { RoomMembers } from './members.ts'
import type { MessageTallies } from './message-tallies.ts'
import type { MessageRow, Messages } from './messages.ts'
import type { Watermarks } from './watermarks.ts'

/** A message on its way into the log. */
export interface Draft {
  authorId: string
  username: string
  avatar: string | null
  content: string
  clientMessageId: string | null
  /** The message that it answers, and whether that is none any more. */
  parent: Pick<MessageRow, 'seq' | 'thread_seq'> | undefined
  isParentGone: boolean
}

/** What became of one: `isNew` is false where its author had sent it before. */
export interface Written {
  row: MessageRow
  isNew: boolean
}

/** What the log writes beside itself, or asks. */
interface LogParts {
  messages: Messages
  tallies: MessageTallies
  members: RoomMembers
  watermarks: Watermarks
}

/** The room's one log: every durable event takes the next seq, without gap. */
export class RoomLog {
  readonly #sql: MeteredSql
  readonly #messages: Messages
  readonly #tallies: MessageTallies
  readonly #members: RoomMembers
  readonly #watermarks: Watermarks
  #lastSeq: number
  #ordinal: number

  constructor(sql: MeteredSql, { messages, tallies, members, watermarks }: LogParts) {
    this.#sql = sql
    this.#messages = messages
    this.#tallies = tallies
    this.#members = members
    this.#watermarks = watermarks
    this.#lastSeq = this.#readLastSeq()
    this.#ordinal = tallies.ordinalAt(Number.MAX_SAFE_INTEGER)
  }

  /** After a transaction that was undone the numbers in memory may be ahead of the log. */
  recover(): void {
    this.#lastSeq = this.#readLastSeq()
    this.#ordinal = this.#tallies.ordinalAt(Number.MAX_SAFE_INTEGER)
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  /** How many messages there have ever been. */
  get messageCount(): number {
    return this.#ordinal
  }

  /**
   * Writes drafts that came one after the other with one statement. A `clientMessageId` that its author has used
   * stands for the message of then, and is asked for no permission: repeats are looked up first, so that numbers
   * have no gap. Where that one was deleted, the repeat is refused: it is not to come back, not even empty.
   * `refusalOf` says why a new one may not be written.
   */
  append(drafts: readonly Draft[], refusalOf: (draft: Draft) => Refusal | undefined): (Written | Refusal)[] {
    const known = this.#findRepeats(drafts)
    const rows: MessageRow[] = []
    const now = Date.now()
    const outcomes = drafts.map((draft): Written | Refusal => {
      const key = repeatKey(draft.authorId, draft.clientMessageId)
      const repeat = key === undefined ? undefined : known.get(key)
      if (repeat) return repeat.deleted_at === null ? { row: repeat, isNew: false } : wasDeleted()
      const refusal = refusalOf(draft)
      if (refusal) return refusal
      const row = this.#toRow(draft, rows.length + 1, now)
      rows.push(row)
      if (key !== undefined) known.set(key, row)
      return { row, isNew: true }
    })
    this.#insert(rows)
    return outcomes
  }

  /** Records what is no new message, under the next seq, and answers the line that tells everybody. */
  record(event: string, data: object, messageSeq?: number): string {
    this.#lastSeq += 1
    const seq = this.#lastSeq
    this.#sql.all(
      'insert into changes (seq, event, message_seq, data) values (?, ?, ?, ?)',
      seq,
      event,
      messageSeq ?? null,
      JSON.stringify(data),
    )
    if (messageSeq !== undefined) {
      this.#sql.all('update messages set change_seq = ? where seq = ?', seq, messageSeq)
    }
    return push(event, data, seq)
  }

  /**
   * Lines for what came after `seq`, in order: each message once, as it is now, and all else as it was told.
   * Undefined where that is more than `limit` events, or `seq` is not of this log.
   */
  replay(seq: number, limit: number, viewerId: string): string[] | undefined {
    if (seq > this.#lastSeq || this.#lastSeq - seq > limit) return undefined
    const created = this.#messages.createdAfter(seq)
    const changes = this.#sql.all<{ seq: number; event: string; message_seq: number | null; data: string }>(
      'select seq, event, message_seq, data from changes where seq > ? order by seq',
      seq,
    )
    const lines = new Map(
      this.#messages
        .viewAll(created, viewerId)
        .map((message) => [message.seq, push('message:new', message, message.seq)]),
    )
    const lastChange = new Map<number, (typeof changes)[number]>()
    for (const change of changes) {
      if (change.message_seq === null) lines.set(change.seq, push(change.event, JSON.parse(change.data), change.seq))
      else if (change.message_seq <= seq) lastChange.set(change.message_seq, change)
    }
    const stillThere = this.#messages.bySeqs([...lastChange.keys()]).filter(({ deleted_at }) => deleted_at === null)
    const views = new Map(this.#messages.viewAll(stillThere, viewerId).map((message) => [message.seq, message]))
    for (const [messageSeq, change] of lastChange) {
      const view = views.get(messageSeq)
      const [event, data] = view ? ['message:edited', view] : [change.event, JSON.parse(change.data)]
      lines.set(change.seq, push(event, data, change.seq))
    }
    return [...lines].toSorted(([a], [b]) => a - b).map(([, line]) => line)
  }

  #readLastSeq(): number {
    const found = this.#sql.first<{ seq: number | null }>(
      'select max((select coalesce(max(seq), 0) from messages), (select coalesce(max(seq), 0) from changes)) as seq',
    )
    return found?.seq ?? 0
  }

  #findRepeats(drafts: readonly Draft[]): Map<string, MessageRow> {
    const asked = drafts.flatMap(({ authorId, clientMessageId }) =>
      clientMessageId === null ? [] : [[authorId, clientMessageId] as const],
    )
    const rows = this.#messages.byClientIds(asked)
    return new Map(rows.map((row) => [repeatKey(row.author_id, row.client_message_id) ?? '', row]))
  }

  #toRow(draft: Draft, place: number, now: number): MessageRow {
    const { parent } = draft
    const mentions = this.#members.findByNames(calledNames(draft.content)).filter(({ id }) => id !== draft.authorId)
    return {
      seq: this.#lastSeq + place,
      id: newId(),
      author_id: draft.authorId,
      client_message_id: draft.clientMessageId,
      content: draft.content,
      created_at: now,
      edited_at: null,
      deleted_at: null,
      change_seq: this.#lastSeq + place,
      ordinal: this.#ordinal + place,
      reply_seq: parent?.seq ?? null,
      thread_seq: parent ? (parent.thread_seq ?? parent.seq) : null,
      reply_count: 0,
      mentions: JSON.stringify(mentions),
      reactions: '{}',
      pinned_seq: null,
      username: draft.username,
      avatar: draft.avatar,
      parent_id: null,
      parent_author_id: null,
      parent_content: null,
      parent_deleted_at: null,
      thread_id: null,
    }
  }

  #insert(rows: readonly MessageRow[]): void {
    if (rows.length === 0) return
    this.#sql.all(
      `insert into messages (seq, id, author_id, client_message_id, type, content, created_at, ordinal, change_seq,
         reply_seq, thread_seq, mentions)
       select value ->> 'seq', value ->> 'id', value ->> 'author_id', value ->> 'client_message_id', 'text',
         value ->> 'content', value ->> 'created_at', value ->> 'ordinal', value ->> 'seq', value ->> 'reply_seq',
         value ->> 'thread_seq', value ->> 'mentions'
       from json_each(?)`,
      JSON.stringify(rows),
    )
    this.#lastSeq += rows.length
    this.#ordinal += rows.length
    this.#countReplies(rows)
    this.#noteMentions(rows)
  }

  #countReplies(rows: readonly MessageRow[]): void {
    const roots = rows.flatMap(({ thread_seq }) => (thread_seq === null ? [] : [thread_seq]))
    if (roots.length === 0) return
    this.#sql.all(
      `update messages set reply_count = reply_count + (select count(*) from json_each(?1) where value = messages.seq)
       where seq in (select value from json_each(?1))`,
      JSON.stringify(roots),
    )
    // Only answers need what stands in other rows.
    const answers = rows.filter(({ reply_seq }) => reply_seq !== null)
    for (const full of this.#messages.bySeqs(answers.map(({ seq }) => seq))) {
      Object.assign(rows.find(({ seq }) => seq === full.seq) ?? {}, full)
    }
  }

  #noteMentions(rows: readonly MessageRow[]): void {
    const mentioned = rows.flatMap((row) =>
      row.mentions === '[]' ? [] : (JSON.parse(row.mentions) as Message['mentions']).map(({ id }) => [id, row.seq]),
    )
    if (mentioned.length === 0) return
    this.#sql.all(
      `insert or ignore into mentions select value ->> 0, value ->> 1 from json_each(?)`,
      JSON.stringify(mentioned),
    )
    this.#watermarks.markUntold(mentioned.map(([id]) => String(id)))
  }
}

function wasDeleted(): Refusal {
  return new Refusal('CONFLICT', 'This message was deleted')
}

function repeatKey(authorId: string, clientMessageId: string | null): string | undefined {
  return clientMessageId === null ? undefined : `${authorId} ${clientMessageId}`
}
