import { and, eq, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../context.ts'
import { isoTime } from '../../platform/clock.ts'
import { expectChanged } from '../../platform/db/commit.ts'
import { inbox } from '../../platform/db/platform-tables.ts'
import { Refusal } from '../../platform/errors.ts'
import { LaneMessage } from '../../platform/queues/lanes.ts'
import { DeadLetterRedriven } from './events.ts'
import { fetchDeadLetter, toDeadLetter } from './queries.ts'
import type { DeadLetter } from './schemas.ts'
import { deadLetters } from './tables.ts'

const decided = () => new Refusal('CONFLICT', 'Somebody has decided on this dead letter already')

/** Has the message tried again, from its first attempt. It is sent by an event, so that no crash loses it. */
export function redriveDeadLetter(ctx: ServiceContext, id: string, reason: string): Promise<DeadLetter> {
  return decide(ctx, id, reason, 'redriven')
}

/** Gives the message up for good. The row stays, with who and why. */
export function discardDeadLetter(ctx: ServiceContext, id: string, reason: string): Promise<DeadLetter> {
  return decide(ctx, id, reason, 'discarded')
}

async function decide(
  ctx: ServiceContext,
  id: string,
  reason: string,
  status: 'redriven' | 'discarded',
): Promise<DeadLetter> {
  const { userId } = requireUser(ctx)
  const row = await fetchDeadLetter(ctx.core.db, id)
  if (row.status !== 'waiting') throw decided()
  if (status === 'redriven' && !LaneMessage.safeParse(row.body).success) {
    throw new Refusal('UNPROCESSABLE', 'Nobody understands this message: it can only be discarded')
  }
  const decidedAt = ctx.clock()
  const after = { ...toDeadLetter(row), status, decidedAt: isoTime(decidedAt), decidedBy: userId, reason }
  await ctx.core.commit(
    [
      ...ctx.idempotency.answered(200, after),
      ctx.core.db
        .update(deadLetters)
        .set({ status, decidedAt, decidedBy: userId, reason, version: row.version + 1 })
        .where(and(eq(deadLetters.id, id), eq(deadLetters.status, 'waiting'), eq(deadLetters.version, row.version))),
      expectChanged('dead-letter:waiting'),
      // A call to the outside whose outcome nobody knew: the admin does.
      sql`delete from ${inbox} where subscriber = ${row.subscriber} and event_id = ${row.eventId}
        and state = 'claimed' and ${status} = 'redriven'`,
      ...(status === 'redriven'
        ? [
            ctx.event(DeadLetterRedriven, {
              aggregateId: id,
              sequence: row.version + 1,
              payload: { deadLetterId: id },
            }),
          ]
        : []),
      ctx.audit(status === 'redriven' ? 'DEAD_LETTER_REDRIVEN' : 'DEAD_LETTER_DISCARDED', {
        targetType: 'dead_letter',
        targetId: id,
        reason,
        details: { subscriber: row.subscriber, eventId: row.eventId },
      }),
    ],
    { refusals: { 'dead-letter:waiting': decided } },
  )
  return after
}
