import { requireUser, type ServiceContext } from '../../context.ts'
import { fetchObjectName } from './queries.ts'
import type { Message } from './schemas.ts'

/** A message as the caller sees it now. @throws Refusal where the caller is no member, or it is not there any more */
export async function findMessage(ctx: ServiceContext, roomId: string, messageId: string): Promise<Message> {
  const { userId } = requireUser(ctx)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  return ctx.room(objectName).message(userId, messageId)
}
