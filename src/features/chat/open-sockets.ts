import { requireUser, type ServiceContext } from '../../context.ts'
import { notFound } from '../../platform/errors.ts'
import { type SocketCaller, upgradeRequest } from '../../platform/realtime/upgrade.ts'
import { TICKET_SECONDS, type TicketClaims } from '../../platform/security/socket-ticket.ts'
import { fetchObjectName } from './queries.ts'

/** A ticket opens one socket of the caller's, whichever, within a minute. */
export async function issueTicket(ctx: ServiceContext): Promise<{ ticket: string; expiresIn: number }> {
  const { userId, sessionId } = requireUser(ctx)
  return { ticket: await ctx.socketTickets.issue(userId, sessionId, ctx.newId()), expiresIn: TICKET_SECONDS }
}

/** Opens a socket of a room. The ticket is redeemed by the call that lets the socket be closed from afar. */
export async function openRoomSocket(
  ctx: ServiceContext,
  roomId: string,
  { ticket, since }: { ticket: TicketClaims | undefined; since: number | undefined },
): Promise<Response> {
  const { userId } = requireUser(ctx)
  const objectName = await fetchObjectName(ctx.core.db, userId, roomId)
  const caller = await admitCaller(ctx, ticket, objectName)
  const answer = await ctx.room(objectName).fetch(upgradeRequest({ caller, since: since ?? null }))
  if (answer.status === 404) throw notFound('Room')
  return socketAnswer(answer)
}

/** Opens the socket on which a person is told of what happens elsewhere. */
export async function openUserSocket(ctx: ServiceContext, ticket: TicketClaims | undefined): Promise<Response> {
  const caller = await admitCaller(ctx, ticket)
  return socketAnswer(await ctx.userSocket(caller.userId).fetch(upgradeRequest({ caller, since: null })))
}

async function admitCaller(
  ctx: ServiceContext,
  ticket: TicketClaims | undefined,
  objectName?: string,
): Promise<SocketCaller> {
  const { userId, sessionId, username, avatar } = await ctx.session()
  await ctx.userSocket(userId).admit({
    sessionId,
    ...(ticket ? { ticket: { id: ticket.id, expiresAt: ticket.expiresAt } } : {}),
    ...(objectName === undefined ? {} : { objectName }),
  })
  return { userId, sessionId, username, avatar }
}

/** An object's answer cannot be changed any more, and middleware adds its headers to ours. */
function socketAnswer({ webSocket }: Response): Response {
  if (!webSocket) throw new Error('The object opened no socket')
  return new Response(null, { status: 101, webSocket })
}
