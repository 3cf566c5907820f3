import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import type { Message } from './message-schemas.ts'
import { fetchObjectName, findAddress } from './queries.ts'
import { tellRoom } from './room-object.ts'

export async function editMessage(
  ctx: ServiceContext,
  roomId: string,
  data: { messageId: string; content: string },
): Promise<Message> {
  return tellRoom(ctx, await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId), 'message:edit', data)
}

/** Also for those who may delete everywhere, whether they belong to the room or not. */
export async function deleteMessage(ctx: ServiceContext, roomId: string, messageId: string): Promise<void> {
  const address = await findAddress(ctx.core.db, requireUser(ctx).userId, roomId)
  if (!address) throw notFound('Room')
  const { permissions } = await ctx.session()
  if (!address.isMember && !permissions.includes('delete:content')) throw notFound('Room')
  await tellRoom(ctx, address.objectName, 'message:delete', { messageId })
}

export async function setReaction(
  ctx: ServiceContext,
  roomId: string,
  data: { messageId: string; emoji: string },
  added: boolean,
): Promise<Message> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  return tellRoom(ctx, objectName, added ? 'reaction:add' : 'reaction:remove', data)
}

export async function setPin(
  ctx: ServiceContext,
  roomId: string,
  messageId: string,
  pinned: boolean,
): Promise<Message> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  return tellRoom(ctx, objectName, pinned ? 'message:pin' : 'message:unpin', { messageId })
}
