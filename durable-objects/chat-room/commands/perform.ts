import type { Results, RoomActor, Work, WorkData, WorkName } from '../../../src/features/chat/commands.ts'
import type { RoomParts } from '../parts.ts'
import type { Effect } from './effect.ts'
import { eraseMember } from './erase-member.ts'
import { addMembers, joinRoom } from './joining.ts'
import { banMember, leaveRoom, removeMember, setMute, setRole, unbanMember } from './members.ts'
import { deleteMessage, editMessage, setPin, setReaction } from './messages.ts'
import { createInvite, markRead, revokeInvite, setNotify, updateRoom } from './settings.ts'

/** Sends are written many at once, by the log. */
type Single = Exclude<WorkName, 'message:send'>

const COMMANDS: { [N in Single]: (parts: RoomParts, by: RoomActor, data: WorkData<N>) => Effect<Results[N]> } = {
  'message:edit': editMessage,
  'message:delete': deleteMessage,
  'message:pin': (parts, by, data) => setPin(parts, by, data, true),
  'message:unpin': (parts, by, data) => setPin(parts, by, data, false),
  'message:read': markRead,
  'reaction:add': (parts, by, data) => setReaction(parts, by, data, true),
  'reaction:remove': (parts, by, data) => setReaction(parts, by, data, false),
  'room:join': joinRoom,
  'room:leave': leaveRoom,
  'room:notify': setNotify,
  'room:update': updateRoom,
  'member:add': addMembers,
  'member:remove': removeMember,
  'member:role': setRole,
  'member:mute': (parts, by, { userId, minutes }) => setMute(parts, by, userId, minutes),
  'member:unmute': (parts, by, { userId }) => setMute(parts, by, userId, undefined),
  'member:ban': banMember,
  'member:unban': unbanMember,
  'invite:create': createInvite,
  'invite:revoke': revokeInvite,
  'member:erase': eraseMember,
}

/** @throws Refusal, before anything is written */
export function perform(
  parts: RoomParts,
  by: RoomActor,
  work: Exclude<Work, { event: 'message:send' }>,
): Effect<unknown> {
  // Event and data belong together in `Work`, which TypeScript does not follow through a table.
  const command = COMMANDS[work.event] as (parts: RoomParts, by: RoomActor, data: unknown) => Effect<unknown>
  return command(parts, by, work.data)
}
