import type { ServiceContext } from '../../context.ts'
import { fetchObjectNameOf } from './queries.ts'

/**
 * Takes a message out of its room, whoever wrote it: the caller has decided that it must go. Removing what is removed
 * does nothing. @throws Refusal where there is no such room or message
 */
export async function removeMessage(ctx: ServiceContext, roomId: string, messageId: string): Promise<void> {
  const objectName = await fetchObjectNameOf(ctx.core.db, roomId)
  await ctx.room(objectName).remove(messageId)
}
