import type { ServiceContext } from '../../context.ts'
import { inTurns } from '../../platform/in-turns.ts'
import { DELETED_NAME } from '../identity/index.ts'
import type { Results, RoomActor } from './commands.ts'
import { projectMembers } from './project-room.ts'
import { listRoomsEver } from './rooms-ever.ts'

/** Rooms whose objects are called in one go, and at the same time. */
const ROOMS_A_PAGE = 100
const ROOMS_AT_ONCE = 6

/**
 * Takes somebody whose account is gone out of their rooms, a page of them: of groups they leave, and what they wrote
 * anywhere has a nameless author. `after` is the last room of the page before; answers that of this page, or null
 * where no rooms are left. Does the same again where it is repeated.
 */
export async function erasePersonFromRooms(
  ctx: ServiceContext,
  userId: string,
  after: string | null,
): Promise<string | null> {
  const rooms = await listRoomsEver(ctx.core.db, userId, after ?? '', ROOMS_A_PAGE)
  await inTurns(rooms, ROOMS_AT_ONCE, ({ objectName }) => eraseFromRoom(ctx, objectName, userId))
  return rooms.length < ROOMS_A_PAGE ? null : (rooms.at(-1)?.roomId ?? null)
}

async function eraseFromRoom(ctx: ServiceContext, objectName: string, userId: string): Promise<void> {
  const by: RoomActor = { userId, username: DELETED_NAME, avatar: null, mayDeleteAny: false }
  for (let from: number | null = 0; from !== null; ) {
    const { value } = await ctx.room(objectName).act(by, { event: 'member:erase', data: { userId, from } })
    // What this command answers, which RPC cannot say.
    const { change, next } = value as Results['member:erase']
    if (change) await projectMembers(ctx, change)
    from = next
  }
}
