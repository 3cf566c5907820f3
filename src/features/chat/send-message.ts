import { requireUser, type ServiceContext } from '../../context.ts'
import { fetchObjectName } from './queries.ts'
import type { Message, SendMessageBody } from './schemas.ts'

/** For clients without a socket: the same rules, as the same object decides. */
export async function sendMessage(
  ctx: ServiceContext,
  roomId: string,
  body: SendMessageBody,
): Promise<{ message: Message; isNew: boolean }> {
  const { userId } = requireUser(ctx)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  const { value, replayed } = await ctx.room(objectName).send(userId, body, ctx.idempotency.attempt())
  ctx.idempotency.isReplayed = replayed
  return value
}
