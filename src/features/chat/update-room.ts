import { requireUser, type ServiceContext } from '../../context.ts'
import { projectSettings } from './project-room.ts'
import { fetchRoom } from './queries.ts'
import { tellRoom } from './room-object.ts'
import type { Room, UpdateRoomBody } from './schemas.ts'
import { toRoom } from './views.ts'

export async function updateRoom(ctx: ServiceContext, roomId: string, body: UpdateRoomBody): Promise<Room> {
  const row = await fetchRoom(ctx.core.db, requireUser(ctx).userId, roomId)
  const updated = await tellRoom(ctx, row.objectName, 'room:update', body)
  await projectSettings(ctx, updated)
  const { name, topic, joinPolicy, seq } = updated
  return { ...toRoom(row), name, topic, joinPolicy, lastSeq: Math.max(row.lastSeq, seq) }
}
