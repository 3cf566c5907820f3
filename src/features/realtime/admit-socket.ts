import type { ServiceContext } from '../../context.ts'
import type { SocketCaller } from '../../platform/realtime/upgrade.ts'
import type { TicketClaims } from '../../platform/security/socket-ticket.ts'

/**
 * Lets the caller open a socket: redeems their ticket, if they came with one, and in the same call tells
 * their object of the room, so that the socket can be closed when the session ends.
 */
export async function admitSocket(
  ctx: ServiceContext,
  ticket: TicketClaims | undefined,
  objectName?: string,
): Promise<SocketCaller> {
  const { userId, sessionId, username, avatar, expiresAt } = await ctx.session()
  await ctx.userSocket(userId).admit({
    sessionId,
    sessionExpiresAt: expiresAt,
    ...(ticket ? { ticket: { id: ticket.id, expiresAt: ticket.expiresAt } } : {}),
    ...(objectName === undefined ? {} : { objectName }),
  })
  return { userId, sessionId, username, avatar, openedAt: ctx.clock() }
}

/** An object's answer cannot be changed any more, and middleware adds its headers to ours. */
export function socketAnswer({ webSocket }: Response): Response {
  if (!webSocket) throw new Error('The object opened no socket')
  return new Response(null, { status: 101, webSocket })
}
