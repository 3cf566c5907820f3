import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { SessionsRevoked } from './events.ts'

/** The safety net of `endSessions`: closing what is closed does nothing, so a repeat is harmless. */
const closeSockets = subscriber<ServiceContext, { userId: string; sessionIds: string[] | null; reason: string }>(
  'identity.close-sockets',
  SessionsRevoked,
  'critical',
  async (ctx, { payload }) => {
    await ctx.userSocket(payload.userId).endSessions({ sessionIds: payload.sessionIds })
  },
)

export const identitySubscribers = [closeSockets]
