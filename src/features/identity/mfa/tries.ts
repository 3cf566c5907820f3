import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { MINUTE_MS, SECOND_MS } from '../../../platform/clock.ts'
import { expectChanged, GuardFailed, type Step } from '../../../platform/db/commit.ts'
import { Refusal, unauthenticated } from '../../../platform/errors.ts'
import { sessions } from '../tables.ts'
import { secondStepTries } from './tables.ts'

const MOST_TRIES = 5
const WINDOW_MS = 15 * MINUTE_MS

/**
 * Counts a try of the second step of signing in, before anybody looks at the proof: of many at once no more than five
 * are looked at. By the user, whichever address they come from. A passkey is not counted: nobody guesses a signature,
 * and so it lets its holder in while somebody else uses the tries up.
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
    const [row] = await ctx.core.db
      .select({ since: secondStepTries.since })
      .from(secondStepTries)
      .where(eq(secondStepTries.userId, userId))
    throw tooManyTries(ctx, row?.since ?? 0)
  }
}

/**
 * Counts a try of somebody who is signed in, before anybody looks at it. By the session: whoever has stolen one uses up
 * its own tries, and not those with which the account's owner signs in.
 * @throws Refusal RATE_LIMITED when five were made within fifteen minutes, UNAUTHENTICATED where the session has ended
 */
export async function countOwnTry(ctx: ServiceContext): Promise<void> {
  const { sessionId } = requireUser(ctx)
  const now = ctx.clock()
  const isOver = sql`${sessions.proofTriesSince} <= ${now - WINDOW_MS}`
  const counted = ctx.core.db
    .update(sessions)
    .set({
      proofTries: sql`case when ${isOver} then 1 else ${sessions.proofTries} + 1 end`,
      proofTriesSince: sql`case when ${isOver} then ${now} else ${sessions.proofTriesSince} end`,
    })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt), or(isOver, lt(sessions.proofTries, MOST_TRIES))))
  try {
    // Repeatable, as above.
    await ctx.core.commit([counted, expectChanged('session:tries')], { repeatable: true })
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error
    const [row] = await ctx.core.db
      .select({ since: sessions.proofTriesSince })
      .from(sessions)
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
    throw row ? tooManyTries(ctx, row.since) : unauthenticated('the session ended meanwhile')
  }
}

/** Noted on the session by the batch of the success (`whileSignedIn`): what was mistyped before is forgotten. */
export const NO_OWN_TRIES = { proofTries: 0 } as const

/** Goes into the batch of the success: what was mistyped before is forgotten. */
export function forgetTries(ctx: ServiceContext, userId: string): Step {
  return ctx.core.db.delete(secondStepTries).where(eq(secondStepTries.userId, userId))
}

function tooManyTries(ctx: ServiceContext, since: number): Refusal {
  const waitMs = since + WINDOW_MS - ctx.clock()
  return new Refusal('RATE_LIMITED', 'Too many tries. Wait before the next one.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / SECOND_MS)),
    reason: 'tries to prove who it is',
  })
}
