import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { AccountGivenUp, AccountNoticed, SessionsRevoked } from './events.ts'
import { mailNotice } from './notices/mail-notice.ts'
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

/** Critical, as it may be the first that somebody hears of a thief. Twice would look like two thefts. */
const mailNotices = subscriber(
  'identity.mail-notice',
  AccountNoticed,
  { lane: 'critical', once: { by: 'outside', store: 'core', whenUnknown: 'give-up' } },
  mailNotice,
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

export const identitySubscribers = [closeSockets, mailNotices, beginErasure, ...recoverySubscribers]
