import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { AccountNoticed, type NoticeKind } from './events.ts'

/** Goes into the batch of what it tells of: the account's owner gets a mail about it. */
export function notice(ctx: ServiceContext, userId: string, kind: NoticeKind, subject?: string): Step {
  const { userAgent, place } = ctx.origin
  const at = ctx.clock()
  return ctx.event(AccountNoticed, {
    aggregateId: userId,
    sequence: at,
    payload: { userId, kind, ...(subject === undefined ? {} : { subject }), at, userAgent, place },
  })
}
