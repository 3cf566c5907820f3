import type { ServiceContext } from '../../../context.ts'
import { type Once, subscriber } from '../../../platform/queues/subscriber.ts'
import { UserInvited, UserRegistered } from '../events.ts'
import {
  EmailChanged,
  EmailChangeRequested,
  EmailVerified,
  PasswordResetRequested,
  VerificationRequested,
} from './events.ts'
import {
  mailAddressChanged,
  mailInvitation,
  mailNewAddress,
  mailReset,
  mailVerification,
  mailWelcome,
} from './mail-tokens.ts'

/**
 * A link that comes twice is the same link, and one that never comes keeps somebody out: so where nobody knows whether
 * it was sent, it is sent again, with the same key.
 */
const LINK: { lane: 'critical'; once: Once } = {
  lane: 'critical',
  once: { by: 'outside', store: 'core', whenUnknown: 'repeat' },
}
/** What only tells of something comes once at most. */
const NEWS: { lane: 'normal' | 'critical'; once: Once } = {
  lane: 'normal',
  once: { by: 'outside', store: 'core', whenUnknown: 'give-up' },
}

export const recoverySubscribers = [
  subscriber('identity.mail-verification', UserRegistered, LINK, async (ctx: ServiceContext, event) => {
    await mailVerification(ctx, event, { userId: event.payload.userId })
  }),
  subscriber('identity.mail-invitation', UserInvited, LINK, mailInvitation),
  subscriber('identity.mail-verification-again', VerificationRequested, LINK, async (ctx: ServiceContext, event) => {
    const became = await mailVerification(ctx, event, { email: event.payload.email })
    ctx.log.info('Verification Asked For', { became })
  }),
  subscriber('identity.mail-reset', PasswordResetRequested, LINK, mailReset),
  subscriber('identity.mail-new-address', EmailChangeRequested, LINK, mailNewAddress),
  subscriber('identity.mail-welcome', EmailVerified, NEWS, (ctx: ServiceContext, { id, payload }) =>
    mailWelcome(ctx, id, payload.userId),
  ),
  // Whoever has lost their account must hear of it while the way back is short.
  subscriber('identity.mail-address-changed', EmailChanged, { ...NEWS, lane: 'critical' }, mailAddressChanged),
]
