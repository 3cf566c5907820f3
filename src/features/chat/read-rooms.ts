import { requireUser, type ServiceContext } from '../../context.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { fetchRoom, listRooms } from './queries.ts'
import type { Room, RoomWithMembers } from './schemas.ts'
import { toRoom } from './views.ts'

export async function listOwnRooms(
  ctx: ServiceContext,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Page<Room>> {
  const { userId } = requireUser(ctx)
  const rows = await listRooms(ctx.core.db, userId, decodeCursor(cursor, TimePlace), limit + 1)
  const page = toPage(rows, limit, (row): TimePlace => [row.updatedAt, row.id])
  return { ...page, items: page.items.map(toRoom) }
}

/** The room's row from D1, its members and its newest seq from its object, which is the truth. */
export async function getRoom(ctx: ServiceContext, roomId: string): Promise<RoomWithMembers> {
  const { userId } = requireUser(ctx)
  const row = await fetchRoom(ctx.core.db, userId, roomId)
  const { lastSeq, members } = await ctx.room(row.objectName).describe(userId)
  return { ...toRoom(row), lastSeq, members }
}
