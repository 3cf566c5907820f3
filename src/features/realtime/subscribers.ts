import type { ServiceContext } from '../../context.ts'
import { inTurns } from '../../platform/in-turns.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { MembersChanged, type MembersChangedPayload, RoomCreated, type RoomCreatedPayload } from '../chat/events.ts'

const PEOPLE_AT_ONCE = 10
const inObject = { lane: 'critical', once: { by: 'object', store: 'core' } } as const

/** Who has come into a room hears it on their own sockets from now on; who has gone hears that, and nothing more. */
export const realtimeSubscribers = [
  subscriber('realtime.follow-rooms', MembersChanged, inObject, (ctx: ServiceContext, { id, payload }) =>
    followRooms(ctx, payload, id),
  ),
  subscriber('realtime.follow-new-room', RoomCreated, inObject, (ctx: ServiceContext, { id, payload }) =>
    followNewRoom(ctx, payload, id),
  ),
]

/** Those with whom a room begins have not joined it, and hear it all the same. */
async function followNewRoom(ctx: ServiceContext, room: RoomCreatedPayload, eventId: string): Promise<void> {
  const { roomId, objectName, members } = room
  await inTurns(members, PEOPLE_AT_ONCE, async ({ userId }) => {
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
