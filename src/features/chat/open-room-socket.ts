import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound, Refusal, unauthenticated } from '../../platform/errors.ts'
import { upgradeRequest } from '../../platform/realtime/upgrade.ts'
import type { TicketClaims } from '../../platform/security/socket-ticket.ts'
import { admitSocket, socketAnswer } from '../realtime/index.ts'
import { fetchObjectName } from './queries.ts'

/** When it is worth asking again whether a full room has a place. */
const FULL_FOR_SECONDS = 30

/** Opens a socket of a room that the caller belongs to; what came after `since` is sent first. */
export async function openRoomSocket(
  ctx: ServiceContext,
  roomId: string,
  {
    ticket,
    since,
    reading,
  }: { ticket: TicketClaims | undefined; since?: number | undefined; reading?: boolean | undefined },
): Promise<Response> {
  const { userId } = requireUser(ctx)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  const caller = await admitSocket(ctx, ticket, objectName)
  const answer = await ctx.room(objectName).fetch(upgradeRequest({ caller, since: since ?? null, isReading: reading }))
  if (answer.status === 404) throw notFound('Room')
  if (answer.status === 401) throw unauthenticated('the session ended while the socket opened')
  // The object says in words whose sockets are too many.
  if (answer.status === 429) throw new Refusal('RATE_LIMITED', await answer.text())
  if (answer.status === 503)
    throw new Refusal('UNAVAILABLE', await answer.text(), { retryAfterSeconds: FULL_FOR_SECONDS })
  return socketAnswer(answer)
}
