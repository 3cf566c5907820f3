import type { ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { findAddress } from './queries.ts'
import { actorOf } from './room-object.ts'

/**
 * Takes a message out of its room, whoever wrote it: the caller has decided that it must go. Removing what is removed
 * does nothing. @throws Refusal where there is no such room or message
 */
export async function removeMessage(ctx: ServiceContext, roomId: string, messageId: string): Promise<void> {
  const by = await actorOf(ctx)
  const address = await findAddress(ctx.core.db, by.userId, roomId)
  if (!address) throw notFound('Room')
  await ctx
    .room(address.objectName)
    .act({ ...by, mayDeleteAny: true }, { event: 'message:delete', data: { messageId } })
}
