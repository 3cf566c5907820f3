import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { SessionsRevoked } from './events.ts'
import { recoverySubscribers } from './recovery/subscribers.ts'

/** The safety net of `endSessions`: closing what is closed does nothing, so a repeat is harmless. */
const closeSockets = subscriber(
  'identity.close-sockets',
  SessionsRevoked,
  { lane: 'critical', once: { by: 'object', store: 'core' } },
  async (ctx: ServiceContext, { id, payload: { userId, sessionIds, before } }) => {
    await ctx.userSocket(userId).endSessions({ sessionIds, before }, id)
  },
)

export const identitySubscribers = [closeSockets, ...recoverySubscribers]
