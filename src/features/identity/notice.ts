import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { AccountNoticed, type NoticeKind } from './events.ts'

/**
 * Goes into the batch of what it tells of: the account's owner gets a mail about it. Device and place are theirs, or of
 * whoever passes for them: those of an admin who acts on them are nobody's to know.
 */
export function notice(ctx: ServiceContext, userId: string, kind: NoticeKind, subject?: string): Step {
  const isOfAnother = ctx.actor.kind === 'user' && ctx.actor.userId !== userId
  const { userAgent, place } = isOfAnother ? { userAgent: null, place: null } : ctx.origin
  const at = ctx.clock()
  return ctx.event(AccountNoticed, {
    aggregateId: userId,
    sequence: at,
    payload: { userId, kind, ...(subject === undefined ? {} : { subject }), at, userAgent, place },
  })
}
