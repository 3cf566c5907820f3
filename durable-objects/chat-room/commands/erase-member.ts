import type { Results, RoomActor, WorkData } from '../../../src/features/chat/commands.ts'
import { DELETED_NAME } from '../../../src/features/identity/domain/deleted-user.ts'
import type { Member } from '../members.ts'
import type { RoomParts } from '../parts.ts'
import type { Effect } from './effect.ts'
import { dismiss } from './members.ts'
import { changedOf, memberUpdated, tellChange } from './members-changed.ts'

/** So much of the log is gone through in one transaction: a room that has talked for years goes on meanwhile. */
const SPAN = 10_000

/**
 * Somebody has given up their account. What they wrote stays, with a nameless author. They leave a group, and where
 * nobody else owns it, the moderator who has been here longest does from now on, or else the member who has. A private
 * room keeps its two people, so the other one still reads it, and nobody writes there any more. Again, it does nothing.
 */
export function eraseMember(
  parts: RoomParts,
  by: RoomActor,
  { userId, from }: WorkData<'member:erase'>,
): Effect<Results['member:erase']> {
  const { log, members } = parts
  parts.invites.dropAllOf(userId)
  const row = members.findRow(userId)
  const effect = row && parts.room.find() ? forget(parts, by, row) : { result: null, lines: [] }
  members.eraseName(userId, DELETED_NAME, { after: from, upTo: from + SPAN })
  const next = from + SPAN < log.lastSeq ? from + SPAN : null
  return { ...effect, result: { change: effect.result, next } }
}

function forget(parts: RoomParts, by: RoomActor, row: Member): Effect<Results['room:leave']> {
  const { blocks, log, members, room } = parts
  const nameless = { ...row, username: DELETED_NAME, avatar: null }
  members.update(row.user_id, { username: DELETED_NAME, avatar: null, ban_reason: null })
  if (row.left_at !== null) return { result: null, lines: [] }
  if (room.get().type === 'private') {
    if (row.username === DELETED_NAME) return { result: null, lines: [] }
    blocks.set(row.user_id, { isBlocked: true, at: Date.now() })
    return { result: null, lines: [log.record('room:member-updated', memberUpdated(parts, nameless))] }
  }
  const inherited = inherit(parts, by, nameless)
  const left = dismiss(parts, by, nameless, 'left')
  return { ...left, lines: [...inherited, ...left.lines] }
}

/** A group that has members has an owner. */
function inherit(parts: RoomParts, by: RoomActor, leaving: Member): string[] {
  const { log, members } = parts
  if (leaving.role !== 'owner' || members.hasOtherOwner(leaving.user_id)) return []
  const heir = members.findHeir(leaving.user_id)
  if (!heir) return []
  const owner = { ...heir, role: 'owner' as const }
  members.update(heir.user_id, { role: 'owner' })
  const line = log.record('room:member-updated', memberUpdated(parts, owner))
  tellChange(parts, by, [changedOf(owner, log.lastSeq, 'role')])
  return [line]
}
