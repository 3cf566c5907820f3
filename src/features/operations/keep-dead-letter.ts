import { sql } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { LOG } from '../../platform/observability/log.ts'
import type { DeadLetter } from '../../platform/queues/consume.ts'
import { deadLetters } from './tables.ts'

/**
 * Keeps a message that was given up, and says so where alerts listen. The same message may come twice, from its lane
 * and from the platform: one row. A redriven one that fails again waits again for a decision; one that was discarded
 * stays so, as it was never sent again.
 */
export async function keepDeadLetter(ctx: ServiceContext, letter: DeadLetter): Promise<void> {
  const now = ctx.clock()
  const { lane, subject, message, attempts, error } = letter
  await ctx.core.commit(
    [
      ctx.core.db
        .insert(deadLetters)
        .values({
          id: ctx.newId(),
          subject,
          lane,
          subscriber: message?.subscriber ?? null,
          eventId: message?.event.id ?? null,
          eventType: message?.event.type ?? null,
          body: letter.body ?? null,
          attempts,
          lastError: error,
          firstSeenAt: now,
          lastSeenAt: now,
        })
        .onConflictDoUpdate({
          target: deadLetters.subject,
          set: {
            attempts: sql`excluded.attempts`,
            lastError: sql`coalesce(excluded.last_error, ${deadLetters.lastError})`,
            status: sql`case ${deadLetters.status} when 'discarded' then 'discarded' else 'waiting' end`,
            version: sql`${deadLetters.version} + 1`,
            lastSeenAt: now,
          },
        }),
    ],
    { repeatable: true },
  )
  ctx.log.error(LOG.deadLetter, { lane, subject, eventType: message?.event.type, attempts, lastError: error })
}
