import type { Message, RoomEvent } from '../../../client/index.ts'
import { previewOf } from './preview.ts'

/** A stretch of the room's messages without a gap, oldest first. */
export interface Stretch {
  messages: Message[]
  hasOlder: boolean
}

/** What is known of a room: its newest stretch, and an older one while the reader looks at that. */
export interface History {
  live: Stretch
  past: Stretch | null
}

export const EMPTY_HISTORY: History = { live: { messages: [], hasOlder: false }, past: null }

export const shownStretch = ({ live, past }: History): Stretch => past ?? live

/** By seq, each message once; of two views of one message the newer stays. */
function addMessages(known: Message[], fresh: Message[]): Message[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]))
  for (const message of fresh) {
    const before = bySeq.get(message.seq)
    if (!before || before.changeSeq <= message.changeSeq)
      bySeq.set(message.seq, before ? renew(before, message) : message)
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** What is pushed to everybody alike does not say which reactions are the reader's own: that is kept. */
export function renew(known: Message, fresh: Message): Message {
  const reactions = fresh.reactions.map((reaction) => {
    const mine = reaction.mine ?? known.reactions.find(({ emoji }) => emoji === reaction.emoji)?.mine
    return mine === undefined ? reaction : { ...reaction, mine }
  })
  return { ...fresh, reactions }
}

/** A page of older messages, put before what is shown. */
export function addOlder(history: History, page: Message[], hasOlder: boolean): History {
  const grown = { messages: addMessages(shownStretch(history).messages, page), hasOlder }
  return history.past ? { ...history, past: grown } : { ...history, live: grown }
}

/** A page of newer ones, put after an older stretch; where that meets the newest one, they are one again. */
export function addNewer(history: History, page: Message[], hasNewer: boolean): History {
  const { live, past } = history
  if (!past) return { ...history, live: { ...live, messages: addMessages(live.messages, page) } }
  const messages = addMessages(past.messages, page)
  const reached = messages.at(-1)?.seq ?? 0
  const begin = live.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  if (hasNewer && reached < begin) return { ...history, past: { ...past, messages } }
  return { live: { messages: addMessages(messages, live.messages), hasOlder: past.hasOlder }, past: null }
}

/** Without the oldest of the newest stretch, so that a page that is open for days does not grow for days. */
export function withNewest(history: History, most: number): History {
  const { messages } = history.live
  if (messages.length <= most) return history
  return { ...history, live: { messages: messages.slice(-most), hasOlder: true } }
}

/** The newest stretch grows by what is said now. A new answer is counted at the message its thread began with. */
export function arrive(history: History, message: Message): History {
  if (history.live.messages.some(({ id }) => id === message.id))
    return mapAll(history, (known) => addIfSame(known, message))
  const counted =
    message.threadId === null ? history : mapAll(history, (known) => countReply(known, message.threadId, 1))
  return { ...counted, live: { ...counted.live, messages: addMessages(counted.live.messages, [message]) } }
}

type Change = Extract<
  RoomEvent,
  { event: 'message:edited' | 'message:deleted' | 'message:reaction' | 'message:pinned' }
>

/** What a change of the room's log does to what is known. */
export function applyChange(history: History, change: Change, myId: string): History {
  switch (change.event) {
    case 'message:edited':
      return mapAll(history, (known) =>
        quoting(addIfSame(known, change.data), change.data.id, previewOf(change.data.content)),
      )
    case 'message:deleted': {
      const gone = findMessage(history, change.data.messageId)
      const counted = gone?.threadId ? mapAll(history, (known) => countReply(known, gone.threadId, -1)) : history
      return mapAll(counted, (known) => withoutText(known, change.data.messageId))
    }
    case 'message:reaction':
      return mapAll(history, (known) =>
        known.id === change.data.messageId ? reactedTo(known, { ...change.data, seq: change.seq }, myId) : known,
      )
    case 'message:pinned':
      return mapAll(history, (known) =>
        known.id === change.data.messageId ? { ...known, isPinned: change.data.pinned, changeSeq: change.seq } : known,
      )
  }
}

export function findMessage({ live, past }: History, id: string): Message | undefined {
  const isIt = (message: Message) => message.id === id
  return live.messages.find(isIt) ?? past?.messages.find(isIt)
}

/** Every message in both stretches; what maps to null is gone. */
export function mapAll(history: History, change: (message: Message) => Message | null): History {
  const { live, past } = history
  return {
    live: { ...live, messages: mapMessages(live.messages, change) },
    past: past && { ...past, messages: mapMessages(past.messages, change) },
  }
}

export function mapMessages(messages: Message[], change: (message: Message) => Message | null): Message[] {
  let isSame = true
  const changed: Message[] = []
  for (const message of messages) {
    const now = change(message)
    if (now !== message) isSame = false
    if (now) changed.push(now)
  }
  // The same list again where nothing changed, so that nothing is drawn anew.
  return isSame ? messages : changed
}

function addIfSame(known: Message, fresh: Message): Message {
  return known.id === fresh.id && known.changeSeq <= fresh.changeSeq ? renew(known, fresh) : known
}

function countReply(known: Message, threadId: string | null, by: 1 | -1): Message {
  return known.id === threadId ? { ...known, replyCount: Math.max(0, known.replyCount + by) } : known
}

/** A message that is deleted goes away, and what answered it no longer says what it said. */
function withoutText(known: Message, deletedId: string): Message | null {
  return known.id === deletedId ? null : quoting(known, deletedId, null)
}

/** What answers a message says what that one says now. */
function quoting(known: Message, id: string, content: string | null): Message {
  const { replyTo } = known
  return replyTo?.id === id && replyTo.content !== content ? { ...known, replyTo: { ...replyTo, content } } : known
}

interface Reacted {
  emoji: string
  userId: string
  added: boolean
  count: number
  seq: number
}

function reactedTo(known: Message, { emoji, userId, added, count, seq }: Reacted, myId: string): Message {
  if (seq <= known.changeSeq) return known
  const before = known.reactions.find((reaction) => reaction.emoji === emoji)
  const mine = userId === myId ? added : (before?.mine ?? false)
  const others = known.reactions.filter((reaction) => reaction.emoji !== emoji)
  const now = { emoji, count, mine }
  const reactions =
    count === 0 ? others : before ? known.reactions.map((it) => (it === before ? now : it)) : [...others, now]
  return { ...known, reactions, changeSeq: seq }
}
