import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { SessionsRevoked } from './events.ts'

/** The safety net of `endSessions`: closing what is closed does nothing, so a repeat is harmless. */
const closeSockets = subscriber(
  'identity.close-sockets',
  SessionsRevoked,
  'critical',
  async (ctx: ServiceContext, { payload: { userId, sessionIds, before } }) => {
    await ctx.userSocket(userId).endSessions({ sessionIds, before })
  },
)

export const identitySubscribers = [closeSockets]
