import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { AccountGivenUp, SessionsRevoked } from './events.ts'

/** The safety net of `endSessions`: closing what is closed does nothing, so a repeat is harmless. */
const closeSockets = subscriber(
  'identity.close-sockets',
  SessionsRevoked,
  { lane: 'critical', once: { by: 'object', store: 'core' } },
  async (ctx: ServiceContext, { id, payload: { userId, sessionIds, before } }) => {
    await ctx.userSocket(userId).endSessions({ sessionIds, before }, id)
  },
)

/** Who has begun before goes on: a repeat starts nothing. */
const beginErasure = subscriber(
  'identity.begin-erasure',
  AccountGivenUp,
  { lane: 'critical', once: { by: 'object', store: 'core' } },
  async (ctx: ServiceContext, { payload: { userId } }) => {
    await ctx.erasures.begin(userId)
  },
)

export const identitySubscribers = [closeSockets, beginErasure]
