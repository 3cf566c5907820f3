import type { Message } from '../../../src/client/index.ts'

export const ME = 'me'
export const ROOM = 'room'

/** A message of `by`, a minute after the one before it. */
export function message(seq: number, change: Partial<Message> & { by?: string } = {}): Message {
  const { by = 'ann', ...rest } = change
  return {
    id: `m${seq}`,
    roomId: ROOM,
    seq,
    changeSeq: seq,
    content: `text ${seq}`,
    type: 'text',
    sender: { id: by, username: by, avatar: null },
    clientMessageId: null,
    replyTo: null,
    threadId: null,
    replyCount: 0,
    mentions: [],
    reactions: [],
    isPinned: false,
    isEdited: false,
    editedAt: null,
    createdAt: new Date(Date.UTC(2026, 4, 4, 12, seq)).toISOString(),
    ...rest,
  }
}
