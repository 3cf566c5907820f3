import type { ServiceContext } from '../../context.ts'
import { Refusal, unauthenticated } from '../../platform/errors.ts'
import { upgradeRequest } from '../../platform/realtime/upgrade.ts'
import type { TicketClaims } from '../../platform/security/socket-ticket.ts'
import { admitSocket, socketAnswer } from './admit-socket.ts'

/** A silent socket gives up its place after this long. */
const TRY_AGAIN_SECONDS = 60

/** Opens the socket on which a person is told of what happens elsewhere. */
export async function openUserSocket(ctx: ServiceContext, ticket: TicketClaims | undefined): Promise<Response> {
  const caller = await admitSocket(ctx, ticket)
  const answer = await ctx.userSocket(caller.userId).fetch(upgradeRequest({ caller, since: null }))
  if (answer.status === 401) throw unauthenticated('the session ended while the socket opened')
  if (answer.status === 429) {
    const message = 'Too many sockets of yours are open. Close one, or try again later.'
    throw new Refusal('RATE_LIMITED', message, { retryAfterSeconds: TRY_AGAIN_SECONDS })
  }
  return socketAnswer(answer)
}
