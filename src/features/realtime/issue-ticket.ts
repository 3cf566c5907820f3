import { requireUser, type ServiceContext } from '../../context.ts'
import { TICKET_SECONDS } from '../../platform/security/socket-ticket.ts'

/** A ticket opens one socket of the caller's, whichever, within a minute. */
export async function issueTicket(ctx: ServiceContext): Promise<{ ticket: string; expiresIn: number }> {
  const { userId, sessionId } = requireUser(ctx)
  return { ticket: await ctx.socketTickets.issue(userId, sessionId, ctx.newId()), expiresIn: TICKET_SECONDS }
}
