import type { Message } from '../../../client/index.ts'
import type { Pending } from './outbox.ts'

/** What stands in one place of a conversation. */
export type Row =
  | { kind: 'day'; key: string; at: string }
  /** From here on it is new to the reader. */
  | { kind: 'new'; key: 'new' }
  | MessageRowData

export interface MessageRowData {
  kind: 'message'
  /** Stays the same when a message of mine is confirmed. */
  key: string
  entry: Message | Pending
  /** First and last of what one person wrote in one go. */
  isFirst: boolean
  isLast: boolean
}

export interface RowsInput {
  messages: Message[]
  pending: Pending[]
  myId: string
  /** The reader has seen everything up to this seq; null where no line is wanted. */
  seenUpTo?: number | null
}

const ONE_GO_MS = 5 * 60_000

export const isPending = (entry: Message | Pending): entry is Pending => !('seq' in entry)

/** Days, the line before what is new, and messages grouped by author and time. */
export function rowsOf({ messages, pending, myId, seenUpTo = null }: RowsInput): Row[] {
  // An answer that was lost on the way: the history has it already, and it stands there once.
  const known = new Set(messages.map(({ clientMessageId }) => clientMessageId))
  const unknown = pending.filter(({ clientMessageId }) => !known.has(clientMessageId))
  const entries: (Message | Pending)[] = [...messages, ...unknown]
  const firstNew =
    seenUpTo === null ? undefined : messages.find(({ seq, sender }) => seq > seenUpTo && sender.id !== myId)
  const by = (entry: Message | Pending) => (isPending(entry) ? myId : entry.sender.id)
  const goesOn = (before: Message | Pending | undefined, after: Message | Pending | undefined): boolean =>
    before !== undefined &&
    after !== undefined &&
    after !== firstNew &&
    by(before) === by(after) &&
    dayOf(before) === dayOf(after) &&
    Date.parse(after.createdAt) - Date.parse(before.createdAt) < ONE_GO_MS

  return entries.flatMap((entry, at): Row[] => {
    const before = entries[at - 1]
    const rows: Row[] = []
    if (!before || dayOf(before) !== dayOf(entry)) {
      rows.push({ kind: 'day', key: `day-${dayOf(entry)}`, at: entry.createdAt })
    }
    if (entry === firstNew) rows.push({ kind: 'new', key: 'new' })
    rows.push({
      kind: 'message',
      key: keyOf(entry),
      entry,
      isFirst: !goesOn(before, entry),
      isLast: !goesOn(entry, entries[at + 1]),
    })
    return rows
  })
}

function keyOf(entry: Message | Pending): string {
  return isPending(entry) ? entry.clientMessageId : (entry.clientMessageId ?? entry.id)
}

function dayOf({ createdAt }: { createdAt: string }): string {
  return new Date(createdAt).toDateString()
}
