import { requireUser, type ServiceContext } from '../../context.ts'
import type { SentMessage } from './commands.ts'
import type { SendMessageBody } from './message-schemas.ts'
import { fetchObjectName } from './queries.ts'
import { tellRoom } from './room-object.ts'

/** For clients without a socket: the same rules, as the same object decides. */
export async function sendMessage(ctx: ServiceContext, roomId: string, body: SendMessageBody): Promise<SentMessage> {
  const objectName = await fetchObjectName(ctx.core.db, requireUser(ctx).userId, roomId)
  return tellRoom(ctx, objectName, 'message:send', body)
}
