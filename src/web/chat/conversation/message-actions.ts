import type { Message, RoomWithMembers } from '../../../client/index.ts'
import { isModerator, type Silence } from './writing-rules.ts'

/** What the reader may do with a message. The server decides anyway. */
export interface Allowed {
  reply: boolean
  react: boolean
  edit: boolean
  remove: boolean
  pin: boolean
  report: boolean
}

export function allowedFor(message: Message, room: RoomWithMembers, myId: string, silence: Silence | null): Allowed {
  const isOwn = message.sender.id === myId
  // Slow mode holds back new messages only.
  const hasVoice = silence === null || silence.kind === 'slow'
  return {
    reply: hasVoice,
    react: hasVoice,
    edit: isOwn && hasVoice,
    remove: isOwn || isModerator(room),
    pin: hasVoice && (room.type === 'private' || isModerator(room)),
    report: !isOwn,
  }
}
