import type { RoomActor } from '../../../src/features/chat/commands.ts'
import { notFound, Refusal } from '../../../src/platform/errors.ts'
import type { Member } from '../members.ts'
import type { RoomParts } from '../parts.ts'

/** Why somebody is no member any more. */
export type Departure = 'left' | 'removed' | 'banned'

/** What a command has done, inside the tick's transaction. A command that refuses does so before it writes. */
export interface Effect<T> {
  result: T
  /** What all members are told, in the order of the log. */
  lines: string[]
  /** Who is told nothing of it any more, and nothing after it. */
  gone?: { userId: string; reason: Departure }[]
  /** Up to where the one who said it has read now. */
  read?: { userId: string; seq: number }
}

/** @throws Refusal in the words of a room that is not there: a stranger learns nothing */
export function demandMember({ room, members }: RoomParts, by: Pick<RoomActor, 'userId'>): Member {
  const member = room.find() && members.find(by.userId)
  if (!member) throw notFound('Room')
  return member
}

/** Whoever may not write may not edit or react either. @throws Refusal */
export function demandVoice({ blocks }: RoomParts, member: Member): void {
  const refusal = blocks.refusalFor(member.user_id)
  if (refusal) throw refusal
  if (member.muted_until > Date.now()) throw new Refusal('FORBIDDEN', 'You are muted in this room')
}

export function demandGroup({ room }: RoomParts, message: string): void {
  if (room.get().type === 'private') throw new Refusal('FORBIDDEN', message)
}
