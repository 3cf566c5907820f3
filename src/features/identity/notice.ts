import type { Origin, ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { AccountNoticed, type NoticeKind } from './events.ts'

/** Goes into the batch of what it tells of: the account's owner gets a mail about it. */
export function notice(ctx: ServiceContext, userId: string, kind: NoticeKind, subject?: string): Step {
  return noticeFrom(ctx, ctx.origin, { userId, kind, subject })
}

/** The same of what somebody else did, whose device and place are nothing that the owner would know by. */
export function noticeOfOther(ctx: ServiceContext, userId: string, kind: NoticeKind): Step {
  return noticeFrom(ctx, { userAgent: null, place: null }, { userId, kind })
}

function noticeFrom(
  ctx: ServiceContext,
  { userAgent, place }: Pick<Origin, 'userAgent' | 'place'>,
  { userId, kind, subject }: { userId: string; kind: NoticeKind; subject?: string | undefined },
): Step {
  const at = ctx.clock()
  return ctx.event(AccountNoticed, {
    aggregateId: userId,
    sequence: at,
    payload: { userId, kind, ...(subject === undefined ? {} : { subject }), at, userAgent, place },
  })
}
