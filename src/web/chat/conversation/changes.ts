import type { Message } from '../../../client/index.ts'
import { mapMessages } from './history.ts'

/** What the person has asked for and the server has not confirmed. It is shown as if it were so. */
export type Wish =
  | { kind: 'edit'; content: string; at: string }
  | { kind: 'delete' }
  | { kind: 'react'; emoji: string; added: boolean }
  | { kind: 'pin'; pinned: boolean }

export interface Change {
  readonly id: number
  readonly messageId: string
  readonly wish: Wish
}

/** The messages as they will be once everything asked for is done. Taking a change out of the list takes it back. */
export function withChanges(messages: Message[], changes: readonly Change[]): Message[] {
  if (changes.length === 0) return messages
  return mapMessages(messages, (message) =>
    changes.reduce<Message | null>(
      (now, { messageId, wish }) => (now && messageId === now.id ? wished(now, wish) : now),
      message,
    ),
  )
}

function wished(message: Message, wish: Wish): Message | null {
  switch (wish.kind) {
    case 'delete':
      return null
    case 'edit':
      return { ...message, content: wish.content, isEdited: true, editedAt: wish.at }
    case 'pin':
      return { ...message, isPinned: wish.pinned }
    case 'react':
      return { ...message, reactions: reacted(message.reactions, wish) }
  }
}

function reacted(reactions: Message['reactions'], { emoji, added }: { emoji: string; added: boolean }) {
  const known = reactions.find((reaction) => reaction.emoji === emoji)
  if (!known) return added ? [...reactions, { emoji, count: 1, mine: true }] : reactions
  if (Boolean(known.mine) === added) return reactions
  const count = known.count + (added ? 1 : -1)
  return count === 0
    ? reactions.filter((reaction) => reaction !== known)
    : reactions.map((reaction) => (reaction === known ? { ...known, count, mine: added } : reaction))
}
