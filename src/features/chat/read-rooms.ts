import * as z from 'zod'
import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { decodeCursor, type Page, TimePlace, toPage } from '../../platform/cursor.ts'
import { searchKey } from '../../platform/text.ts'
import { fetchRoom, listOpenRooms, listRooms } from './queries.ts'
import { askRoom } from './room-object.ts'
import type { OpenRoom, Room, RoomWithMembers } from './schemas.ts'
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
  const told = await askRoom(ctx, row.objectName, userId, { kind: 'room' })
  return { ...toRoom(row), ...told, topic: told.settings.topic, joinPolicy: told.settings.joinPolicy }
}

const NamePlace = z.tuple([z.string().max(200), z.uuid()])

/** Groups that anybody may join, by the beginning of their name. */
export async function findOpenRooms(
  ctx: ServiceContext,
  { q, cursor, limit }: { q?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<OpenRoom>> {
  const after = decodeCursor(cursor, NamePlace)
  const rows = await listOpenRooms(ctx.core.db, searchKey(q ?? ''), after, limit + 1)
  const page = toPage(rows, limit, ({ nameKey, id }): z.output<typeof NamePlace> => [nameKey, id])
  return {
    ...page,
    items: page.items.map(({ nameKey: _key, createdAt, ...room }) => ({ ...room, createdAt: isoTime(createdAt) })),
  }
}
