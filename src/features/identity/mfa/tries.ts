import { eq, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import { MINUTE_MS, SECOND_MS } from '../../../platform/clock.ts'
import { expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { Refusal } from '../../../platform/errors.ts'
import { secondStepTries } from './tables.ts'

const MOST_TRIES = 5
const WINDOW_MS = 15 * MINUTE_MS

/**
 * Counts a try to prove who somebody is, before anybody looks at the proof: of many at once no more than five are looked
 * at. By the user, whichever address and session they come from.
 * @throws Refusal RATE_LIMITED when five were made within fifteen minutes
 */
export async function countTry(ctx: ServiceContext, userId: string): Promise<void> {
  const now = ctx.clock()
  const isOver = sql`${secondStepTries.since} <= ${now - WINDOW_MS}`
  const counted = ctx.core.db
    .insert(secondStepTries)
    .values({ userId, tries: 1, since: now })
    .onConflictDoUpdate({
      target: secondStepTries.userId,
      set: {
        tries: sql`case when ${isOver} then 1 else ${secondStepTries.tries} + 1 end`,
        since: sql`case when ${isOver} then ${now} else ${secondStepTries.since} end`,
      },
      setWhere: sql`${isOver} or ${secondStepTries.tries} < ${MOST_TRIES}`,
    })
  try {
    // Repeatable: counted twice after a lost answer is one try fewer, and no door open.
    await ctx.core.commit([counted, expectChanged('second-step:tries')], { repeatable: true })
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    throw await tooManyTries(ctx, userId)
  }
}

/** Goes into the batch of the success: what was mistyped before is forgotten. */
export function forgetTries(ctx: ServiceContext, userId: string): Step {
  return ctx.core.db.delete(secondStepTries).where(eq(secondStepTries.userId, userId))
}

async function tooManyTries(ctx: ServiceContext, userId: string): Promise<Refusal> {
  const [row] = await ctx.core.db
    .select({ since: secondStepTries.since })
    .from(secondStepTries)
    .where(eq(secondStepTries.userId, userId))
  const waitMs = (row?.since ?? 0) + WINDOW_MS - ctx.clock()
  return new Refusal('RATE_LIMITED', 'Too many tries. Wait before the next one.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / SECOND_MS)),
    reason: 'second step tries of the user',
  })
}
