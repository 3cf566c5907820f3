import { requireUser, type ServiceContext } from '../../context.ts'
import type { Message } from './message-schemas.ts'
import { fetchObjectName } from './queries.ts'
import { askRoom } from './room-object.ts'

/** A message as the caller sees it now. @throws Refusal where the caller is no member, or it is not there any more */
export async function findMessage(ctx: ServiceContext, roomId: string, messageId: string): Promise<Message> {
  const { userId } = requireUser(ctx)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  return askRoom(ctx, objectName, userId, { kind: 'message', messageId })
}
