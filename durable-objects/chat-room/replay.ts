import type { RoomPresence } from '../../src/features/chat/schemas.ts'
import { push } from '../shared/frames.ts'
import type { RoomParts } from './parts.ts'

/** More than this after `since` is not replayed: the client loads history instead. */
const REPLAY_LIMIT = 500

/** What a newcomer missed, folded into lines, and last where the room stands and who is here. */
export function greeting(
  { room, log }: RoomParts,
  { count, userIds }: RoomPresence,
  viewerId: string,
  since: number | null,
): string[] {
  const seq = log.lastSeq
  const ready = push('room:ready', { roomId: room.get().id, seq, online: userIds, onlineCount: count })
  if (since === null) return [ready]
  const missed = log.replay(since, REPLAY_LIMIT, viewerId)
  return missed ? [...missed, ready] : [push('resync', { seq }), ready]
}
