import type { ServiceContext } from '../../context.ts'
import { subscriber } from '../../platform/queues/subscriber.ts'
import { DeadLetterRedriven } from './events.ts'
import { resendDeadLetter } from './resend-dead-letter.ts'

export const operationsSubscribers = [
  subscriber(
    'operations.resend-dead-letter',
    DeadLetterRedriven,
    { lane: 'critical', once: { by: 'outside', store: 'core', whenUnknown: 'repeat' } },
    (ctx: ServiceContext, { payload }) => resendDeadLetter(ctx, payload.deadLetterId),
  ),
]
