import type { ServiceContext } from '../../context.ts'
import { inTurns } from '../../platform/in-turns.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { MembersChanged, type MembersChangedPayload, RoomCreated, type RoomCreatedPayload } from '../chat/events.ts'

const PEOPLE_AT_ONCE = 10

/** Who has come into a room hears it on their own sockets from now on; who has gone hears that, and nothing more. */
export const realtimeSubscribers = [
  subscriber(
    'realtime.follow-rooms',
    MembersChanged,
    { lane: 'critical', once: { by: 'object', store: 'core' } },
    (ctx: ServiceContext, { id, payload }) => followRooms(ctx, payload, id),
  ),
  subscriber(
    'realtime.follow-new-rooms',
    RoomCreated,
    { lane: 'critical', once: { by: 'object', store: 'core' } },
    (ctx: ServiceContext, { id, payload }) => followNewRoom(ctx, payload, id),
  ),
]

/** Who is a member from the beginning has not joined, and has as much to hear. */
function followNewRoom(ctx: ServiceContext, room: RoomCreatedPayload, eventId: string): Promise<void> {
  const { roomId, objectName, members } = room
  return inTurns(members, PEOPLE_AT_ONCE, async ({ userId }) => {
    await ctx.userSocket(userId).follow({ roomId, objectName }, eventId)
  })
}

async function followRooms(ctx: ServiceContext, change: MembersChangedPayload, eventId: string): Promise<void> {
  const { roomId, objectName, members } = change
  await inTurns(members, PEOPLE_AT_ONCE, async (member) => {
    if (member.change === 'role') return
    const own = ctx.userSocket(member.userId)
    if (member.change === 'joined') await own.follow({ roomId, objectName }, eventId)
    else await own.unfollow({ roomId, reason: member.change }, eventId)
  })
}
