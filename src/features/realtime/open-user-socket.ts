import type { ServiceContext } from '../../context.ts'
import { upgradeRequest } from '../../platform/realtime/upgrade.ts'
import type { TicketClaims } from '../../platform/security/socket-ticket.ts'
import { admitSocket, socketAnswer } from './admit-socket.ts'

/** Opens the socket on which a person is told of what happens elsewhere. */
export async function openUserSocket(ctx: ServiceContext, ticket: TicketClaims | undefined): Promise<Response> {
  const caller = await admitSocket(ctx, ticket)
  return socketAnswer(await ctx.userSocket(caller.userId).fetch(upgradeRequest({ caller, since: null })))
}
