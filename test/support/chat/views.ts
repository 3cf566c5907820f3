import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { RoomState, Said } from './oracle.ts'

/** The room as this person must read it, oldest first. Names and times are nobody's: only `toView` counts. */
export function messagesOf({ said }: RoomState, viewerId: string): Message[] {
  const find = (id: string | null) => said.find((one) => one.id === id)
  const rootOf = (one: Said): string | null => {
    const parent = find(one.replyTo)
    return parent ? (rootOf(parent) ?? parent.id) : null
  }
  const left = said.filter(({ isDeleted }) => !isDeleted)
  return left.map((one) => {
    const parent = find(one.replyTo)
    return {
      id: one.id,
      roomId: '',
      seq: one.seq,
      changeSeq: one.changeSeq,
      content: one.content,
      type: 'text',
      sender: { id: one.authorId, username: '', avatar: null },
      clientMessageId: one.clientMessageId,
      replyTo: parent
        ? {
            id: parent.id,
            seq: parent.seq,
            senderId: parent.authorId,
            content: parent.isDeleted ? null : parent.content,
          }
        : null,
      threadId: rootOf(one),
      replyCount: left.filter((other) => rootOf(other) === one.id).length,
      mentions: one.mentions.map((id) => ({ id, username: '' })),
      reactions: one.reactions.map(({ emoji, userIds }) => ({
        emoji,
        count: userIds.length,
        mine: userIds.includes(viewerId),
      })),
      isPinned: one.pinnedSeq !== null,
      isEdited: one.isEdited,
      editedAt: null,
      createdAt: '',
    }
  })
}

/** What of a message two views of it must agree in, as text that a failure can show. */
export function toView(message: Message): string {
  const { id, seq, changeSeq, content, clientMessageId, threadId, replyCount, isPinned, isEdited, replyTo } = message
  return JSON.stringify({
    ...{ id, seq, changeSeq, content, clientMessageId, threadId, replyCount, isPinned, isEdited, replyTo },
    senderId: message.sender.id,
    mentions: message.mentions.map((one) => one.id).toSorted(),
    reactions: message.reactions.map(({ emoji, count, mine }) => `${emoji} ${count}${mine ? ' mine' : ''}`),
  })
}

/** Messages after `seq`, and those of them that call this person. */
export function unreadAfter({ said }: RoomState, userId: string, seq: number): { unread: number; mentions: number } {
  const unread = said.filter((one) => one.seq > seq && !one.isDeleted)
  return { unread: unread.length, mentions: unread.filter(({ mentions }) => mentions.includes(userId)).length }
}
