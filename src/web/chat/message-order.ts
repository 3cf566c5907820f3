import type { Message, RoomEvent } from '../../client/index.ts'

export interface Pending {
  clientMessageId: string
  content: string
  createdAt: string
  state: 'sending' | 'failed'
  problem: string | null
}

/** What stands in one place of a conversation. */
export type Row =
  | { kind: 'day'; key: string; at: string }
  | {
      kind: 'message'
      /** Stays the same when a message of mine is confirmed. */
      key: string
      entry: Message | Pending
      /** First and last of what one person wrote in one go. */
      isFirst: boolean
      isLast: boolean
    }

const ONE_GO_MS = 5 * 60_000

/** By seq, each message once. */
export function addMessages(known: Message[], fresh: Message[]): Message[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]))
  for (const message of fresh) bySeq.set(message.seq, message)
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** What stands there no more, or says something else now. */
export function changeMessages(
  known: Message[],
  change: Extract<RoomEvent, { event: 'message:edited' | 'message:deleted' }>,
): Message[] {
  if (change.event === 'message:deleted') return known.filter(({ id }) => id !== change.data.messageId)
  return known.map((message) => (message.id === change.data.id ? change.data : message))
}

export function settle(pending: Pending[], id: string, change: Partial<Pending>): Pending[] {
  return pending.map((entry) => (entry.clientMessageId === id ? { ...entry, ...change } : entry))
}

export const isPending = (entry: Message | Pending): entry is Pending => !('seq' in entry)

export function rowsOf(messages: Message[], pending: Pending[], myId: string): Row[] {
  const entries: (Message | Pending)[] = [...messages, ...pending]
  const by = (entry: Message | Pending | undefined) => (entry && !isPending(entry) ? entry.sender.id : myId)
  const goesOn = (before: Message | Pending | undefined, after: Message | Pending | undefined): boolean =>
    before !== undefined &&
    after !== undefined &&
    by(before) === by(after) &&
    dayOf(before) === dayOf(after) &&
    Date.parse(after.createdAt) - Date.parse(before.createdAt) < ONE_GO_MS

  return entries.flatMap((entry, at): Row[] => {
    const before = entries[at - 1]
    const row: Row = {
      kind: 'message',
      key: isPending(entry) ? entry.clientMessageId : (entry.clientMessageId ?? entry.id),
      entry,
      isFirst: !goesOn(before, entry),
      isLast: !goesOn(entry, entries[at + 1]),
    }
    const isNewDay = !before || dayOf(before) !== dayOf(entry)
    return isNewDay ? [{ kind: 'day', key: `day-${dayOf(entry)}`, at: entry.createdAt }, row] : [row]
  })
}

function dayOf({ createdAt }: { createdAt: string }): string {
  return new Date(createdAt).toDateString()
}
